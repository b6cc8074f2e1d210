"""
The application that a web server runs: every AWS service behind one endpoint, told apart by what a request says.

    GET /v2/credentials, not signed                        -> the credentials of a training job's role
    GET of /healthz, /readyz, /metrics, not signed         -> answers for machines that watch
    Authorization or X-Amz-* in the URL: scope s3          -> streamed on to the S3 server
                                         any other scope   -> target, path or Action names the operation
    none, GET of /, /ui/... or /static/..., POST of /ui/... -> pages for people
    none, anything else                                    -> refused

The server is expected to add the Date header, as uvicorn does. One of the two catch-alls of the house is here.
"""

import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from uuid import uuid4

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Router
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from luthier.records.call import ApiError
from luthier.wire.claim import Fault, SignatureError, read_claim
from luthier.wire.credentials_door import Lend, asks_for_credentials, lend_credentials
from luthier.wire.errors import Dialect, Reply, authentication_error, error_reply, internal_failure
from luthier.wire.front_door import FrontDoor, Handler
from luthier.wire.passthrough import Upstream
from luthier.wire.protocols import dialect_of
from luthier.wire.request import HttpRequest, from_bytes
from luthier.wire.s3_door import S3Door
from luthier.wire.s3_keys import Encryption
from luthier.wire.s3_rights import S3Rights
from luthier.wire.sigv2 import PresignedClaim, read_presigned_claim
from luthier.wire.sigv4 import S3, FindCredential
from luthier.wire.throttle import Throttle
from luthier.witness import Deed, Facts, Nobody, Witness

WATCHED = ("/healthz", "/readyz", "/metrics")
LONGEST_BODY = 4 * 1024 * 1024  # bytes of a request that is not S3's

log = logging.getLogger(__name__)


def make_app(
    *,
    handlers: Mapping[tuple[str, str], Handler],
    keys: FindCredential,
    s3: Upstream | None,
    pages: ASGIApp | None,
    clock: Callable[[], float],
    requests_per_second: float = 0,
    lend: Lend | None = None,
    rights: S3Rights | None = None,
    encryption: Encryption | None = None,
    watching: ASGIApp | None = None,
    witness: Witness | None = None,
) -> ASGIApp:
    """
    Make the application.

    *handlers* are named by service and operation, in botocore's words, and run in worker threads; *keys* finds a
    credential by its access key; without *s3*, S3 requests are refused; *pages* gets what people's browsers ask for.
    Of each account so many *requests_per_second* are answered, S3's aside; 0: all. *lend* gives training jobs the
    credentials of their roles; without it there are none. *rights* says who may do what in S3; without it, anybody.
    With *encryption*, objects of a plain S3 server are kept as ciphertext where that is asked for. *watching* gets what
    is asked at the addresses `WATCHED`, and the *witness* sees every request, pages aside.
    """
    front_door = FrontDoor(handlers, keys, clock, Throttle(requests_per_second))
    s3_door = S3Door(s3, keys, clock, rights, encryption)
    door = _Door(front_door, s3_door, pages, watching, lend, witness or Nobody())
    return Router(default=door, lifespan=door.lifespan)


class _Door:
    def __init__(
        self,
        front_door: FrontDoor,
        s3_door: S3Door,
        pages: ASGIApp | None,
        watching: ASGIApp | None,
        lend: Lend | None,
        witness: Witness,
    ) -> None:
        self._front_door, self._s3_door, self._lend = front_door, s3_door, lend
        self._pages, self._watching, self._witness = pages, watching, witness

    @asynccontextmanager
    async def lifespan(self, app: object) -> AsyncIterator[None]:  # noqa: ARG002  # Starlette's signature
        async with self._s3_door:
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
            return
        request = from_bytes(scope["method"], scope["raw_path"], scope["query_string"], scope["headers"])
        reader = self._reader(request)
        if reader is not None:
            await reader(scope, receive, send)
            return
        facts: Facts = {"request": str(uuid4()), "method": request.method}
        if (parent := request.header("traceparent")) is not None:
            facts["traceparent"] = parent
        try:
            with self._witness.watch(Deed.REQUEST, facts):
                response = await self._response(request, Request(scope, receive), facts)
                facts["status"] = str(response.status_code)
        except ClientDisconnect:
            return
        response.headers["x-amzn-RequestId"] = facts["request"]
        await response(scope, receive, send)

    def _reader(self, request: HttpRequest) -> ASGIApp | None:
        """Find who answers what is asked without a signature, and changes nothing."""
        if self._watching is not None and request.path in WATCHED and _is_unsigned(request):
            return self._watching
        return self._pages if _is_page(request) else None

    async def _response(self, request: HttpRequest, http: Request, facts: Facts) -> Response:
        """Answer, whatever happens: here every exception becomes a reply, and its code one of the *facts*."""
        dialect, request_id = dialect_of(request, None), facts["request"]
        try:
            if self._lend is not None and asks_for_credentials(request):
                facts |= {"service": "luthier", "operation": "credentials"}
                return _written(await run_in_threadpool(lend_credentials, request, self._lend))
            claim = read_claim(request) or read_presigned_claim(request)
            if claim is None:
                raise SignatureError(Fault.MISSING, "Missing Authentication Token: the request is not signed.")
            if isinstance(claim, PresignedClaim) or claim.service == S3:
                dialect, facts["service"] = Dialect.S3, S3
                return await self._s3_door.answer(request, claim, http.stream(), facts)
            dialect = dialect_of(request, claim)
            body = await _whole_body(request, http)
            reply = await run_in_threadpool(self._front_door.answer, request, body, claim, facts)
        except ClientDisconnect:
            raise
        except SignatureError as error:
            reply = _refused(authentication_error(error, dialect), dialect, facts)
        except ApiError as error:
            reply = _refused(error, dialect, facts)
        except Exception:  # the catch-all of the front door: a bug or an outage, told to the log alone
            log.exception("request %s failed", request_id)
            reply = _refused(internal_failure(dialect), dialect, facts)
        return _written(reply)


def _is_page(request: HttpRequest) -> bool:
    """Whether a browser asks: for a page, or by a form, of which AWS clients send theirs to /."""
    if request.header("authorization") is not None:
        return False
    if request.method == "POST":
        return request.path.startswith("/ui/") and not _is_presigned(request)
    is_ours = request.path == "/" or request.path.startswith(("/ui/", "/static/"))
    return is_ours and _is_unsigned(request)


def _is_unsigned(request: HttpRequest) -> bool:
    """Whether it only reads, and no AWS client signed it; who watches may send a token of another kind."""
    if request.method not in ("GET", "HEAD") or (request.header("authorization") or "").startswith("AWS"):
        return False
    return not _is_presigned(request)


def _is_presigned(request: HttpRequest) -> bool:
    return any(name.lower().startswith("x-amz-") or name == "AWSAccessKeyId" for name, _ in request.parameters)


def _refused(error: ApiError, dialect: Dialect, facts: Facts) -> Reply:
    facts["code"] = error.code
    return error_reply(error, dialect, facts["request"])


async def _whole_body(request: HttpRequest, http: Request) -> bytes:
    too_long = ApiError("ValidationException", f"The body is longer than {LONGEST_BODY} bytes.", http_status=413)
    announced = request.header("content-length") or "0"
    if not announced.isdecimal() or int(announced[:20]) > LONGEST_BODY:
        raise too_long
    body = bytearray()
    async for arrived in http.stream():
        body += arrived
        if len(body) > LONGEST_BODY:
            raise too_long
    return bytes(body)


def _written(reply: Reply) -> Response:
    response = Response(reply.body, reply.status, dict(reply.headers))
    response.headers["content-type"] = reply.content_type
    return response
