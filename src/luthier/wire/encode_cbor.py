"""A result, written as CBOR by the output shape of its operation (see `wire.cbor`)."""

import struct
from base64 import b64decode
from collections.abc import Mapping, Sequence

from botocore.model import ListShape, MapShape, Shape, StructureShape

from luthier.records.json_value import JsonObject, JsonValue
from luthier.wire.cbor import EPOCH_TAG
from luthier.wire.encode import to_wire


def encode_cbor(result: JsonObject | None, shape: StructureShape | None) -> bytes:
    """Write *result*; an operation without output has an empty body. Raises ValueError where `to_wire` does."""
    if shape is None:
        if result:
            raise ValueError(f"the operation has no output, but got {sorted(result)}")
        return b""
    return _shaped(shape, to_wire(shape, result or {}))


def texts(entries: Mapping[str, str]) -> bytes:
    """Write a map of text to text, which needs no shape: an error."""
    return _head(5, len(entries)) + b"".join(_text(key) + _text(value) for key, value in entries.items())


def _shaped(shape: Shape, value: JsonValue) -> bytes:
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        members = (_text(name) + _shaped(shape.members[name], each) for name, each in value.items())
        return _head(5, len(value)) + b"".join(members)
    if isinstance(shape, MapShape) and isinstance(value, Mapping):
        return _head(5, len(value)) + b"".join(_text(key) + _shaped(shape.value, each) for key, each in value.items())
    if isinstance(shape, ListShape) and isinstance(value, Sequence):
        return _head(4, len(value)) + b"".join(_shaped(shape.member, each) for each in value)
    return _scalar(shape.type_name, value)


def _scalar(kind: str, value: JsonValue) -> bytes:
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, str):
        return _blob(b64decode(value)) if kind == "blob" else _text(value)
    if kind in ("float", "double") or isinstance(value, float):
        assert isinstance(value, (int, float))
        number = struct.pack(">Bd", 0xFB, value)
    else:
        assert isinstance(value, int)
        number = _head(0, value) if value >= 0 else _head(1, -1 - value)
    return _head(6, EPOCH_TAG) + number if kind == "timestamp" else number


def _text(value: str) -> bytes:
    encoded = value.encode()
    return _head(3, len(encoded)) + encoded


def _blob(value: bytes) -> bytes:
    return _head(2, len(value)) + value


def _head(major: int, argument: int) -> bytes:
    """Write a major type with its argument, as short as it goes."""
    if argument < 24:
        return bytes([major << 5 | argument])
    low = next(each for each in range(4) if argument < 1 << (8 << each))
    return bytes([major << 5 | 24 + low]) + argument.to_bytes(1 << low, "big")
