"""
Copies from, or to, ciphertext: what is read is decrypted, and encrypted anew for the place that it is written to.

The S3 server behind us could copy the stored bytes, but these are bound to their place. A part that is copied goes
through here always: `rclone serve s3` makes an empty one of it. Source: CopyObject and UploadPartCopy, Amazon S3 API
Reference.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from starlette.responses import Response

from luthier.records.call import ApiError
from luthier.records.sealed_object import SealedObject
from luthier.wire.aws_chunked import PlainReader
from luthier.wire.passthrough import Passthrough
from luthier.wire.request import HttpRequest
from luthier.wire.s3_access import S3Access
from luthier.wire.s3_sealed_reads import Reading, SealedReads, body_of, dropped, etag_of
from luthier.wire.s3_sealed_uploads import SealedUploads
from luthier.wire.s3_sealed_writes import SealedWrites, Target
from luthier.wire.s3_way import Way, object_request
from luthier.wire.sigv4 import encoded

_SOURCE = "x-amz-copy-source-"
_CONDITIONS = ("if-match", "if-none-match", "if-modified-since", "if-unmodified-since")
_KEPT = ("content-type", "cache-control", "content-disposition", "content-encoding", "content-language", "expires")
_DIRECTIVE = "x-amz-metadata-directive"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedCopies:
    """The way of copies."""

    passthrough: Passthrough
    reads: SealedReads
    writes: SealedWrites
    uploads: SealedUploads
    clock: Callable[[], float]

    async def copy(self, target: Target, source: S3Access, way: Way, name: str | None) -> Response:
        """Copy an object; it is encrypted with the key of this *name* or, without one, as its source is."""
        if name is None and await self.reads.find(source.bucket, source.key) is None:
            send = partial(way.sent, self.passthrough)
            return await self.writes.replacing(target.bucket, [target.key], send)
        reading = await self._read(target, source, way.request)
        name = name or (reading.sealed.kms_key if reading.sealed else None)
        if reading.reply.status_code >= 300:
            return reading.reply
        copied = _body(reading, object_request("PUT", target.bucket, target.key), _described(way.request, reading))
        try:
            if name is None:  # overwritten by something plain just now
                send = partial(copied.sent, self.passthrough)
                reply = await self.writes.replacing(target.bucket, [target.key], send)
            else:
                reply = await self.writes.put(target, copied, name)
        finally:
            await dropped(reading.reply)
        return self._told(reply, "CopyObjectResult")

    async def copy_part(self, target: Target, source: S3Access, way: Way, sealed: SealedObject | None) -> Response:
        """Copy a part of an object into an upload, which becomes ciphertext where it is to be *sealed*."""
        reading = await self._read(target, source, way.request)
        if reading.reply.status_code >= 300:
            return reading.reply
        if reading.sealed is not None and sealed is None:
            await dropped(reading.reply)
            raise ApiError(
                "InvalidRequest",
                f"{source.place} is encrypted, and the upload is not: create it with ServerSideEncryption and "
                "SSEKMSKeyId.",
            )
        query = "&".join(f"{name}={encoded(way.request.parameter(name) or '')}" for name in ("partNumber", "uploadId"))
        copied = _body(reading, object_request("PUT", target.bucket, target.key, query), ())
        try:
            if sealed is None:
                reply = await copied.sent(self.passthrough)
            else:
                reply = await self.uploads.put_part(target, copied, sealed)
        finally:
            await dropped(reading.reply)
        return self._told(reply, "CopyPartResult")

    async def _read(self, target: Target, source: S3Access, request: HttpRequest) -> Reading:
        """Begin to read the source; raises ApiError if its conditions are not met, or its range makes no sense."""
        given = {name: request.header(f"{_SOURCE}{name}") for name in (*_CONDITIONS, "range")}
        asked = object_request("GET", source.bucket, source.key)
        headers = tuple((name, value) for name, value in given.items() if value is not None)
        way = Way.of(HttpRequest(method="GET", path=asked.path, query="", headers=headers))
        reading = await self.reads.read(target.principal, target.region, way, source.bucket, source.key)
        status = reading.reply.status_code
        if status in (304, 412):
            await dropped(reading.reply)
            raise ApiError(
                "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", http_status=412
            )
        is_range = reading.span.is_asked if reading.span else status == 206
        if status < 300 and is_range != (given["range"] is not None):
            await dropped(reading.reply)
            raise ApiError("InvalidArgument", "The x-amz-copy-source-range value must be of the form bytes=first-last")
        return reading

    def _told(self, reply: Response, element: str) -> Response:
        if reply.status_code >= 300:
            return reply
        now = datetime.fromtimestamp(self.clock(), UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        text = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<{element} xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LastModified>{now}</LastModified>'
            f"<ETag>&quot;{etag_of(reply)}&quot;</ETag></{element}>"
        )
        told = {name: value for name, value in reply.headers.items() if name.startswith("x-amz-server-side-encryption")}
        return Response(text, headers=told, media_type="application/xml")


def _body(reading: Reading, request: HttpRequest, headers: tuple[tuple[str, str], ...]) -> Way:
    """Make a request whose body is what is being read."""
    if reading.span is None:
        length = int(reading.reply.headers["content-length"])
    else:
        length = reading.span.end - reading.span.start
    own = HttpRequest(method=request.method, path=request.path, query=request.query, headers=headers)
    return Way(own, PlainReader(length, None), length, _all_of(reading.pieces or body_of(reading.reply)))


async def _all_of(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for piece in pieces:
        yield piece


def _described(request: HttpRequest, reading: Reading) -> tuple[tuple[str, str], ...]:
    """Give the headers that describe the copy: the source's, unless they are to be replaced by the request's."""
    directive = request.header(_DIRECTIVE) or "COPY"
    if directive not in ("COPY", "REPLACE"):
        raise ApiError("InvalidArgument", f"Unknown metadata directive: {directive:.100}; write COPY or REPLACE.")
    given = request.headers if directive == "REPLACE" else tuple(reading.reply.headers.items())
    return tuple(pair for pair in given if pair[0] in _KEPT or pair[0].startswith("x-amz-meta-"))
