"""
Multipart uploads of objects that are stored as ciphertext: each part is a message of its own.

| request          | what is written down                                                  |
|------------------|-----------------------------------------------------------------------|
| create           | the object, by the upload's ID, once the S3 server has given it       |
| a part           | its sizes, by its number and ETag, once it is stored                  |
| complete         | which parts the object is made of, before it is                       |
| abort            | nothing any more                                                      |

Source: CreateMultipartUpload, UploadPart and CompleteMultipartUpload, Amazon S3 API Reference.
"""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from xml.etree import ElementTree

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from luthier.records.call import ApiError
from luthier.records.sealed_object import SealedObject, SealedPart, UploadedPart
from luthier.wire.aws_chunked import BodyReader
from luthier.wire.passthrough import Passthrough
from luthier.wire.s3_buckets import whole
from luthier.wire.s3_deletion import rewritten
from luthier.wire.s3_encryption import without_encryption
from luthier.wire.s3_keys import SealedRows
from luthier.wire.s3_sealed_reads import SealedReads, etag_of
from luthier.wire.s3_sealed_writes import SealedWrites, Target, sealing, told
from luthier.wire.s3_way import Way

LONGEST_LIST = 4 * 1024 * 1024  # bytes; 10 000 parts with two checksums each are fewer
_SPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


class SealedUploads:
    """The way of multipart uploads."""

    def __init__(self, passthrough: Passthrough, rows: SealedRows, reads: SealedReads, writes: SealedWrites) -> None:
        self._passthrough, self._rows, self._reads, self._writes = passthrough, rows, reads, writes

    async def find(self, target: Target, upload: str) -> SealedObject | None:
        """Find what an upload is to become; None if that is no ciphertext."""
        return await run_in_threadpool(self._rows.of_upload, target.bucket, target.key, upload)

    async def create(self, target: Target, way: Way, name: str) -> Response:
        """Begin an upload to be encrypted with the key of this *name*; raises ApiError."""
        usable = await self._writes.usable(target, name)
        reply = await replace(way, request=without_encryption(way.request)).sent(self._passthrough)
        if reply.status_code != 200:
            return reply
        body = await whole(reply)
        upload = _text(ElementTree.fromstring(body), "UploadId")  # noqa: S314  # our own S3 server's
        sealed = replace(self._writes.begun(target, usable), upload=upload)
        await run_in_threadpool(self._rows.add, sealed)
        return told(Response(body, media_type="application/xml"), sealed)

    async def put_part(self, target: Target, way: Way, sealed: SealedObject) -> Response:
        """Store a part of an upload; raises ApiError."""
        number = _number(way.request.parameter("partNumber") or "")
        usable = await self._writes.usable(target, sealed.kms_key)
        seal = await run_in_threadpool(sealing, usable, sealed, number, way.length)
        reply = await self._writes.sent(way, seal)
        if reply.status_code >= 300:
            return reply
        part = UploadedPart(object_id=sealed.id, part=seal.parts[0], etag=etag_of(reply))
        await run_in_threadpool(self._rows.add_part, part)
        return told(reply, sealed)

    async def complete(self, target: Target, way: Way, sealed: SealedObject) -> Response:
        """Make the object of its parts; raises ApiError for parts that were not uploaded."""
        listed = _listed(await _read(way.reader, way.arriving))
        parts = _chosen(listed, await run_in_threadpool(self._rows.parts, sealed.id))
        await run_in_threadpool(self._rows.complete, sealed.id, parts)
        body = _written(listed)

        async def send() -> Response:
            return await Way.of(rewritten(way.request, body), body).sent(self._passthrough)

        reply = await self._writes.replacing(target.bucket, [target.key], send)
        if reply.status_code >= 300:
            await run_in_threadpool(self._rows.complete, sealed.id, sealed.parts)
            return reply
        await self._reads.find(target.bucket, target.key)  # which notes its ETag
        return told(reply, sealed)

    async def abort(self, way: Way, sealed: SealedObject) -> Response:
        """Give an upload up."""
        reply = await way.sent(self._passthrough)
        if reply.status_code < 300 and not sealed.parts:
            await run_in_threadpool(self._rows.forget, [sealed.id])
        return reply

    async def list_parts(self, way: Way, sealed: SealedObject) -> Response:
        """List the parts with the sizes that they were sent with."""
        reply = await way.sent(self._passthrough)
        if reply.status_code != 200:
            return reply
        sizes = {(each.part.number, each.etag): each.part.size for each in await self._parts(sealed)}
        ElementTree.register_namespace("", _SPACE)
        root = ElementTree.fromstring(await whole(reply))  # noqa: S314  # our own S3 server's
        for part in (each for each in root if _name(each) == "Part"):
            size = sizes.get((int(_text(part, "PartNumber")), _text(part, "ETag").strip('"')))
            for told_size in (each for each in part if _name(each) == "Size" and size is not None):
                told_size.text = str(size)
        return told(Response(_serialised(root), media_type="application/xml"), sealed)

    async def _parts(self, sealed: SealedObject) -> Sequence[UploadedPart]:
        return await run_in_threadpool(self._rows.parts, sealed.id)


async def _read(reader: BodyReader, arriving: AsyncIterator[bytes]) -> bytes:
    body = bytearray()
    async for arrived in arriving:
        body += reader.feed(arrived)
        if len(body) > LONGEST_LIST:
            raise _malformed()
    reader.finish()
    return bytes(body)


def _listed(body: bytes) -> list[tuple[int, str]]:
    """Read the numbers and ETags of a CompleteMultipartUpload."""
    try:
        text = body.decode()
        if "<!" in text:  # no document types: entities may grow without end
            raise _malformed()
        root = ElementTree.fromstring(text)  # noqa: S314  # without a document type
    except (ValueError, ElementTree.ParseError) as error:
        raise _malformed() from error
    listed = [(_number(_text(each, "PartNumber")), _text(each, "ETag").strip('"')) for each in root]
    if _name(root) != "CompleteMultipartUpload" or not listed:
        raise _malformed()
    return listed


def _chosen(listed: Sequence[tuple[int, str]], stored: Sequence[UploadedPart]) -> list[SealedPart]:
    known = {(each.part.number, each.etag): each.part for each in stored}
    if [number for number, _ in listed] != sorted({number for number, _ in listed}):
        raise ApiError("InvalidPartOrder", "The list of parts was not in ascending order.")
    if any(each not in known for each in listed):
        raise ApiError("InvalidPart", "One or more of the specified parts could not be found.")
    return [known[each] for each in listed]


def _written(listed: Sequence[tuple[int, str]]) -> bytes:
    """Write the list anew, without the checksums of parts, which the S3 server behind us has never seen."""
    root = ElementTree.Element("CompleteMultipartUpload", xmlns=_SPACE)
    for number, etag in listed:
        part = ElementTree.SubElement(root, "Part")
        ElementTree.SubElement(part, "PartNumber").text = str(number)
        ElementTree.SubElement(part, "ETag").text = f'"{etag}"'
    return _serialised(root)


def _serialised(root: ElementTree.Element) -> bytes:
    body: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return body


def _number(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text) or not 1 <= int(text) <= 10000:
        raise ApiError("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive")
    return int(text)


def _text(of: ElementTree.Element, name: str) -> str:
    return next((each.text or "" for each in of if _name(each) == name), "")


def _name(of: ElementTree.Element) -> str:
    return of.tag.rpartition("}")[2]


def _malformed() -> ApiError:
    return ApiError(
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
    )
