"""
Who looks at the pages, and which forms they were given: remembered by the browser, sealed by the installation.

    cookie = sealed("dashboard visit", [visit, access key, end])     visit: random, one for each time somebody signs in
    token  = sealed("dashboard form", [visit, target, end])          target: the address that the form is sent to

A form's token is good for the visit that it was shown in and for one address, so neither a stranger's page, which can
read no page of ours, nor a form of another visitor has one that fits.
"""

import secrets
from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass

from luthier.identity.sessions import Sessions

LASTS_S = 12 * 3600.0
"""How long somebody stays signed in, and a form may be left open."""

NO_VISIT = ""
"""The visit of those who need not sign in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody who has signed in with an access key, until it ends."""

    name: str
    access_key: str


class Visits:
    """Every visit to the installation whose secret *sessions* have; *draw* gives so many random bytes."""

    def __init__(self, sessions: Sessions, draw: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._sessions, self._draw = sessions, draw

    def begin(self, access_key: str, now: float) -> str:
        """Make the cookie of a new visit; that its holder has the key's secret is for the caller to know."""
        name = b32encode(self._draw(10)).decode()
        return self._sessions.sealed("dashboard visit", [name, access_key, now + LASTS_S])

    def of(self, cookie: str, now: float) -> Visit | None:
        """Give the visit that *cookie* stands for; None for one that is over, or was not made here."""
        match self._sessions.opened("dashboard visit", cookie):
            case [str(name), str(access_key), float(end)] if now < end:
                return Visit(name=name, access_key=access_key)
            case _:
                return None

    def token(self, visit: str, target: str, now: float) -> str:
        """Make the token of a form that is shown in *visit* and sent to *target*."""
        return self._sessions.sealed("dashboard form", [visit, target, now + LASTS_S])

    def fits(self, token: str, visit: str, target: str, now: float) -> bool:
        """Whether *token* is of a form that was shown in *visit*, for *target*, and not too long ago."""
        match self._sessions.opened("dashboard form", token):
            case [str(of_visit), str(of_target), float(end)]:
                return (of_visit, of_target) == (visit, target) and now < end
            case _:
                return False
