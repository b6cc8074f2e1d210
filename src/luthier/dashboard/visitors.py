"""Who is at the pages: whoever has signed in with an access key, or, where nobody need, the local user."""

import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

from luthier.identity.visits import NO_VISIT, Visits
from luthier.records.identity import Principal
from luthier.wire.sigv4 import FindCredential

COOKIE = "luthier-visit"

_KEY = "luthier.visitor"  # of an ASGI scope
_ACCESS_KEY = re.compile("[A-Z0-9]{16,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody who may see pages: as whom, and in which visit."""

    principal: Principal
    visit: str

    @property
    def has_signed_in(self) -> bool:
        """Whether there is anything to sign out of."""
        return self.visit != NO_VISIT

    @property
    def name(self) -> str:
        """The user, as a person would say it."""
        return self.principal.arn.rpartition("/")[2]


class Visitors:
    """
    Knows visitors by their cookies.

    *local* is whom everybody acts for where nobody signs in; without it, everybody has to. *find* is asked anew for
    every page, so whose key was removed is out at once.
    """

    def __init__(
        self, visits: Visits, find: FindCredential, clock: Callable[[], float], *, local: Principal | None
    ) -> None:
        self._visits, self._find, self._clock, self._local = visits, find, clock, local

    @property
    def need_to_sign_in(self) -> bool:
        """Whether nobody sees a page without an access key."""
        return self._local is None

    def of(self, cookie: str | None) -> Visitor | None:
        """Say who comes with *cookie*; None for somebody who has to sign in first."""
        if self._local is not None:
            return Visitor(principal=self._local, visit=NO_VISIT)
        visit = self._visits.of(cookie or "", self._clock())
        credential = None if visit is None else self._find(visit.access_key, None)
        if visit is None or credential is None:
            return None
        return Visitor(principal=credential.principal, visit=visit.name)

    def sign_in(self, access_key: str, secret_key: str) -> str | None:
        """
        Give the cookie of a new visit; None where the access key is unknown or the secret another one's.

        It takes the same time whichever it is. Keys of sessions are unknown here: they come without their token.
        """
        credential = self._find(access_key, None) if _ACCESS_KEY.fullmatch(access_key) else None
        right = credential.secret_key if credential is not None else secrets.token_urlsafe(30)
        is_right = hmac.compare_digest(right.encode(), secret_key.encode(errors="surrogatepass"))
        return self._visits.begin(access_key, self._clock()) if credential is not None and is_right else None

    def token(self, visitor: Visitor | None, target: str) -> str:
        """Make the token of a form for *visitor*, None being somebody at the door, that is sent to *target*."""
        return self._visits.token(visitor.visit if visitor else NO_VISIT, target, self._clock())

    def fits(self, token: str, visitor: Visitor | None, target: str) -> bool:
        """Whether a form with *token* was shown to *visitor* for *target*."""
        return self._visits.fits(token, visitor.visit if visitor else NO_VISIT, target, self._clock())


def let_in(request: Request, visitor: Visitor) -> None:
    """Note who has made *request*."""
    request.scope[_KEY] = visitor


def visitor_of(request: Request) -> Visitor:
    """Say who has made a request that the door has let in."""
    visitor = request.scope[_KEY]
    assert isinstance(visitor, Visitor)
    return visitor
