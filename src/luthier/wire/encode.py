"""A result, written by the output shape of its operation: JSON as SageMaker's clients expect it."""

import json
import math
import struct
from collections.abc import Mapping, Sequence

from botocore.model import ListShape, MapShape, Shape, StructureShape

from luthier.records.json_value import JsonObject, JsonValue

LARGEST_FLOAT32 = struct.unpack("<f", b"\xff\xff\x7f\x7f")[0]


def encode_json(result: JsonObject | None, shape: StructureShape | None) -> bytes:
    """
    Write *result*; an operation without output has an empty body.

    Members that are None are left out. Raises ValueError, a fault of ours, for what is not in the model, for a
    missing required member and for a value of the wrong type.
    """
    if shape is None:
        if result:
            raise ValueError(f"the operation has no output, but got {sorted(result)}")
        return b""
    return json.dumps(to_wire(shape, result or {}), ensure_ascii=False, allow_nan=False).encode()


def to_wire(shape: Shape, value: JsonValue, path: str = "result") -> JsonValue:
    """
    Give *value* the form that *shape* has on the wire (see `encode_json`).

    Timestamps are rounded to milliseconds, and whole seconds have no fraction. `float` members are rounded to 32
    bits, as the real service's are; a number too large for that becomes the largest there is.
    """
    if isinstance(shape, StructureShape):
        return value if shape.is_document_type else _structure(shape, value, path)
    if isinstance(shape, ListShape):
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise _wrong(value, "a list", path)
        return [to_wire(shape.member, each, f"{path}[{index}]") for index, each in enumerate(value)]
    if isinstance(shape, MapShape):
        if not isinstance(value, Mapping):
            raise _wrong(value, "a map", path)
        return {key: to_wire(shape.value, each, f"{path}[{key!r}]") for key, each in value.items()}
    return _scalar(shape.type_name, value, path)


def _structure(shape: StructureShape, value: JsonValue, path: str) -> JsonObject:
    if not isinstance(value, Mapping):
        raise _wrong(value, "a structure", path)
    present = {name: each for name, each in value.items() if each is not None}
    unknown = present.keys() - shape.members.keys()
    missing = set(shape.required_members) - present.keys()
    if unknown or missing:
        raise ValueError(f"{path}: {shape.name} has no members {sorted(unknown)} and must have {sorted(missing)}")
    return {name: to_wire(shape.members[name], each, f"{path}.{name}") for name, each in present.items()}


def _scalar(kind: str, value: JsonValue, path: str) -> JsonValue:
    if kind == "boolean":
        if not isinstance(value, bool):
            raise _wrong(value, kind, path)
        return value
    if kind in ("integer", "long"):
        if isinstance(value, bool) or not isinstance(value, int):
            raise _wrong(value, kind, path)
        return int(value)
    if kind in ("float", "double", "timestamp"):
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise _wrong(value, kind, path)
        return _milliseconds(value) if kind == "timestamp" else _float(kind, value)
    if not isinstance(value, str):
        raise _wrong(value, kind, path)
    return str(value)  # of a StrEnum, the plain text


def _milliseconds(seconds: float) -> float:
    rounded = round(seconds, 3)
    return int(rounded) if rounded == int(rounded) else rounded


def _float(kind: str, value: float) -> float:
    if kind == "double":
        return float(value)
    clamped = max(-LARGEST_FLOAT32, min(LARGEST_FLOAT32, float(value)))
    return float(struct.unpack("<f", struct.pack("<f", clamped))[0])


def _wrong(value: JsonValue, wanted: str, path: str) -> ValueError:
    return ValueError(f"{path}: {value!r:.100} is not {wanted}")
