"""
Signing in with an access key, and out.

    GET  /ui/sign-in     the form      ?next= where to go afterwards
    POST /ui/sign-in     checks the key, and gives the cookie of a visit
    POST /ui/sign-out    takes it away
"""

import re
from collections.abc import Callable
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from luthier.dashboard.door import SIGN_IN
from luthier.dashboard.forms import TOKEN, read_form, stale_form
from luthier.dashboard.visitors import COOKIE, Visitors, visitor_of
from luthier.identity.visits import LASTS_S
from luthier.wire.throttle import Throttle

SIGN_OUT = "/ui/sign-out"
TRIES_PER_SECOND = 0.1
TRIES_AT_ONCE = 10

_PLACE = re.compile(r"/(?:ui/[A-Za-z0-9/-]*)?(?:\?[A-Za-z0-9_.~%&=+-]*)?")  # within the pages, and nowhere else

Render = Callable[..., Response]


class SignIn:
    """Shows the form, and takes it; from one address so many tries and no more."""

    def __init__(self, visitors: Visitors, clock: Callable[[], float], render: Render) -> None:
        self._visitors, self._clock, self._render = visitors, clock, render
        self._throttle = Throttle(TRIES_PER_SECOND, burst_s=TRIES_AT_ONCE / TRIES_PER_SECOND)

    def show(self, request: Request) -> Response:
        """Give the form; where nobody need sign in, go on at once."""
        place = _place(request.query_params.get("next", ""))
        if not self._visitors.need_to_sign_in:
            return RedirectResponse(place, HTTPStatus.SEE_OTHER)
        return self._form(place)

    async def sign_in(self, request: Request) -> Response:
        """Check a key; whoever has its secret gets a cookie, which no script can read and no other site can send."""
        given = await read_form(request)
        if not self._visitors.fits(given.get(TOKEN, ""), None, SIGN_IN):
            raise stale_form()
        place, access_key = _place(given.get("next", "")), given.get("access-key", "").strip()
        if not self._throttle.admits(request.client.host if request.client else "", self._clock()):
            complaint = "Too many tries. Wait a while, then try again."
            return self._form(place, HTTPStatus.TOO_MANY_REQUESTS, complaint, access_key)
        cookie = await run_in_threadpool(self._visitors.sign_in, access_key, given.get("secret-key", "").strip())
        if cookie is None:
            complaint = "This access key is unknown, or the secret key is another one's. See `luthier keys list`."
            return self._form(place, HTTPStatus.FORBIDDEN, complaint, access_key)
        answer = RedirectResponse(place, HTTPStatus.SEE_OTHER)
        answer.set_cookie(
            COOKIE,
            cookie,
            max_age=int(LASTS_S),
            path="/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )
        return answer

    async def sign_out(self, request: Request) -> Response:
        """Have the browser forget the visit."""
        given = await read_form(request)
        if not self._visitors.fits(given.get(TOKEN, ""), visitor_of(request), SIGN_OUT):
            raise stale_form()
        answer = RedirectResponse(SIGN_IN, HTTPStatus.SEE_OTHER)
        answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
        return answer

    def _form(
        self, place: str, status: int = HTTPStatus.OK, complaint: str | None = None, access_key: str = ""
    ) -> Response:
        token = self._visitors.token(None, SIGN_IN)
        return self._render(
            "sign_in.html", status, token=token, next=place, complaint=complaint, access_key=access_key[:128]
        )


def _place(given: str) -> str:
    """
    Give an address within the pages; anything else is the first page, so that nobody is led elsewhere.

    >>> _place("/ui/tuning-jobs/r/n?page=2"), _place("//evil.example"), _place("https://evil.example")
    ('/ui/tuning-jobs/r/n?page=2', '/', '/')
    """
    return given if _PLACE.fullmatch(given) and not given.startswith("/ui/sign-") else "/"
