"""S3 requests: who sent them, and then on to the S3 server behind us."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
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
from luthier.wire.s3_access import CREATE_BUCKET, DELETE_BUCKET, DELETE_OBJECT, LIST_BUCKETS, S3Access, accesses
from luthier.wire.s3_buckets import BucketRequest, only_own, whole
from luthier.wire.s3_deletion import judge, read_deletion, rewritten, with_refusals
from luthier.wire.s3_encryption import ENCRYPTION, wanted_key
from luthier.wire.s3_keys import Encryption
from luthier.wire.s3_request import announced_length, body_reader, chunk_signer, object_path
from luthier.wire.s3_rights import S3Rights
from luthier.wire.s3_sealing import S3Sealing
from luthier.wire.s3_subresources import not_implemented
from luthier.wire.s3_way import Way
from luthier.wire.sigv2 import PresignedClaim, verify_presigned
from luthier.wire.sigv4 import UNSIGNED_PAYLOAD, FindCredential, encoded, s3_payload, verify
from luthier.witness import Facts

_SEALED = ("s3:GetObject", "s3:PutObject", DELETE_OBJECT, "s3:ListBucket")


class S3Door:
    """The way of S3 requests; open it (`async with`) in the event loop that uses it."""

    def __init__(
        self,
        upstream: Upstream | None,
        keys: FindCredential,
        clock: Callable[[], float],
        rights: S3Rights | None = None,
        encryption: Encryption | None = None,
    ) -> None:
        """
        Without *rights*, every account may do everything, and nobody looks at what is asked.

        A plain upstream's objects are encrypted on their way with *encryption*; any other does that itself.
        """
        self._keys, self._clock, self._rights = keys, clock, rights
        self._host_suffixes = upstream.host_suffixes if upstream else ()
        self._is_plain = upstream is not None and upstream.is_plain
        self._passthrough = Passthrough(upstream) if upstream else None
        self._region = upstream.region if upstream else ""
        self._sealing: S3Sealing | None = None
        if self._passthrough is not None and self._is_plain and encryption is not None:
            self._sealing = S3Sealing(self._passthrough, encryption, clock)
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
        self, request: HttpRequest, claim: Claim | PresignedClaim, arriving: AsyncIterator[bytes], facts: Facts
    ) -> Response:
        """
        Answer a request with its body still *arriving*; raises SignatureError, and ApiError with S3's codes.

        What is done first is added to the *facts*, as the operation, by the name that IAM has for it.
        """
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
        way = Way(request, body_reader(request, payload, signer), announced_length(request, payload), arriving)
        if self._rights is None:
            self._wanted_key(request)
            return await way.sent(self._passthrough)
        wanted = accesses(request, self._host_suffixes, is_plain=self._is_plain)
        facts["operation"] = wanted[0].action.removeprefix("s3:")
        for each in wanted:
            await run_in_threadpool(self._rights.check, credential.principal, each)
        name = self._wanted_key(request)
        if self._sealing is not None and wanted[0].action in _SEALED and not wanted[0].has_more:
            region = claim.region if isinstance(claim, Claim) else self._region
            return await self._sealing.answer(credential.principal, region, wanted, way, name)
        return await self._allowed(self._passthrough, self._rights, credential.principal, wanted[0], way)

    def _wanted_key(self, request: HttpRequest) -> str | None:
        """Give the name of the key that a plain upstream's object is to be encrypted with; raises ApiError."""
        if not self._is_plain:
            return None
        path = object_path(request, self._host_suffixes).removeprefix("/")
        name = wanted_key(request, has_key=bool(path.partition("/")[2]))
        if name is not None and self._sealing is None:
            raise not_implemented(ENCRYPTION)
        return name

    async def _allowed(
        self, passthrough: Passthrough, rights: S3Rights, principal: Principal, access: S3Access, way: Way
    ) -> Response:
        """Pass on what may be done, so that owners stay known, and nobody is shown another's."""
        if access.has_more:
            return await self._deleted(passthrough, rights, principal, access, way)
        send = partial(way.sent, passthrough)
        if access.action in (CREATE_BUCKET, DELETE_BUCKET):
            status = partial(_bucket_status, passthrough, access.bucket)
            buckets = BucketRequest(rights=rights, principal=principal, bucket=access.bucket, send=send, status=status)
            return await (buckets.make() if access.action == CREATE_BUCKET else buckets.remove())
        reply = await send()
        if access.action != LIST_BUCKETS or reply.status_code != 200:
            return reply
        is_own = partial(rights.owns, principal)
        body = await run_in_threadpool(only_own, await whole(reply), principal.account, is_own)
        return Response(body, media_type="application/xml")

    async def _deleted(
        self, passthrough: Passthrough, rights: S3Rights, principal: Principal, access: S3Access, way: Way
    ) -> Response:
        """Delete those of many objects that may be deleted, and tell of each of the others."""
        deletion = await read_deletion(way.reader, way.arriving, is_plain=self._is_plain)

        def check(key: str) -> None:
            rights.check(principal, replace(access, key=key, has_more=False))

        refused = await run_in_threadpool(judge, deletion, check)
        left = deletion.without(refused)
        if not left.objects:
            return Response(with_refusals(None, refused), media_type="application/xml")
        body = left.written()
        send = partial(Way.of(rewritten(way.request, body), body).sent, passthrough)
        if self._sealing is None:
            reply = await send()
        else:
            reply = await self._sealing.replacing(access.bucket, [each["Key"] for each in left.objects], send)
        if reply.status_code != 200 or not refused:
            return reply
        return Response(with_refusals(await whole(reply), refused), media_type="application/xml")


async def _bucket_status(passthrough: Passthrough, bucket: str) -> int:
    """Ask the S3 server behind us whether a bucket is there."""
    reply = await Way.of(HttpRequest(method="HEAD", path=f"/{encoded(bucket)}", query="", headers=())).sent(passthrough)
    await whole(reply)
    return reply.status_code
