"""S3 requests: who sent them, and then on to the S3 server behind us."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from starlette.responses import Response

from luthier.records.call import ApiError
from luthier.wire.claim import Claim, session_token
from luthier.wire.passthrough import Passthrough, Upstream
from luthier.wire.request import HttpRequest
from luthier.wire.s3_request import announced_length, body_reader, chunk_signer, object_path
from luthier.wire.sigv2 import PresignedClaim, verify_presigned
from luthier.wire.sigv4 import UNSIGNED_PAYLOAD, FindCredential, s3_payload, verify


class S3Door:
    """The way of S3 requests; open it (`async with`) in the event loop that uses it."""

    def __init__(self, upstream: Upstream | None, keys: FindCredential, clock: Callable[[], float]) -> None:
        self._keys, self._clock = keys, clock
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
            verify_presigned(claim, request, path, credential, self._clock())
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
        return await self._passthrough.pass_on(request, announced_length(request, payload), reader, arriving)
