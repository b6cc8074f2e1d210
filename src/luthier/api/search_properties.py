"""
The properties of what can be searched: their names, what their values are, and where those stand in a record.

| name                          | values                                                                     |
|-------------------------------|----------------------------------------------------------------------------|
| `InputDataConfig.ChannelName` | the member's, through structures and lists, one for each element of a list |
| `HyperParameters.KEY`         | that hyperparameter's: text, and a number where it is compared with one    |
| `Metrics.NAME`                | the metric's last value                                                    |
| `Tags.KEY`                    | the tag's                                                                  |

AWS: SearchRecord, and the types of properties of Filter, Amazon SageMaker API Reference.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from botocore.model import ListShape, MapShape, Shape, StructureShape

from luthier.records.call import ApiError, validation_error
from luthier.records.json_value import JsonValue


class Kind(Enum):
    """What the values of a property are."""

    TEXT = auto()
    NUMBER = auto()
    TIME = auto()
    TRUTH = auto()
    HYPERPARAMETER = auto()
    WHOLE = auto()  # a structure, list or map, of which one can only ask whether it is there


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """A list of pairs that is searched by the name in each."""

    member: str  # of the record
    name: str  # of each pair
    value: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A property of a record."""

    name: str
    kind: Kind
    path: tuple[str, ...]  # from the record's top; lists on the way are looked through
    pairs: Pairs | None = None  # the path is a list of these, then a name

    @property
    def top(self) -> str:
        """The record's own member that it stands in."""
        return self.path[0]

    def values(self, record: JsonValue) -> list[JsonValue]:
        """Give every value that a record has for it; none if it is not there."""
        if self.pairs is None:
            return list(_values(record, self.path))
        found = (each for each in _values(record, (self.pairs.member,)) if isinstance(each, Mapping))
        return [each[self.pairs.value] for each in found if each[self.pairs.name] == self.path[-1]]


_PAIRS = {
    "Metrics": Pairs(member="FinalMetricDataList", name="MetricName", value="Value", kind=Kind.NUMBER),
    "Tags": Pairs(member="Tags", name="Key", value="Value", kind=Kind.TEXT),
}
_KINDS = {
    **dict.fromkeys(("integer", "long", "float", "double"), Kind.NUMBER),
    "timestamp": Kind.TIME,
    "boolean": Kind.TRUTH,
    "string": Kind.TEXT,
}


def find_property(shape: StructureShape, name: str) -> Property:
    """Find the property *name* of records of *shape*; raises a ValidationException where there is none."""
    head, _, key = name.partition(".")
    pairs = _PAIRS.get(head)
    if pairs is not None and key and pairs.member in shape.members:
        return Property(name=name, kind=pairs.kind, path=(pairs.member, key), pairs=pairs)
    path, end = _walk(shape, name)
    is_hyperparameter = len(path) > 1 and path[0] == "HyperParameters"
    return Property(name=name, kind=Kind.HYPERPARAMETER if is_hyperparameter else _kind(end), path=path)


def find_list(shape: StructureShape, name: str) -> tuple[Property, StructureShape]:
    """Find the property *name*, a list of structures, and what those are; raises a ValidationException otherwise."""
    path, end = _walk(shape, name)
    if not isinstance(end, ListShape) or not isinstance(end.member, StructureShape):
        raise validation_error(f"NestedPropertyName {name!r} is no list of structures, such as InputDataConfig is.")
    return Property(name=name, kind=Kind.WHOLE, path=path), end.member


def _walk(shape: StructureShape, name: str) -> tuple[tuple[str, ...], Shape]:
    """Follow a dotted name through structures, lists and maps; all that is left at a map is its key."""
    path: list[str] = []
    at: Shape = shape
    rest: str | None = name
    while rest is not None:
        at = _element(at)
        if isinstance(at, MapShape):
            return (*path, rest), at.value
        part, dot, left = rest.partition(".")
        if not isinstance(at, StructureShape) or part not in at.members:
            raise _unknown(shape, name)
        path.append(part)
        at, rest = at.members[part], left if dot else None
    return tuple(path), at


def _unknown(shape: StructureShape, name: str) -> ApiError:
    return validation_error(f"Unknown property name: {name!r}; name a property of {shape.name}, such as CreationTime.")


def _element(shape: Shape) -> Shape:
    while isinstance(shape, ListShape):
        shape = shape.member
    return shape


def _kind(shape: Shape) -> Kind:
    return _KINDS.get(_element(shape).type_name, Kind.WHOLE)


def _values(value: JsonValue, path: Sequence[str]) -> Iterator[JsonValue]:
    if isinstance(value, list | tuple):
        for each in value:
            yield from _values(each, path)
    elif not path:
        yield value
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _values(value[path[0]], path[1:])
