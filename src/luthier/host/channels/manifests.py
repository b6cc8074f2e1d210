"""
Manifests: objects in S3 that say which objects, or values, a channel is made of.

| S3DataType            | the object is                                                                               |
|-----------------------|---------------------------------------------------------------------------------------------|
| ManifestFile          | a JSON list: `{"prefix": "s3://bucket/some/"}`, then the rest of each object's URI          |
| AugmentedManifestFile | a JSON object in each line; an attribute whose name ends in `-ref` has the URI of an object |

AWS: S3DataSource, Amazon SageMaker API Reference; "Augmented Manifest Files for Training Jobs", Amazon SageMaker
Developer Guide.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from luthier.host.channels import ChannelError
from luthier.objects import ObjectError, ObjectStore
from luthier.records.channel import Channel
from luthier.records.json_value import JsonValue

LARGEST = 256 << 20  # bytes of a manifest
REFERENCE = "-ref"


@dataclass(frozen=True, slots=True)
class Reference:
    """An object that is streamed as it is."""

    uri: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The objects of a ManifestFile, in its order."""

    prefix: str  # what all of them begin with
    uris: Sequence[str]


Value = Reference | bytes
"""What one attribute of a line stands for."""


def read_manifest(channel: Channel, store: ObjectStore) -> Manifest:
    """Read a channel's ManifestFile; raises ChannelError where it is none, OSError while the store is away."""
    entries = _json(channel, _content(channel, store))
    if not isinstance(entries, list) or not entries:
        raise _bad(channel, 'it must be a JSON list that begins with {"prefix": "s3://bucket/..."}')
    first = entries[0]
    prefix = first.get("prefix") if isinstance(first, dict) and len(first) == 1 else None
    if not isinstance(prefix, str) or not prefix.startswith("s3://"):
        raise _bad(channel, 'its first element must be {"prefix": "s3://bucket/..."}')
    for place, each in enumerate(entries[1:], 1):
        if not isinstance(each, str) or not each:
            raise _bad(channel, f"element {place} must be the rest of an object's URI, not {str(each)[:80]!r}")
    uris = [prefix + str(each) for each in entries[1:]]
    for uri in uris:
        _check_object(channel, uri)
    return Manifest(prefix, uris)


def read_lines(channel: Channel, store: ObjectStore) -> list[tuple[Value, ...]]:
    """
    Read a channel's AugmentedManifestFile: of every line the values of the channel's attributes, in their order.

    A text stands for its characters in UTF-8, any other value for its JSON. Blank lines count for nothing. Raises
    ChannelError for a line that is none, or lacks an attribute; OSError while the store is away.
    """
    return [_values(channel, number, line) for number, line in _lines(_content(channel, store)) if line.strip()]


def _lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    return enumerate(content.split(b"\n"), 1)


def _content(channel: Channel, store: ObjectStore) -> bytes:
    _check_object(channel, channel.uri)
    try:
        with store.open(channel.uri) as body:
            content = body.read(LARGEST + 1)
    except ObjectError as error:
        raise _bad(channel, str(error)) from error
    if len(content) > LARGEST:
        raise _bad(channel, f"it is larger than {LARGEST >> 20} MiB; split it among several channels")
    return content


def _values(channel: Channel, number: int, line: bytes) -> tuple[Value, ...]:
    where = f"line {number}"
    entry = _json(channel, line, where)
    if not isinstance(entry, dict):
        raise _bad(channel, f"{where} must be a JSON object")
    return tuple(_value(channel, where, name, entry) for name in channel.attributes)


def _value(channel: Channel, where: str, name: str, entry: dict[str, JsonValue]) -> Value:
    if name not in entry:
        raise _bad(channel, f"{where} has no attribute {name!r}; add it, or take it out of AttributeNames")
    value = entry[name]
    if name.endswith(REFERENCE):
        if not isinstance(value, str):
            raise _bad(channel, f"{where}: the attribute {name!r} must be an S3 URI")
        _check_object(channel, value, f"{where}, attribute {name!r}: ")
        return Reference(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def _json(channel: Channel, content: bytes, where: str = "it") -> JsonValue:
    try:
        value: JsonValue = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _bad(channel, f"{where} is no JSON: {error}") from error
    return value


def _check_object(channel: Channel, uri: str, where: str = "") -> None:
    bucket, slash, key = uri.removeprefix("s3://").partition("/")
    if not uri.startswith("s3://") or not bucket or not slash or not key:
        raise _bad(channel, f"{where}{uri[:200]!r} is no object's URI; write it as s3://bucket/key")


def _bad(channel: Channel, what: str) -> ChannelError:
    return ChannelError(f"channel {channel.name!r}: the manifest {channel.uri}: {what}")
