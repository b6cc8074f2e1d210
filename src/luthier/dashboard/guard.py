"""
Who may have a page: a browser that asked for this machine by a name that only this machine has.

Where nobody signs in, a page of a stranger's site cannot read ours, as browsers keep origins apart, unless the
stranger's own name is made to resolve to this machine (DNS rebinding): then the Host header still says that name. Where
visitors have to sign in, a page under such a name has no cookie, and any name is fine.
"""

from collections.abc import Collection

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from luthier.wire.host_header import is_loopback, named_host

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with no-referrer, a form would be sent with the Origin null
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
ASKED_AGAIN = {"Cache-Control": "no-cache"}  # scripts and styles: kept, and asked whether they are still the same
REFUSAL = (
    "Luthier shows its pages only under this machine's own address, so that no other web site can read them.\n"
    "Open http://127.0.0.1:PORT/ (or localhost), or start Luthier with the setting `host` being the name or address "
    "that you use, or with `dashboard_sign_in` being always.\n"
)


class Guard:
    """
    Lets a request through to *app* if its Host header is a loopback name or one of *hosts*; protects the answer.

    Without *hosts*, any one header will do.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] | None) -> None:
        self._app = app
        self._hosts = None if hosts is None else frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS | (ASKED_AGAIN if is_static else {}))
            await send(message)

        is_static = scope["path"].startswith("/static/")
        host = named_host([value for name, value in scope["headers"] if name == b"host"])
        is_ours = host is not None and (self._hosts is None or host in self._hosts or is_loopback(host))
        app = self._app if is_ours else PlainTextResponse(REFUSAL, 403)
        await app(scope, receive, send_protected)
