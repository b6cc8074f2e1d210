"""
What a request says of its signature, before any of it is believed.

The claim stands either in the Authorization header or, for a presigned URL, in X-Amz-* query parameters.

Source: "Elements of an AWS API request signature", AWS IAM User Guide.
"""

import calendar
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from luthier.wire.request import HttpRequest, to_bytes

ALGORITHM = "AWS4-HMAC-SHA256"
SESSION_TOKEN = "x-amz-security-token"  # noqa: S105  # a header's name, and in other capitals a parameter's
DEFAULT_EXPIRY_S = 15 * 60  # of a presigned URL that names none
INVALID_TOKEN = "The security token included in the request is invalid."  # noqa: S105  # what AWS says
ACCESS_KEY = re.compile("[A-Za-z0-9_.-]{1,128}")
LONGEST_EXPIRY_S = 7 * 24 * 3600


class Fault(StrEnum):
    """What can be wrong with a request's authentication; `wire.errors` knows each protocol's code for it."""

    MISSING = "missing"
    INCOMPLETE = "incomplete"
    UNSUPPORTED = "unsupported"
    UNKNOWN_KEY = "unknown key"
    TOKEN = "token"  # noqa: S105  # the name of a fault
    TOKEN_EXPIRED = "token expired"  # noqa: S105  # likewise
    MISMATCH = "mismatch"
    SKEWED = "skewed"
    EXPIRED = "expired"
    NOT_SIGNED = "not signed"


class SignatureError(Exception):
    """The request is not authenticated."""

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(message)
        self.fault = fault
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a request says of its signature; nothing of it is verified yet."""

    access_key: str
    date: str  # YYYYMMDD
    region: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str
    timestamp: str  # YYYYMMDDTHHMMSSZ
    signed_at: float  # the timestamp, in seconds since the epoch
    expires_s: int | None = None  # of a presigned URL

    @property
    def scope(self) -> str:
        """The credential scope, as it is signed."""
        return f"{self.date}/{self.region}/{self.service}/aws4_request"


def read_claim(request: HttpRequest) -> Claim | None:
    """Read who the request says it is from, or None if it says nothing; raises SignatureError for a garbled claim."""
    authorization = request.header("authorization")
    if authorization is not None:
        return _header_claim(request, authorization)
    if any(name in _QUERY_MEMBERS for name, _ in request.parameters):
        return _query_claim(request)
    return None


def session_token(request: HttpRequest) -> str | None:
    """Give the session token that came with temporary credentials, in a header or the URL; None if none came."""
    given = (value for name, value in (*request.headers, *request.parameters) if name.lower() == SESSION_TOKEN)
    return ",".join(dict.fromkeys(given)) or None  # two different ones make one that nobody was given


def refuse_token(request: HttpRequest, expected: str | None) -> None:
    """
    Raise SignatureError unless the request brings the session token that is *expected*, or none where that is None.

    Keys of users have no token, temporary credentials are worth nothing without theirs.
    """
    if not hmac.compare_digest(to_bytes(session_token(request) or ""), to_bytes(expected or "")):
        raise SignatureError(Fault.TOKEN, INVALID_TOKEN)


_HEADER_MEMBERS = ("Credential", "SignedHeaders", "Signature")
_QUERY_MEMBERS = ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Signature")


def _header_claim(request: HttpRequest, authorization: str) -> Claim:
    algorithm, _, rest = authorization.strip().partition(" ")
    if algorithm != ALGORITHM:
        raise SignatureError(
            Fault.UNSUPPORTED,
            f"The authorization mechanism you have provided is not supported. Please use {ALGORITHM}.",
        )
    members = dict[str, str]()
    for each in rest.split(","):
        name, _, value = each.strip().partition("=")
        members[name] = value
    missing = [name for name in _HEADER_MEMBERS if not members.get(name)]
    if missing:
        raise SignatureError(
            Fault.INCOMPLETE, " ".join(f"Authorization header requires '{name}' parameter." for name in missing)
        )
    return _claim(
        members["Credential"], members["SignedHeaders"], members["Signature"], _timestamp_of_headers(request), None
    )


def _query_claim(request: HttpRequest) -> Claim:
    members = {name: request.parameter(name) or "" for name in (*_QUERY_MEMBERS, "X-Amz-Expires")}
    missing = [name for name in _QUERY_MEMBERS if not members[name]]
    if missing:
        raise SignatureError(
            Fault.INCOMPLETE, f"AWS query-string parameters must include each of these once: {', '.join(missing)}"
        )
    if members["X-Amz-Algorithm"] != ALGORITHM:
        raise SignatureError(Fault.UNSUPPORTED, f"X-Amz-Algorithm only supports {ALGORITHM}")
    expires = members["X-Amz-Expires"] or str(DEFAULT_EXPIRY_S)
    if not re.fullmatch("[0-9]{1,6}", expires) or int(expires) > LONGEST_EXPIRY_S:
        raise SignatureError(
            Fault.INCOMPLETE, f"X-Amz-Expires must be a number of seconds from 0 to {LONGEST_EXPIRY_S}, a week"
        )
    timestamp = members["X-Amz-Date"]
    return _claim(
        members["X-Amz-Credential"], members["X-Amz-SignedHeaders"], members["X-Amz-Signature"], timestamp, int(expires)
    )


def _claim(credential: str, signed_headers: str, signature: str, timestamp: str, expires_s: int | None) -> Claim:
    parts = credential.rsplit("/", 4)
    if len(parts) != 5 or not all(parts):
        raise SignatureError(
            Fault.INCOMPLETE, "Credential must have five parts: access key/date/region/service/aws4_request"
        )
    access_key, date, region, service, terminal = parts
    if terminal != "aws4_request":
        raise SignatureError(Fault.INCOMPLETE, "Credential should be scoped with a valid terminator: 'aws4_request'")
    signed_at = _seconds(timestamp)
    if signed_at is None:
        raise SignatureError(Fault.INCOMPLETE, "Date must be in ISO-8601 'basic format', such as 20261123T185616Z")
    if not ACCESS_KEY.fullmatch(access_key):
        raise SignatureError(Fault.UNKNOWN_KEY, INVALID_TOKEN)
    if not (re.fullmatch("[a-z0-9-]{1,64}", region) and re.fullmatch("[A-Za-z0-9._-]{1,64}", service)):
        raise SignatureError(Fault.INCOMPLETE, "Credential names no region or no service")
    if timestamp[:8] != date:
        raise SignatureError(
            Fault.INCOMPLETE, f"Date in Credential scope does not match the date of the request: {timestamp[:8]}"
        )
    names = tuple(signed_headers.split(";"))
    if "host" not in names:
        raise SignatureError(Fault.INCOMPLETE, "'Host' or ':authority' must be a 'SignedHeader' in the Authorization.")
    return Claim(
        access_key=access_key,
        date=date,
        region=region,
        service=service,
        signed_headers=names,
        signature=signature,
        timestamp=timestamp,
        signed_at=signed_at,
        expires_s=expires_s,
    )


def _timestamp_of_headers(request: HttpRequest) -> str:
    given = request.header("x-amz-date")
    if given is not None:
        return given
    date = request.header("date")
    if date is None:
        raise SignatureError(
            Fault.INCOMPLETE, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
        )
    if re.fullmatch(r"\d{8}T\d{6}Z", date):
        return date
    try:
        return f"{parsedate_to_datetime(date).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    except (ValueError, OverflowError):
        raise SignatureError(Fault.INCOMPLETE, "The 'Date' header holds no date") from None


def _seconds(timestamp: str) -> float | None:
    if not re.fullmatch(r"[0-9]{8}T[0-9]{6}Z", timestamp):
        return None
    try:
        return float(calendar.timegm(datetime.strptime(timestamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timetuple()))
    except ValueError:
        return None
