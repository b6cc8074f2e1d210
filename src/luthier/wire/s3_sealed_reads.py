"""
Reading objects that may be stored as ciphertext: what lies there, and its bytes for whoever may use the key.

    rows of bucket and key?   no  -> passed on untouched
                              yes -> the first bytes of what is stored name the row that counts, or none does

What lies in the store says what it is, so a server that is killed between writing a row and storing an object, or a
file that was put there by hand, leaves nothing that is taken for something else.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from luthier.objects.sealing import MARK_BYTES, DamagedError, Opening, id_in
from luthier.objects.vault import VaultError
from luthier.records.call import ApiError
from luthier.records.identity import Principal
from luthier.records.sealed_object import SealedObject
from luthier.wire.passthrough import Passthrough
from luthier.wire.request import HttpRequest
from luthier.wire.s3_buckets import whole
from luthier.wire.s3_encryption import ENCRYPTION, KEY, KMS
from luthier.wire.s3_keys import DAMAGED, DECRYPT, Encryption, UsableKey, damaged
from luthier.wire.s3_spans import Span, cover, span_of
from luthier.wire.s3_way import Way, object_request
from luthier.wire.sealed_stream import begun, opened

OVERWRITTEN = "ServiceUnavailable"  # S3's code
TRIES = 3  # to read what others overwrite meanwhile
_OF_STORED = ("content-length", "content-range", "content-md5", "x-amz-sdk-checksum-algorithm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An object being read: the reply of the S3 server behind us and, if that is a success, the object's own bytes."""

    reply: Response
    span: Span | None = None  # None: the reply is to be passed on as it is, be it an error or a plain object
    pieces: AsyncIterator[bytes] | None = None
    sealed: SealedObject | None = None


class SealedReads:
    """The way of whatever reads an object."""

    def __init__(self, passthrough: Passthrough, encryption: Encryption) -> None:
        self._passthrough, self._keys, self._rows = passthrough, encryption.keys, encryption.rows

    async def find(self, bucket: str, key: str) -> tuple[SealedObject, str] | None:
        """
        Say what lies under a key, with its ETag; None for what is no ciphertext of ours, or nothing.

        Raises ApiError for what was ciphertext, and has been changed since.
        """
        for _ in range(TRIES):  # an id without a row: written since the rows were read, or overwritten and forgotten
            rows = await self._of(bucket, key)
            if not rows:
                return None
            head = await self._head(bucket, key)
            if head is None:
                return None
            object_id, size, etag = head
            if object_id is None and size not in {row.stored for row in rows}:
                return None  # overwritten by something plain
            row = next((row for row in rows if row.id == object_id), None)
            if row is not None and row.stored == size:
                if row.etag != etag:
                    await run_in_threadpool(self._rows.settle, row.id, etag)
                return row, etag
        raise damaged(bucket, key, "its beginning or its length has changed")

    async def read(self, principal: Principal, region: str, way: Way, bucket: str, key: str) -> Reading:
        """Begin to read an object by a GET; raises ApiError, for somebody who may not use its key among others."""
        trouble = _overwritten()
        for _ in range(TRIES):
            try:
                reading = await self._begun(principal, region, way, bucket, key)
            except ApiError as error:
                if error.code not in (DAMAGED, OVERWRITTEN):
                    raise
                trouble = error  # or overwritten between its headers and its bytes, which another try will show
                continue
            if reading is not None:
                return reading
        raise trouble

    async def _begun(self, principal: Principal, region: str, way: Way, bucket: str, key: str) -> Reading | None:
        """Try to read an object; None for what has been overwritten meanwhile."""
        found = await self.find(bucket, key)
        if found is not None:
            refuse_parts(way.request)
            usable = await run_in_threadpool(self._keys.usable, principal, region, found[0].kms_key, DECRYPT)
            return await self._opened(way, usable, *found)
        reply = await way.sent(self._passthrough)
        if await self._is_plain(reply, way.request, bucket, key):
            return Reading(reply=reply)
        await dropped(reply)
        return None

    async def _opened(self, way: Way, usable: UsableKey, sealed: SealedObject, etag: str) -> Reading | None:
        """Begin to decrypt; None for what has been overwritten since it was found."""
        span = span_of(_range_of(way.request, etag), sealed.size)
        covered = cover(sealed.parts, span)
        wanted = f"bytes={covered.start}-{covered.end - 1}" if span.is_asked else None
        reply = await Way.of(with_range(way.request, wanted)).sent(self._passthrough)
        if reply.status_code not in (200, 206):
            return Reading(reply=reply)
        if etag_of(reply) != etag:
            await dropped(reply)
            return None
        openings = [Opening(usable.master, sealed, part) for part in covered.parts]
        pieces = opened(body_of(reply), openings, covered.skip, span.end - span.start)
        pieces = await begun(_told_of(sealed, pieces, reply))
        return Reading(reply=reply, span=span, pieces=pieces, sealed=sealed)

    async def head(self, way: Way, bucket: str, key: str) -> Response:
        """Answer HEAD of an object, for which nobody needs its key."""
        for _ in range(TRIES):
            found = await self.find(bucket, key)
            if found is None:
                reply = await way.sent(self._passthrough)
                if await self._is_plain(reply, way.request, bucket, key):
                    return reply
                continue
            sealed, etag = found
            refuse_parts(way.request)
            span = span_of(_range_of(way.request, etag), sealed.size)
            reply = await Way.of(with_range(way.request, None)).sent(self._passthrough)
            if reply.status_code != 200:
                return reply
            if etag_of(reply) == etag:
                return with_plain_headers(Response(status_code=206 if span.is_asked else 200), reply, sealed, span)
        raise _overwritten()

    async def _is_plain(self, reply: Response, request: HttpRequest, bucket: str, key: str) -> bool:
        """
        Say whether a reply is still of what was found to be plain, and not of ciphertext that was stored meanwhile.

        `rclone serve s3` looks at a file, and opens it when the first byte is wanted: headers may be those of what was
        there before. So the first bytes decide or, where they are not what was asked for, another look afterwards.
        """
        if reply.status_code not in (200, 206):
            return True
        first = b"" if request.method == "HEAD" else await peeked(reply, MARK_BYTES)
        is_whole = reply.status_code == 200 and request.method == "GET"
        if is_whole and id_in(first) is None:
            return True
        if not is_whole and not await run_in_threadpool(self._rows.any_of, bucket):
            return True
        head = await self._head(bucket, key)
        if head is None or head[2] != etag_of(reply):
            return head is None and not first
        known = {row.id for row in await self._of(bucket, key)}
        return head[0] is None or head[0] not in known  # ciphertext that was put there as it is, to be read as it is

    async def _of(self, bucket: str, key: str) -> Sequence[SealedObject]:
        return (await run_in_threadpool(self._rows.of, bucket, [key])).get(key, ())

    async def _head(self, bucket: str, key: str) -> tuple[str | None, int, str] | None:
        """Give the id in a stored object's first bytes, its length and its ETag; None for nothing, or an empty one."""
        request = with_range(object_request("GET", bucket, key), f"bytes=0-{MARK_BYTES - 1}")
        reply = await Way.of(request).sent(self._passthrough)
        if reply.status_code != 206:
            await dropped(reply)
            return None
        head = await whole(reply)
        return id_in(head), int(reply.headers["content-range"].rpartition("/")[2]), etag_of(reply)


def with_plain_headers(response: Response, reply: Response, sealed: SealedObject, span: Span) -> Response:
    """Give *response* the headers of the upstream's *reply*, with the object's own length, and its encryption."""
    kept = [pair for pair in reply.raw_headers if not _is_of_stored(pair[0].decode("latin-1").lower())]
    told = {"content-length": str(span.end - span.start), **encryption_headers(sealed.kms_key)}
    if span.is_asked:
        told["content-range"] = span.content_range
    response.raw_headers = [*kept, *((name.encode(), value.encode()) for name, value in told.items())]
    return response


def encryption_headers(kms_key: str) -> dict[str, str]:
    """Say that an object is encrypted with the key of an ARN."""
    return {ENCRYPTION: KMS, KEY: kms_key}


def refuse_parts(request: HttpRequest) -> None:
    """Raise ApiError where a part of an object is asked for by its number."""
    if request.parameter("partNumber") is not None:
        raise ApiError("NotImplemented", "partNumber of an encrypted object; use Range.", http_status=501)


def with_range(request: HttpRequest, wanted: str | None) -> HttpRequest:
    """Give the request with another Range header, or none."""
    kept = tuple(pair for pair in request.headers if pair[0] not in ("range", "if-range"))
    return replace(request, headers=(*kept, ("range", wanted)) if wanted else kept)


def etag_of(reply: Response) -> str:
    """Give the ETag without its quotes."""
    return reply.headers.get("etag", "").strip('"')


def body_of(reply: Response) -> AsyncGenerator[bytes]:
    """Give the body of a reply of the S3 server behind us as it arrives."""
    assert isinstance(reply, StreamingResponse)
    return cast("AsyncGenerator[bytes]", reply.body_iterator)  # `passthrough` gives nothing else


async def peeked(reply: Response, size: int) -> bytes:
    """Read the first *size* bytes of a reply, or all there are, and put them back."""
    assert isinstance(reply, StreamingResponse)
    body, first = body_of(reply), b""
    while len(first) < size and (piece := await anext(body, b"")):
        first += piece
    reply.body_iterator = _again(first, body)
    return first


async def _again(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    try:
        if first:
            yield first
        async for piece in rest:
            yield piece
    finally:
        await rest.aclose()


def _overwritten() -> ApiError:
    return ApiError(OVERWRITTEN, "The object is being overwritten; try again.", http_status=503)


async def dropped(reply: Response) -> None:
    """Let go of a reply that nobody wants to read, or to read on."""
    body = body_of(reply)
    await anext(body, b"")  # what has not begun does not end either
    await body.aclose()


async def _told_of(sealed: SealedObject, pieces: AsyncIterator[bytes], reply: Response) -> AsyncIterator[bytes]:
    """Give *pieces*, and turn what goes wrong into ApiErrors; the upstream's reply is let go of at the end."""
    try:
        async for piece in pieces:
            yield piece
    except DamagedError as error:
        raise damaged(sealed.bucket, sealed.key, str(error)) from error
    except VaultError as error:
        raise ApiError("ServiceUnavailable", str(error), http_status=503) from error
    finally:
        await dropped(reply)


def _range_of(request: HttpRequest, etag: str) -> str | None:
    condition = request.header("if-range")
    return request.header("range") if condition is None or condition.strip('"') == etag else None


def _is_of_stored(name: str) -> bool:
    return name in _OF_STORED or name.startswith(("x-amz-checksum-", ENCRYPTION))
