"""
A JSON or CBOR body, read by the input shape of its operation.

What comes out holds only members of the model, each of its modelled type; null members are absent.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NoReturn

import botocore
from botocore.model import ListShape, MapShape, Shape, StructureShape

from luthier.records.call import ApiError, validation_error
from luthier.records.json_value import JsonObject, JsonValue
from luthier.wire import places
from luthier.wire.cbor import load

DEEPEST = 64  # levels of nesting that a request may have
LATEST_S = 253_402_300_799  # the last second of the year 9999
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,20})?")
INTEGERS = {"integer": (-(2**31), 2**31 - 1), "long": (-(2**63), 2**63 - 1)}


def decode_json(body: bytes, shape: StructureShape | None) -> JsonObject:
    """
    Read *body* as *shape* says; an empty body is an empty object.

    Raises ApiError: SerializationException where it is no JSON object or a member has the wrong JSON type,
    ValidationException for a member that the model does not know. Timestamps become seconds since the epoch,
    blobs stay Base64 text.
    """
    return read_request(_parse(body) if body.strip() else {}, shape)


def decode_cbor(body: bytes, shape: StructureShape | None) -> JsonObject:
    """Read *body* as *shape* says (see `decode_json`)."""
    try:
        document = load(body) if body else {}
        _refuse_odd(document)
    except ValueError as error:
        raise ApiError("SerializationException", f"The body is not CBOR of this service: {error}") from None
    return read_request(document, shape)


def read_request(document: JsonValue, shape: StructureShape | None) -> JsonObject:
    """Read a whole request, taken out of its bytes; None is the shape of a request without members."""
    return read_structure(shape or StructureShape("Nothing", {"type": "structure", "members": {}}), document, "")


def read_structure(shape: StructureShape, value: JsonValue, path: str) -> JsonObject:
    """Read a structure found at *path* (see `decode_json`)."""
    if not isinstance(value, Mapping):
        _refuse(value, "a structure", path)
    read = dict[str, JsonValue]()
    for name, member in value.items():
        if name not in shape.members:
            raise unknown_member(path, name)
        if member is not None:
            read[name] = _read(shape.members[name], member, places.member(path, name))
    return read


def unknown_member(parent: str, name: str) -> ApiError:
    """The error for a member that the model does not know: it could only be ignored, and nothing here is."""
    place = f"{parent}.{places.shortened(name)}" if parent else places.shortened(name)
    return validation_error(
        f"Member '{place}' is not in this server's model of the service (botocore {botocore.__version__}). "
        "Leave it out, or upgrade botocore on the server if it is newer than that."
    )


def read_number(value: float, kind: str, path: str) -> float:
    """Hold a number against its modelled *kind* (integer, long, float, double); raises SerializationException."""
    if kind in INTEGERS:
        low, high = INTEGERS[kind]
        if not (low <= value <= high and value == int(value)):
            _refuse(value, f"a whole number from {low} to {high}", path)
        return int(value)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        _refuse(value, "a finite number", path)
    return number


def read_timestamp(value: JsonValue, path: str) -> float:
    """Read seconds since the epoch, as a number or as text, or an ISO 8601 time; raises SerializationException."""
    if isinstance(value, str):
        value = _seconds(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -LATEST_S <= value <= LATEST_S:
        _refuse(value, "a timestamp", path)
    return float(value)


def _read(shape: Shape, value: JsonValue, path: str) -> JsonValue:
    if isinstance(shape, StructureShape):
        return value if shape.is_document_type else read_structure(shape, value, path)
    if isinstance(shape, ListShape):
        return _read_list(shape, value, path)
    if isinstance(shape, MapShape):
        return _read_map(shape, value, path)
    if shape.type_name == "timestamp":
        return read_timestamp(value, path)
    if shape.type_name == "boolean":
        return value if isinstance(value, bool) else _refuse(value, "a Boolean", path)
    if shape.type_name in ("integer", "long", "float", "double"):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            _refuse(value, f"a number ({shape.type_name})", path)
        return read_number(value, shape.type_name, path)
    return value if isinstance(value, str) else _refuse(value, "a String", path)


def _read_list(shape: ListShape, value: JsonValue, path: str) -> JsonValue:
    if isinstance(value, str) or not isinstance(value, Sequence):
        _refuse(value, "a list", path)
    return [
        None if each is None else _read(shape.member, each, places.item(path, index))
        for index, each in enumerate(value)
    ]


def _read_map(shape: MapShape, value: JsonValue, path: str) -> JsonValue:
    if not isinstance(value, Mapping):
        _refuse(value, "a map", path)
    return {
        key: None if each is None else _read(shape.value, each, places.map_value(path, key))
        for key, each in value.items()
    }


def _parse(body: bytes) -> JsonValue:
    try:
        document: JsonValue = json.loads(body.decode(), object_pairs_hook=_object, parse_constant=_no_number)
        _refuse_odd(document)
    except UnicodeError:
        raise ApiError("SerializationException", "The body is not UTF-8 text") from None
    except ValueError as error:
        raise ApiError("SerializationException", f"The body is not a JSON document: {error}") from None
    except RecursionError:
        raise ApiError("SerializationException", "The body is nested too deeply") from None
    return document


def _object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise ValueError("an object has two members of one name")
    return read


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _refuse_odd(document: JsonValue) -> None:
    level: list[JsonValue] = [document]
    for _ in range(DEEPEST):
        for each in level:
            if isinstance(each, str):
                each.encode()  # a lone surrogate cannot be stored or sent again
                if "\0" in each:
                    raise ValueError("it holds the character U+0000")
        level = [child for each in level for child in _children(each)]
        if not level:
            return
    raise ValueError(f"it is nested deeper than {DEEPEST} levels")


def _children(value: JsonValue) -> list[JsonValue]:
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    return list(value) if isinstance(value, list) else []


def _seconds(text: str) -> float | None:
    try:
        if _DECIMAL.fullmatch(text):
            return float(text)
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _refuse(value: JsonValue, wanted: str, path: str) -> NoReturn:
    raise ApiError(
        "SerializationException", f"{_kind(value)} can not be converted to {wanted}" + (f" at '{path}'" if path else "")
    )


def _kind(value: JsonValue) -> str:
    match value:
        case None:
            return "NULL_VALUE"
        case bool():
            return "TRUE_VALUE" if value else "FALSE_VALUE"
        case str():
            return "STRING_VALUE"
        case int() | float():
            return "NUMBER_VALUE"
        case Mapping():
            return "START_OBJECT"
        case _:
            return "START_ARRAY"
