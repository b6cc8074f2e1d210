"""
What a service model demands of a request's members, all violations told in one message of AWS's own wording.

    2 validation errors detected: Value 'a_b' at 'trainingJobName' failed to satisfy constraint: Member must satisfy
    regular expression pattern: [a-z]+; Value null at 'roleArn' failed to satisfy constraint: Member must not be null

Clients check required members, types and minima before they send; maxima, patterns and enumerations only the server.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import cast

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from luthier.records.call import validation_error
from luthier.records.json_value import JsonObject, JsonValue
from luthier.wire import places
from luthier.wire.patterns import is_match

MOST_VIOLATIONS = 100  # told of in one message; looking for more would be work for nothing
LONGEST_MATCHED = 16_384  # characters; a longer text that is too long anyway is not matched with its pattern
NOT_NULL = "Member must not be null"


def check(parameters: JsonObject, shape: StructureShape | None) -> None:
    """Raise ValidationException unless *parameters*, as `decode` gives them, satisfy every constraint of *shape*."""
    if shape is None:
        return
    found = list(islice(_in_structure(shape, parameters, ""), MOST_VIOLATIONS))
    if found:
        errors = "error" if len(found) == 1 else "errors"
        raise validation_error(f"{len(found)} validation {errors} detected: {'; '.join(found)}")


def _in_structure(shape: StructureShape, value: JsonObject, path: str) -> Iterator[str]:
    for name in shape.required_members:
        if value.get(name) is None:
            yield _violation(None, places.member(path, name), NOT_NULL, None)
    for name, member in shape.members.items():
        if value.get(name) is not None:
            yield from _in_value(member, value[name], places.member(path, name))
    if shape.is_tagged_union and len(value) != 1:
        yield _violation(shape, path, "Member must have exactly one member set", value)


def _in_value(shape: Shape, value: JsonValue, path: str) -> Iterator[str]:
    for demand in _broken(shape, value):
        yield _violation(shape, path, demand, value)
    if isinstance(shape, StructureShape) and isinstance(value, Mapping) and not shape.is_document_type:
        yield from _in_structure(shape, value, path)
    elif isinstance(shape, ListShape) and isinstance(value, Sequence):
        yield from _in_list(shape, value, path)
    elif isinstance(shape, MapShape) and isinstance(value, Mapping):
        yield from _in_map(shape, value, path)


def _in_list(shape: ListShape, value: Sequence[JsonValue], path: str) -> Iterator[str]:
    for index, each in enumerate(value):
        if each is None:
            yield _violation(shape, places.item(path, index), NOT_NULL, None)
    if _is_composite(shape.member):
        for index, each in enumerate(value):
            if each is not None:
                yield from _in_value(shape.member, each, places.item(path, index))
    elif any(each is not None and _is_broken(shape.member, each) for each in value):
        yield _violation(shape, path, f"Member must satisfy constraint: {_all_demands(shape.member)}", value)


def _in_map(shape: MapShape, value: JsonObject, path: str) -> Iterator[str]:
    for key, each in value.items():
        if each is None:
            yield _violation(shape, places.map_value(path, key), NOT_NULL, None)
    if any(_is_broken(shape.key, key) for key in value):
        yield _violation(shape, path, f"Map keys must satisfy constraint: {_all_demands(shape.key)}", value)
    if _is_composite(shape.value):
        for key, each in value.items():
            if each is not None:
                yield from _in_value(shape.value, each, places.map_value(path, key))
    elif any(each is not None and _is_broken(shape.value, each) for each in value.values()):
        yield _violation(shape, path, f"Map value must satisfy constraint: {_all_demands(shape.value)}", value)


def _broken(shape: Shape, value: JsonValue) -> Iterator[str]:
    """Give the demands of *shape* itself, not of what it holds, that *value* breaks."""
    measured = _measure(shape, value)
    for name, text in _demands(shape):
        match name:
            case "max":
                broken = measured is not None and measured > shape.metadata["max"]
            case "min":
                broken = measured is not None and measured < shape.metadata["min"]
            case "enum":
                broken = value not in _enum(shape)
            case _:
                broken = not _matches(shape, cast("str", value))  # only strings have patterns
        if broken:
            yield text


def _is_broken(shape: Shape, value: JsonValue) -> bool:
    return next(_broken(shape, value), None) is not None


def _demands(shape: Shape) -> Iterator[tuple[str, str]]:
    measure = "value" if shape.type_name in ("integer", "long", "float", "double") else "length"
    if "max" in shape.metadata:
        yield "max", f"Member must have {measure} less than or equal to {shape.metadata['max']}"
    if "min" in shape.metadata:
        yield "min", f"Member must have {measure} greater than or equal to {shape.metadata['min']}"
    if "pattern" in shape.metadata:
        yield "pattern", f"Member must satisfy regular expression pattern: {shape.metadata['pattern']}"
    if _enum(shape):
        yield "enum", f"Member must satisfy enum value set: [{', '.join(_enum(shape))}]"


def _all_demands(shape: Shape) -> str:
    return f"[{', '.join(text for _, text in _demands(shape))}]"


def _enum(shape: Shape) -> Sequence[str]:
    return cast("Sequence[str]", shape.enum) if isinstance(shape, StringShape) else ()


def _measure(shape: Shape, value: JsonValue) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return None if shape.type_name == "timestamp" else value
    if isinstance(value, str) and shape.type_name == "blob":
        return len(value.rstrip("=")) * 3 // 4  # of the bytes that it is the Base64 of
    return None if value is None else len(value)


def _matches(shape: Shape, text: str) -> bool:
    if len(text) > max(LONGEST_MATCHED, int(shape.metadata.get("max", 0))) and "max" in shape.metadata:
        return True  # refused for its length already
    return is_match(shape.metadata["pattern"], text)


def _is_composite(shape: Shape) -> bool:
    return isinstance(shape, (StructureShape, ListShape, MapShape))


def _violation(shape: Shape | None, path: str, demand: str, value: JsonValue) -> str:
    if value is None:
        shown = "Value null"
    elif shape is not None and shape.metadata.get("sensitive"):
        shown = "Value"
    else:
        shown = f"Value '{places.shortened(_java(value))}'"
    return f"{shown} at '{path}' failed to satisfy constraint: {demand}"


def _java(value: JsonValue) -> str:
    """Write a value as Java's toString does."""
    match value:
        case None | bool():
            return {None: "null", True: "true", False: "false"}[value]
        case Mapping():
            return "{" + ", ".join(f"{key}={_java(each)}" for key, each in value.items()) + "}"
        case str():
            return value
        case Sequence():
            return "[" + ", ".join(_java(each) for each in value) + "]"
        case _:
            return str(value)
