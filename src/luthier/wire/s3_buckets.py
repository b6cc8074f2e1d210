"""
Making, removing and listing buckets, so that each has one owner whatever happens.

    make      is it there?  claim it   make it     claim it again
    remove                  claim it   remove it   release the claim

The claim, a row, is written before the bucket is touched. A server that is killed in between leaves a name without a
bucket, never a bucket without its owner: the owner's next request finds the row and goes on. A claim is released only
if nobody has claimed the bucket since, so that a removal leaves a bucket that was made again meanwhile its owner.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from xml.etree import ElementTree

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from luthier.records.call import ApiError
from luthier.records.identity import Principal
from luthier.wire.s3_rights import S3Rights, denied, taken

_SPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketRequest:
    """One request that makes, or removes, a bucket, which the principal may do."""

    rights: S3Rights
    principal: Principal
    bucket: str
    send: Callable[[], Awaitable[Response]]  # the request itself to the S3 server behind us
    status: Callable[[], Awaitable[int]]  # of a HEAD of the bucket, there

    async def make(self) -> Response:
        """Make the bucket; to make one's own again is no mistake, as in us-east-1. Raises ApiError if it is taken."""
        if await self._is_there():
            if not await run_in_threadpool(self.rights.owns, self.principal, self.bucket):
                raise taken()
            return self._made()
        claimed = await self._claim()
        if claimed is None:
            raise taken()
        reply = await self.send()
        if reply.status_code < 300:
            await self._claim()
        elif reply.status_code == 409 and await self._is_there():  # made by another request of the account
            await whole(reply)
            return self._made()
        elif reply.status_code < 500:
            await run_in_threadpool(self.rights.release, self.bucket, claimed)
        return reply

    async def remove(self) -> Response:
        """Remove the bucket."""
        claimed = await self._claim()
        if claimed is None:
            raise denied()
        reply = await self.send()
        if reply.status_code < 300 or reply.status_code == 404:
            await run_in_threadpool(self.rights.release, self.bucket, claimed)
        return reply

    async def _claim(self) -> float | None:
        return await run_in_threadpool(self.rights.claim, self.principal.account, self.bucket)

    async def _is_there(self) -> bool:
        status = await self.status()
        if status >= 500:
            raise ApiError("ServiceUnavailable", "The object store cannot be asked for the bucket.", http_status=503)
        if status in (301, 403):
            raise taken()  # by somebody on the S3 server behind us
        return status < 300

    def _made(self) -> Response:
        return Response(headers={"location": f"/{self.bucket}"})


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
