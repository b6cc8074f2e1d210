"""
Parameters of a query protocol, read by the input shape of their operation.

A form is flat; dots in the names make it a tree: `Dimensions.member.1.Name=Host` is a list of structures. Lists and
maps that are *flattened* leave out `member` and `entry`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NoReturn

from botocore.model import ListShape, MapShape, Shape, StructureShape

from luthier.records.call import ApiError
from luthier.records.json_value import JsonObject, JsonValue
from luthier.wire import places
from luthier.wire.decode import INTEGERS, read_number, read_timestamp, unknown_member

ENVELOPE = ("Action", "Version")
MOST_PARAMETERS = 10_000
_WHOLE = re.compile(r"[+-]?[0-9]{1,20}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?")

Tree = dict[str, "Tree | str"]


def decode_form(parameters: Sequence[tuple[str, str]], shape: StructureShape | None) -> JsonObject:
    """
    Read decoded form *parameters*, without what authenticates them, as *shape* says.

    Raises ApiError: ValidationException for a parameter that the model does not know, SerializationException for a
    value of the wrong type, or parameters that contradict each other.
    """
    if len(parameters) > MOST_PARAMETERS:
        raise ApiError("SerializationException", f"More than {MOST_PARAMETERS} parameters")
    tree = Tree()
    for name, value in parameters:
        if name not in ENVELOPE:
            _plant(tree, name, value)
    return _structure(shape.members if shape else {}, tree, "")


def _plant(tree: Tree, name: str, value: str) -> None:
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in name + value):
        raise ApiError("SerializationException", f"Parameter '{_shown(name)}' is not UTF-8 text without U+0000")
    *branches, leaf = name.split(".")
    for branch in branches:
        below = tree.setdefault(branch, {})
        if isinstance(below, str):
            _refuse(f"both a value and a structure in '{_shown(name)}'")
        tree = below
    if leaf in tree:
        _refuse(f"two values for '{_shown(name)}'")
    tree[leaf] = value


def _structure(members: Mapping[str, Shape], tree: Tree, path: str) -> JsonObject:
    read = dict[str, JsonValue]()
    wire_names = {_wire_name(name, shape): name for name, shape in members.items()}
    for wire_name, below in tree.items():
        if wire_name not in wire_names:
            raise unknown_member(path, _shown(wire_name))
        name = wire_names[wire_name]
        read[name] = _read(members[name], below, places.member(path, name))
    return read


def _wire_name(name: str, shape: Shape) -> str:
    if isinstance(shape, ListShape) and shape.serialization.get("flattened"):
        return str(shape.member.serialization.get("name", shape.serialization.get("name", name)))
    return str(shape.serialization.get("name", name))


def _read(shape: Shape, below: Tree | str, path: str) -> JsonValue:
    if isinstance(shape, ListShape) and below == "":
        return []
    if isinstance(shape, (StructureShape, ListShape, MapShape)):
        if isinstance(below, str):
            _refuse(f"a value where parts belong at '{path}'")
        return _read_parts(shape, below, path)
    if not isinstance(below, str):
        _refuse(f"parts where a value belongs at '{path}'")
    return _scalar(shape.type_name, below, path)


def _read_parts(shape: StructureShape | ListShape | MapShape, tree: Tree, path: str) -> JsonValue:
    if isinstance(shape, StructureShape):
        return _structure(shape.members, tree, path)
    if isinstance(shape, ListShape):
        inner = shape.member.serialization.get("name", "member")
        items = tree if shape.serialization.get("flattened") else _only(tree, inner, path)
        return [
            _read(shape.member, each, places.item(path, index)) for index, each in enumerate(_in_order(items, path))
        ]
    entries = tree if shape.serialization.get("flattened") else _only(tree, "entry", path)
    return dict(_entry(shape, each, path) for each in _in_order(entries, path))


def _entry(shape: MapShape, entry: Tree | str, path: str) -> tuple[str, JsonValue]:
    key_name = shape.key.serialization.get("name", "key")
    value_name = shape.value.serialization.get("name", "value")
    if isinstance(entry, str) or set(entry) != {key_name, value_name}:
        _refuse(f"an entry without its {key_name} and {value_name} at '{path}'")
    key = entry[key_name]
    if not isinstance(key, str):
        _refuse(f"parts where a value belongs at '{path}'")
    return key, _read(shape.value, entry[value_name], places.map_value(path, key))


def _only(tree: Tree, name: str, path: str) -> Tree:
    below = tree.get(name)
    if set(tree) != {name} or not isinstance(below, dict):
        _refuse(f"items of '{path}' without '{name}'")
    return below


def _in_order(tree: Tree, path: str) -> Iterator[Tree | str]:
    if not all(number.isascii() and number.isdecimal() and len(number) < 6 for number in tree):
        _refuse(f"items of '{path}' without numbers")
    return (tree[number] for number in sorted(tree, key=int))


def _scalar(kind: str, text: str, path: str) -> JsonValue:
    if kind in INTEGERS:
        return read_number(int(text), kind, path) if _WHOLE.fullmatch(text) else _refuse(f"no number at '{path}'")
    if kind in ("float", "double"):
        return read_number(float(text), kind, path) if _DECIMAL.fullmatch(text) else _refuse(f"no number at '{path}'")
    if kind == "boolean":
        return text == "true" if text in ("true", "false") else _refuse(f"neither true nor false at '{path}'")
    return read_timestamp(text, path) if kind == "timestamp" else text


def _shown(name: str) -> str:
    return places.shortened(name.encode("utf-8", "replace").decode())


def _refuse(what: str) -> NoReturn:
    raise ApiError("SerializationException", f"The parameters hold {what}")
