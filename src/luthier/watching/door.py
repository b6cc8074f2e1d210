"""
What machines ask of a server.

    /healthz    whether the process is alive, which it is if it answers
    /readyz     whether it can do its work (see `health`): 200, or 503, and each check as JSON
    /metrics    numbers in Prometheus's text format (see `meters`), for those who may have them

The first two are for everybody who can reach the port, as probes come from anywhere. Who may have the numbers:

| token set | the request                                              | answer |
|-----------|----------------------------------------------------------|--------|
| no        | comes from this machine, under a name of this machine    | 200    |
| no        | anything else                                            | 403    |
| yes       | has `Authorization: Bearer TOKEN`                        | 200    |
| yes       | has not                                                  | 401    |
"""

import hmac
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from luthier.watching.health import Health
from luthier.wire.host_header import is_loopback, named_host

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
UNCACHED = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
FOREIGN = (
    "Numbers are shown to this machine alone, under a name of its own such as 127.0.0.1.\n"
    "Set metrics_token, and send it as `Authorization: Bearer TOKEN`, to have them from elsewhere.\n"
)
UNKNOWN = "The setting metrics_token is set: send it as `Authorization: Bearer TOKEN`.\n"


def make_door(health: Health, numbers: Callable[[], bytes] | None, token: str) -> ASGIApp:
    """Make the application that answers machines; without *numbers*, there is no /metrics; an empty *token* is none."""

    async def alive(request: Request) -> Response:  # noqa: ARG001  # Starlette's signature
        return JSONResponse({"status": "alive"}, headers=UNCACHED)

    async def ready(request: Request) -> Response:  # noqa: ARG001  # likewise
        found = await run_in_threadpool(health.look)
        is_ready = all(each.is_well for each in found.values())
        checks = {name: {"ok": each.is_well, "says": each.text} for name, each in found.items()}
        document = {"status": "ready" if is_ready else "not ready", "checks": checks}
        return JSONResponse(document, 200 if is_ready else 503, UNCACHED)

    async def metrics(request: Request) -> Response:
        refused = _refusal(request, token)
        if refused is not None or numbers is None:
            return refused or PlainTextResponse("The setting metrics is false.\n", 404)
        return Response(await run_in_threadpool(numbers), 200, UNCACHED, CONTENT_TYPE)

    return Starlette(routes=[Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", metrics)])


def _refusal(request: Request, token: str) -> Response | None:
    if token:
        given = request.headers.get("authorization", "").encode("latin-1")
        if hmac.compare_digest(given, f"Bearer {token}".encode()):
            return None
        return PlainTextResponse(UNKNOWN, 401, {**UNCACHED, "WWW-Authenticate": "Bearer"})
    host = named_host([value for name, value in request.headers.raw if name == b"host"])
    comes_from_here = request.client is not None and is_loopback(request.client.host)
    if comes_from_here and host is not None and is_loopback(host):
        return None
    return PlainTextResponse(FOREIGN, 403, UNCACHED)
