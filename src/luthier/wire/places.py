"""How messages name a place in a request, and show what stood there, as AWS's own do."""

LONGEST_SHOWN = 1024


def member(parent: str, name: str) -> str:
    """
    Name a member of the structure at *parent* ("" is the request itself).

    >>> member("trainingJobDefinition", "RoleArn")
    'trainingJobDefinition.roleArn'
    """
    name = shortened(name[:1].lower() + name[1:])
    return f"{parent}.{name}" if parent else name


def item(parent: str, index: int) -> str:
    """
    Name the item of a list at *index*, which counts from 0.

    >>> item("inputDataConfig", 0)
    'inputDataConfig.1.member'
    """
    return f"{parent}.{index + 1}.member"


def map_value(parent: str, key: str) -> str:
    """Name the value of a map at *key*."""
    return f"{parent}.{shortened(key)}.member"


def shortened(text: str) -> str:
    """Cut a text that is too long to be shown."""
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "..."
