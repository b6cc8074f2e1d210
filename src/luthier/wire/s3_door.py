"""S3 requests: who sent them, and then on to the S3 server behind us."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from functools import partial
from types import TracebackType
from typing import Self

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from luthier.records.call import ApiError
from luthier.records.identity import Principal
from luthier.wire.claim import Claim, session_token
from luthier.wire.passthrough import Passthrough, Upstream
from luthier.wire.request import HttpRequest
from luthier.wire.s3_access import CREATE_BUCKET, DELETE_BUCKET, LIST_BUCKETS, S3Access, accesses
from luthier.wire.s3_buckets import only_own, whole
from luthier.wire.s3_request import announced_length, body_reader, chunk_signer, object_path
from luthier.wire.s3_rights import S3Rights
from luthier.wire.sigv2 import PresignedClaim, verify_presigned
from luthier.wire.sigv4 import UNSIGNED_PAYLOAD, FindCredential, s3_payload, verify


class S3Door:
    """The way of S3 requests; open it (`async with`) in the event loop that uses it."""

    def __init__(
        self,
        upstream: Upstream | None,
        keys: FindCredential,
        clock: Callable[[], float],
        rights: S3Rights | None = None,
    ) -> None:
        """Without *rights*, every account may do everything."""
        self._keys, self._clock, self._rights = keys, clock, rights
        self._host_suffixes = upstream.host_suffixes if upstream else ()
        self._passthrough = Passthrough(upstream) if upstream else None
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Open the way to the upstream, if there is one."""
        if self._passthrough is not None:
            await self._stack.enter_async_context(self._passthrough)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        await self._stack.aclose()

    async def answer(
        self, request: HttpRequest, claim: Claim | PresignedClaim, arriving: AsyncIterator[bytes]
    ) -> Response:
        """Answer a request with its body still *arriving*; raises SignatureError, and ApiError with S3's codes."""
        credential = self._keys(claim.access_key, session_token(request))
        payload, signer = UNSIGNED_PAYLOAD, None
        if isinstance(claim, PresignedClaim):
            path = object_path(request, self._host_suffixes)
            credential = verify_presigned(claim, request, path, credential, self._clock())
        else:
            payload = s3_payload(claim, request)
            credential = verify(claim, request, credential, payload, self._clock())
            signer = chunk_signer(claim, credential)
        if self._passthrough is None:
            raise ApiError(
                "NotImplemented",
                "This server has no object store: the setting s3_endpoint is empty. Set it, or use `luthier up`.",
                http_status=501,
            )
        reader = body_reader(request, payload, signer)
        announced = announced_length(request, payload)
        if self._rights is None:
            return await self._passthrough.pass_on(request, announced, reader, arriving)
        wanted = accesses(request, self._host_suffixes)
        for each in wanted:
            await run_in_threadpool(self._rights.check, credential.principal, each)
        reply = await self._passthrough.pass_on(request, announced, reader, arriving)
        return await self._settled(self._rights, credential.principal, wanted[0], reply)

    async def _settled(self, rights: S3Rights, principal: Principal, access: S3Access, reply: Response) -> Response:
        """Take note of buckets made and gone, and show nobody another's."""
        account, bucket = principal.account, access.bucket
        if access.action == LIST_BUCKETS and reply.status_code == 200:
            listing = await whole(reply)
            body = await run_in_threadpool(only_own, listing, account, partial(rights.owns, account))
            return Response(body, media_type="application/xml")
        if access.action == DELETE_BUCKET and reply.status_code < 300:
            await run_in_threadpool(rights.release, bucket)
        if access.action != CREATE_BUCKET:
            return reply
        if reply.status_code < 300:
            await run_in_threadpool(rights.claim, account, bucket)
        elif reply.status_code == 409 and await run_in_threadpool(rights.owns, account, bucket):
            await whole(reply)
            return Response(headers={"location": f"/{bucket}"})  # making one's own again is no mistake in us-east-1
        return reply
