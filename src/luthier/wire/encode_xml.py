"""A result, written as the XML of the query protocols (STS, IAM, older CloudWatch clients)."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from botocore.model import ListShape, MapShape, Shape, StructureShape

from luthier.records.json_value import JsonObject, JsonValue
from luthier.wire.encode import to_wire
from luthier.wire.model import Operation

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def encode_xml(result: JsonObject | None, operation: Operation, request_id: str) -> bytes:
    """Write the whole answer of *operation*; raises ValueError, a fault of ours, where `to_wire` does."""
    inside = ""
    if operation.output is not None:
        inside = _inside(operation.output, to_wire(operation.output, result or {}))
        if operation.result_wrapper:
            inside = f"<{operation.result_wrapper}>{inside}</{operation.result_wrapper}>"
    name = f"{operation.name}Response"
    return (
        f"<{name} xmlns={quoteattr(operation.service.xml_namespace)}>{inside}"
        f"<ResponseMetadata><RequestId>{escape(request_id)}</RequestId></ResponseMetadata></{name}>"
    ).encode()


def printable(text: str) -> str:
    """Put U+FFFD in the place of every character that XML cannot hold."""
    return FORBIDDEN.sub("\ufffd", text)


def _element(name: str, shape: Shape, value: JsonValue) -> str:
    if isinstance(shape, ListShape) and shape.serialization.get("flattened") and isinstance(value, Sequence):
        name = shape.member.serialization.get("name", name)
        return "".join(_element(name, shape.member, each) for each in value)
    return f"<{name}>{_inside(shape, value)}</{name}>"


def _inside(shape: Shape, value: JsonValue) -> str:
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        members = ((shape.members[name], name, each) for name, each in value.items())
        return "".join(_element(member.serialization.get("name", name), member, each) for member, name, each in members)
    if isinstance(shape, ListShape) and isinstance(value, Sequence):
        name = shape.member.serialization.get("name", "member")
        return "".join(_element(name, shape.member, each) for each in value)
    if isinstance(shape, MapShape) and isinstance(value, Mapping):
        return "".join(_entry(shape, key, each) for key, each in value.items())
    return _text(shape, value)


def _entry(shape: MapShape, key: str, value: JsonValue) -> str:
    key_name = shape.key.serialization.get("name", "key")
    value_name = shape.value.serialization.get("name", "value")
    return f"<entry><{key_name}>{escape(printable(key))}</{key_name}>{_element(value_name, shape.value, value)}</entry>"


def _text(shape: Shape, value: JsonValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if shape.type_name == "timestamp" and isinstance(value, (int, float)):
        return f"{datetime.fromtimestamp(value, UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
    return escape(printable(str(value)))
