"""
Deleting many objects by one request: every key in its body is judged, and only those that may go are passed on.

What is passed on is written anew, so that the S3 server behind us reads the keys that were judged. Source:
DeleteObjects, Amazon S3 API Reference.
"""

import base64
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from xml.etree import ElementTree

from luthier.records.call import ApiError
from luthier.wire.aws_chunked import BodyReader
from luthier.wire.encode_xml import printable
from luthier.wire.request import HttpRequest
from luthier.wire.s3_access import is_certain
from luthier.wire.s3_subresources import not_implemented

LONGEST = 2 * 1024 * 1024  # bytes
MOST = 1000  # keys
_SPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_OF_THE_OLD_BODY = ("content-md5", "x-amz-sdk-checksum-algorithm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """The objects to be deleted: what is said of each, its key among it."""

    objects: Sequence[dict[str, str]]
    is_quiet: bool

    def without(self, refused: Sequence["Refusal"]) -> "Deletion":
        """Leave out the keys that are refused."""
        keys = {each.key for each in refused}
        return replace(self, objects=[each for each in self.objects if each["Key"] not in keys])

    def written(self) -> bytes:
        """Write it as a request's body."""
        root = ElementTree.Element("Delete", xmlns=_SPACE)
        for each in self.objects:
            described = ElementTree.SubElement(root, "Object")
            for name, text in each.items():
                ElementTree.SubElement(described, name).text = text
        ElementTree.SubElement(root, "Quiet").text = "true" if self.is_quiet else "false"
        return _serialised(root)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A key that may not be deleted, and why."""

    key: str
    error: ApiError


async def read_deletion(reader: BodyReader, arriving: AsyncIterator[bytes], *, is_plain: bool) -> Deletion:
    """Read a request's body; raises ApiError for one that is too long or wrong, or asks for what is not there."""
    body = bytearray()
    async for arrived in arriving:
        body += reader.feed(arrived)
        if len(body) > LONGEST:
            raise _malformed()
    reader.finish()
    deletion = _parsed(bytes(body))
    for each in deletion.objects if is_plain else ():
        if odd := set(each) - {"Key", "VersionId"}:
            raise not_implemented(f"{min(odd)} of an object to be deleted")
        if each.pop("VersionId", "null") != "null":
            raise not_implemented("VersionId of an object to be deleted")
    return deletion


def judge(deletion: Deletion, check: Callable[[str], None]) -> list[Refusal]:
    """Give the keys that *check* raises an ApiError for, or that cannot be told for certain."""
    refused = []
    for key in dict.fromkeys(each["Key"] for each in deletion.objects):
        try:
            if not is_certain(key):
                raise ApiError("InvalidArgument", "The key cannot be told for certain.")
            check(key)
        except ApiError as error:
            refused.append(Refusal(key=key, error=error))
    return refused


def rewritten(request: HttpRequest, body: bytes) -> HttpRequest:
    """Give the request with the digest of *body* in the place of the old one's."""
    kept = [(name, value) for name, value in request.headers if not _is_of_the_old_body(name)]
    digest = base64.b64encode(hashlib.md5(body).digest()).decode()  # noqa: S324  # S3's own check of transmission
    return replace(request, headers=(*kept, ("content-md5", digest)))


def with_refusals(answer: bytes | None, refused: Sequence[Refusal]) -> bytes:
    """Add the keys that are refused to the *answer* of the S3 server; None: it was not asked."""
    ElementTree.register_namespace("", _SPACE)
    root = ElementTree.Element(f"{{{_SPACE}}}DeleteResult") if answer is None else ElementTree.fromstring(answer)  # noqa: S314  # our own S3 server's
    space = root.tag.removesuffix("DeleteResult")
    for each in refused:
        error = ElementTree.SubElement(root, f"{space}Error")
        told = {"Key": each.key, "Code": each.error.code, "Message": each.error.message}
        for name, text in told.items():
            ElementTree.SubElement(error, f"{space}{name}").text = printable(text)
    return _serialised(root)


def _serialised(root: ElementTree.Element) -> bytes:
    body: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return body.replace(b"\r", b"&#13;")  # which a reader would take for the end of a line


def _parsed(body: bytes) -> Deletion:
    try:
        text = body.decode()
        if "<!" in text:  # no document types: entities may grow without end
            raise _malformed()
        root = ElementTree.fromstring(text)  # noqa: S314  # without a document type
    except (ValueError, ElementTree.ParseError) as error:
        raise _malformed() from error
    objects = [_described(each) for each in root if _name(each) == "Object"]
    quiet = [each.text for each in root if _name(each) == "Quiet"]
    if _name(root) != "Delete" or not 1 <= len(objects) <= MOST or len(objects) + len(quiet) != len(root):
        raise _malformed()
    return Deletion(objects=objects, is_quiet=quiet == ["true"])


def _described(given: ElementTree.Element) -> dict[str, str]:
    described = {_name(each): each.text or "" for each in given if not len(each)}
    if not described.get("Key") or len(described) != len(given):
        raise _malformed()
    return described


def _name(of: ElementTree.Element) -> str:
    return of.tag.rpartition("}")[2]


def _is_of_the_old_body(name: str) -> bool:
    return name in _OF_THE_OLD_BODY or name.startswith("x-amz-checksum-")


def _malformed() -> ApiError:
    return ApiError(
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
    )
