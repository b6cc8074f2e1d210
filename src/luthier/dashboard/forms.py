"""
Forms that browsers send, taken only from pages of ours: no other site can have a visitor do anything.

| what must be                                         | what it keeps out                                    |
|------------------------------------------------------|------------------------------------------------------|
| `Origin` names the host that the request was sent to | other sites, in every browser                        |
| `Sec-Fetch-Site`, if there is one, is `same-origin`  | likewise, and pages of another port                  |
| the token fits the visit and the address             | whoever has not read a page of this very visit       |
| the cookie is `SameSite=Strict`                      | that another site's request comes with it at all     |

OWASP: "Cross-Site Request Forgery Prevention Cheat Sheet".
"""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request

LONGEST = 16 * 1024
"""Bytes of a form."""

MOST_FIELDS = 20
TOKEN = "token"  # noqa: S105  # a field's name

_KIND = "application/x-www-form-urlencoded"


async def read_form(request: Request) -> Mapping[str, str]:
    """
    Read the fields of a form that was sent from a page of ours.

    Raises HTTPException for one that another site has sent, and for what is too long or no form.
    """
    if not _is_from_ours(request):
        raise HTTPException(HTTPStatus.FORBIDDEN, "This form was not sent from a page of this server. Open it here.")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _KIND:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"A form is sent as {_KIND}.")
    body = bytearray()
    async for arrived in request.stream():
        body += arrived
        if len(body) > LONGEST:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A form has at most {LONGEST} bytes.")
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "This is not a form of this server.") from None


def stale_form() -> HTTPException:
    """The error for a form whose token does not fit."""
    return HTTPException(
        HTTPStatus.FORBIDDEN, "This form is of another visit, or was left open for too long. Open it anew."
    )


def _is_from_ours(request: Request) -> bool:
    """Compare hosts with ports; the scheme may have been taken off by a proxy that speaks TLS."""
    origins, hosts = request.headers.getlist("origin"), request.headers.getlist("host")
    if len(origins) != 1 or len(hosts) != 1 or request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    try:
        origin = urlsplit(origins[0])
    except ValueError:
        return False
    return origin.scheme in ("http", "https") and origin.netloc.lower() == hosts[0].lower()
