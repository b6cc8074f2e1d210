"""Who may go in: visitors who are known; the others are shown where to sign in."""

from http import HTTPStatus
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from luthier.dashboard.visitors import COOKIE, Visitors, let_in

SIGN_IN = "/ui/sign-in"
"""The one page that needs no visitor, beside what lies in /static/."""


class Door:
    """Lets a request through to *app* with the visitor who made it, or sends a browser to sign in."""

    def __init__(self, app: ASGIApp, visitors: Visitors) -> None:
        self._app, self._visitors = app, visitors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if scope["path"] == SIGN_IN or scope["path"].startswith("/static/"):
            await self._app(scope, receive, send)
            return
        visitor = await run_in_threadpool(self._visitors.of, request.cookies.get(COOKIE))
        if visitor is not None:
            let_in(request, visitor)
            await self._app(scope, receive, send)
        elif request.method in ("GET", "HEAD"):
            wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            await RedirectResponse(f"{SIGN_IN}?next={quote(wanted, safe='')}", HTTPStatus.SEE_OTHER)(
                scope, receive, send
            )
        else:
            await PlainTextResponse(f"Sign in at {SIGN_IN} first.\n", HTTPStatus.FORBIDDEN)(scope, receive, send)
