"""What was made for a training job and is to be no more, by whoever comes after a dead agent too."""

from collections.abc import Callable

from luthier.runtimes.container.engine import Engine
from luthier.runtimes.container.names import GROUP, OWNER, Names


def clear(engine: Engine, names: Names) -> None:
    """End and delete all containers of a group, and then its networks. Twice is once."""
    for container in engine.containers(names.labels):
        engine.remove(container.id)
    for network in engine.networks(names.labels):
        engine.remove_network(network.id)


def sweep(engine: Engine, owner: str, is_over: Callable[[str], bool]) -> list[str]:
    """Clear the groups of an installation that are over by *is_over*, which is asked by their names; gives these."""
    found = [*engine.containers({OWNER: owner}), *engine.networks({OWNER: owner})]
    groups = sorted({each.labels[GROUP] for each in found if GROUP in each.labels})
    over = [group for group in groups if is_over(group)]
    for group in over:
        clear(engine, Names(owner=owner, group=group))
    return over
