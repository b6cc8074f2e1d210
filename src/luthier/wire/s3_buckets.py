"""Answers about buckets themselves, in which other accounts' buckets must not show."""

from collections.abc import Callable
from xml.etree import ElementTree

from starlette.responses import Response, StreamingResponse

_SPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


async def whole(response: Response) -> bytes:
    """Read an answer of the S3 server behind us to its end; only for answers that are short."""
    if not isinstance(response, StreamingResponse):
        return bytes(response.body)
    pieces = [piece async for piece in response.body_iterator]
    return b"".join(piece.encode() if isinstance(piece, str) else bytes(piece) for piece in pieces)


def only_own(listing: bytes, owner: str, is_own: Callable[[str], bool]) -> bytes:
    """Leave the buckets in a ListAllMyBuckets answer that *is_own* says yes to."""
    ElementTree.register_namespace("", _SPACE)
    root = ElementTree.fromstring(listing)  # noqa: S314  # written by our own S3 server
    for buckets in _named(root, "Buckets"):
        for bucket in list(buckets):
            name = next((each.text or "" for each in _named(bucket, "Name")), "")
            if not is_own(name):
                buckets.remove(bucket)
    for each in _named(root, "Owner"):
        for child in each:
            child.text = owner
    body: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return body


def _named(of: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [each for each in of if each.tag.rpartition("}")[2] == name]
