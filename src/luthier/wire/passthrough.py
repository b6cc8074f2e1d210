"""
S3 requests, streamed on to the S3 server behind us and back.

    client --[any SigV4 body]--> BodyReader --[plain body, signed anew]--> upstream

No body is ever held whole. The last piece of an upload is kept back until the whole body has been checked, and the
upstream is told the length in advance: an upload that is broken or forged ends too short and never becomes an object.

Replies come back as they are, with two repairs that `rclone serve s3` needs: a part of an object has status 206, and
carries no checksum of the whole.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse
from yarl import URL

from luthier.objects.sealing import SealedBody
from luthier.records.call import ApiError
from luthier.wire.aws_chunked import BodyReader
from luthier.wire.request import HttpRequest
from luthier.wire.s3_request import HOP_BY_HOP, kept_headers, kept_query, object_path, on_the_wire
from luthier.wire.sigv4 import UNSIGNED_PAYLOAD, s3_path

TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=900)  # seconds
NOT_OURS = ("accept", "accept-encoding", "content-type", "user-agent")  # headers that aiohttp would make up
DROPPED = HOP_BY_HOP | {"date", "server"}  # of the upstream's reply: our own server writes these


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """The S3 server that holds the objects, and the key that it knows us by."""

    endpoint: str  # http://host:port; with a socket, any host
    access_key: str
    secret_key: str = field(repr=False)
    region: str = "us-east-1"
    socket: Path | None = None  # a Unix socket to connect to instead
    host_suffixes: tuple[str, ...] = (".localhost",)  # BUCKET.localhost is a bucket
    is_plain: bool = False  # it knows objects and buckets, and does not see any other sub-resource that is asked for


class Passthrough:
    """The way to the upstream; open it (`async with`) in the event loop that uses it."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream
        self._signer = _PayloadAsSaid(
            Credentials(upstream.access_key, upstream.secret_key), service_name="s3", region_name=upstream.region
        )
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Open the connections' pools: a body can be sent only once, so uploads never risk a connection gone stale."""
        self._reads = await self._stack.enter_async_context(self._session(is_reused=True))
        self._writes = await self._stack.enter_async_context(self._session(is_reused=False))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all connections."""
        await self._stack.aclose()

    async def pass_on(
        self,
        request: HttpRequest,
        length: int,
        reader: BodyReader,
        arriving: AsyncIterator[bytes],
        seal: SealedBody | None = None,
    ) -> StreamingResponse:
        """
        Send the request on, with the *length* bytes that *reader* finds in what is *arriving*, and stream the reply.

        With a *seal* these are encrypted on their way. Raises ApiError if the body is not what was announced, or if the
        upstream cannot be reached.
        """
        upload = _Upload(reader, arriving, seal)
        length = length if seal is None else seal.stored
        await upload.begin()
        path = object_path(request, self._upstream.host_suffixes)
        session = self._reads if request.method in ("GET", "HEAD") and upload.is_empty else self._writes
        try:
            reply = await session.request(
                request.method,
                URL(self._url(request, on_the_wire(path)), encoded=True),
                headers=self._headers(request, path, length),
                data=None if upload.is_empty else upload.pieces(),
                allow_redirects=False,
            )
        except (aiohttp.ClientError, TimeoutError) as error:
            if upload.failure is not None:
                raise upload.failure from error
            raise ApiError(
                "ServiceUnavailable", "The object store behind this server cannot be reached.", http_status=503
            ) from error
        return _reply(reply)

    def _session(self, *, is_reused: bool) -> aiohttp.ClientSession:
        if self._upstream.socket is not None:
            connector: aiohttp.BaseConnector = aiohttp.UnixConnector(
                str(self._upstream.socket), limit=0, force_close=not is_reused
            )
        else:
            connector = aiohttp.TCPConnector(limit=0, force_close=not is_reused)
        return aiohttp.ClientSession(
            connector=connector,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=NOT_OURS,
            timeout=TIMEOUT,
        )

    def _url(self, request: HttpRequest, path: str) -> str:
        query = kept_query(request)
        return self._upstream.endpoint.rstrip("/") + path + (f"?{query}" if query else "")

    def _headers(self, request: HttpRequest, path: str, length: int) -> dict[str, str]:
        headers = kept_headers(request)
        signed = {name: value for name, value in headers.items() if name.startswith(("x-amz-", "content-"))}
        to_sign = AWSRequest(method=request.method, url=self._url(request, s3_path(path)), headers=signed)
        self._signer.add_auth(to_sign)
        headers.update(to_sign.headers.items())
        if length or request.method not in ("GET", "HEAD"):
            headers["content-length"] = str(length)
        return headers


class _PayloadAsSaid(S3SigV4Auth):
    """Signs without the body, which has been checked here and goes over our own connection."""

    def payload(self, request: AWSRequest) -> str:  # noqa: ARG002  # botocore's signature
        return UNSIGNED_PAYLOAD


class _Upload:
    """The bytes of an object on their way, the last piece kept back until all of them have been checked."""

    def __init__(self, reader: BodyReader, arriving: AsyncIterator[bytes], seal: SealedBody | None) -> None:
        checked = self._checked(reader, arriving)
        self._pieces = checked if seal is None else _sealed(checked, seal)
        self._first: bytes | None = None
        self.failure: ApiError | ClientDisconnect | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is no byte at all (known after `begin`)."""
        return self._first is None

    async def begin(self) -> None:
        """Wait for the first piece; a body of one piece is then checked already."""
        self._first = await anext(self._pieces, None)

    async def pieces(self) -> AsyncIterator[bytes]:
        """Give every piece, once; a failure is also remembered, since aiohttp wraps it."""
        try:
            if self._first is not None:
                yield self._first
            async for piece in self._pieces:
                yield piece
        except (ApiError, ClientDisconnect) as failure:
            self.failure = failure
            raise

    async def _checked(self, reader: BodyReader, arriving: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        kept_back = b""
        async for arrived in arriving:
            given = reader.feed(arrived)
            if given:
                if kept_back:
                    yield kept_back
                kept_back = given
        reader.finish()
        if kept_back:
            yield kept_back


async def _sealed(pieces: AsyncIterator[bytes], seal: SealedBody) -> AsyncIterator[bytes]:
    """Encrypt *pieces*; what comes after the last of them is only made once that has been checked."""
    yield seal.begin()
    async for piece in pieces:
        if made := seal.feed(piece):
            yield made
    yield seal.finish()


def _reply(reply: aiohttp.ClientResponse) -> StreamingResponse:
    async def pieces() -> AsyncIterator[bytes]:
        async with reply:
            try:
                async for piece in reply.content.iter_any():
                    yield piece
            except aiohttp.ClientError as error:
                raise ApiError(
                    "ServiceUnavailable", "The object store behind this server broke its answer off.", http_status=503
                ) from error

    status = 206 if reply.status == 200 and "content-range" in reply.headers else reply.status
    streamed = StreamingResponse(pieces(), status)
    streamed.raw_headers = [
        (name.lower(), value) for name, value in reply.raw_headers if _is_kept(name.decode("latin-1").lower(), status)
    ]
    return streamed


def _is_kept(name: str, status: int) -> bool:
    """Keep a header, unless it concerns one connection, or checks an object that does not come as a whole."""
    is_whole = status not in (206, 304) and status < 400
    return name not in DROPPED and (is_whole or not name.startswith("x-amz-checksum-"))
