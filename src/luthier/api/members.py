"""
Reading members of a decoded request: typed, with a default for those left out.

The front door has already held the request against the service model, so a member of another type is a bug here
and not a mistake of the caller.
"""

from collections.abc import Mapping, Sequence

from luthier.records.json_value import JsonObject, JsonValue


def text(of: JsonObject, name: str, default: str = "") -> str:
    """Give a string member."""
    value = of.get(name, default)
    assert isinstance(value, str)
    return value


def whole(of: JsonObject, name: str, default: int = 0) -> int:
    """Give an integer member."""
    value = of.get(name, default)
    assert isinstance(value, int)
    return value


def number(of: JsonObject, name: str) -> float | None:
    """Give a float member, or None."""
    value = of.get(name)
    assert value is None or isinstance(value, int | float)
    return value


def moment(of: JsonObject, name: str) -> float | None:
    """Give a timestamp member in seconds since the epoch, or None."""
    value = of.get(name)
    assert value is None or isinstance(value, int | float)
    return value


def structure(of: JsonObject, name: str) -> JsonObject:
    """Give a structure member; one left out is empty."""
    return _structure(of.get(name, {}))


def structures(of: JsonObject, name: str) -> list[JsonObject]:
    """Give a member that is a list of structures; one left out is empty."""
    return [_structure(each) for each in _list(of.get(name, []))]


def texts(of: JsonObject, name: str) -> list[str]:
    """Give a member that is a list of strings; one left out is empty."""
    return [str(each) for each in _list(of.get(name, []))]


def text_map(of: JsonObject, name: str) -> dict[str, str]:
    """Give a member that maps strings to strings; one left out is empty."""
    return {key: str(value) for key, value in structure(of, name).items()}


def _structure(value: JsonValue) -> JsonObject:
    assert isinstance(value, Mapping)
    return value


def _list(value: JsonValue) -> Sequence[JsonValue]:
    assert isinstance(value, Sequence)
    assert not isinstance(value, str)
    return value
