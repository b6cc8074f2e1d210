"""
Signature Version 4: is a request the one that its sender signed?

    key       = HMAC(HMAC(HMAC(HMAC("AWS4" + secret, date), region), service), "aws4_request")
    text      = "AWS4-HMAC-SHA256" / time / date/region/service/aws4_request / SHA256(canonical request)
    signature = HMAC(key, text)

S3 signs its path as it is and may leave the body out; every other service encodes the normalised path once more.

Source: "Create a signed AWS API request", AWS IAM User Guide; for S3, "Authenticating Requests", S3 API Reference.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from luthier.records.identity import Principal
from luthier.wire.claim import ALGORITHM, INVALID_TOKEN, Claim, Fault, SignatureError, refuse_token, session_token
from luthier.wire.request import HttpRequest, plain, to_bytes

FindCredential = Callable[[str, str | None], "Credential | None"]
"""Finds the credential of an access key; the session token that came with it, if any, tells temporary ones."""

SKEW_S = 15 * 60
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
S3 = "s3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """One access key, and who may sign with it."""

    access_key: str
    secret_key: str = field(repr=False)
    principal: Principal
    session_token: str | None = field(default=None, repr=False)  # of temporary credentials
    expires_at: float | None = None  # likewise, seconds since the epoch


def verify(
    claim: Claim, request: HttpRequest, credential: Credential | None, body_sha256: str, now: float
) -> Credential:
    """
    Give the *credential* that the claim names; raises SignatureError unless it signed this request, not too long ago.

    *body_sha256* is the hexadecimal hash of the body, or for S3 what `s3_payload` gives.
    """
    credential = known(credential, request)
    _refuse_unsigned(claim, request)
    expected = hmac.new(signing_key(claim, credential), _text_to_sign(claim, request, body_sha256), hashlib.sha256)
    if not hmac.compare_digest(expected.hexdigest().encode(), to_bytes(claim.signature)):
        raise SignatureError(
            Fault.MISMATCH,
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
            "Access Key and signing method. Consult the service documentation for details.",
        )
    _refuse_wrong_time(claim, now)
    refuse_expired(credential, now)
    return credential


def known(credential: Credential | None, request: HttpRequest) -> Credential:
    """Give the *credential* that was found; raises SignatureError for none, or one of which this is not the token."""
    if credential is None:
        raise SignatureError(Fault.TOKEN if session_token(request) else Fault.UNKNOWN_KEY, INVALID_TOKEN)
    refuse_token(request, credential.session_token)
    return credential


def refuse_expired(credential: Credential, now: float) -> None:
    """Raise SignatureError for temporary credentials whose time is over."""
    if credential.expires_at is not None and now >= credential.expires_at:
        raise SignatureError(Fault.TOKEN_EXPIRED, "The security token included in the request is expired")


def s3_payload(claim: Claim, request: HttpRequest) -> str:
    """Give what an S3 request signs in the place of its body's hash: the hash it declares, or a word for none."""
    declared = request.header("x-amz-content-sha256")
    if declared is not None:
        return declared
    if claim.expires_s is not None:
        return UNSIGNED_PAYLOAD
    raise SignatureError(Fault.INCOMPLETE, "Missing required header for this request: x-amz-content-sha256")


def signing_key(claim: Claim, credential: Credential) -> bytes:
    """Give the key that signs everything within the claim's scope."""
    key = b"AWS4" + credential.secret_key.encode()
    for part in (claim.date, claim.region, claim.service, "aws4_request"):
        key = hmac.new(key, to_bytes(part), hashlib.sha256).digest()
    return key


def _refuse_unsigned(claim: Claim, request: HttpRequest) -> None:
    unsigned = {name for name, _ in request.headers if name.startswith("x-amz-")} - set(claim.signed_headers)
    if unsigned:
        raise SignatureError(
            Fault.NOT_SIGNED, f"There were headers present in the request which were not signed: {', '.join(unsigned)}"
        )


def _refuse_wrong_time(claim: Claim, now: float) -> None:
    if claim.expires_s is not None and claim.service == S3:
        if now > claim.signed_at + claim.expires_s:
            raise SignatureError(Fault.EXPIRED, "Request has expired")
        if now < claim.signed_at - SKEW_S:
            raise SignatureError(Fault.EXPIRED, "Request is not valid yet")
        return
    valid_s = SKEW_S if claim.expires_s is None else claim.expires_s
    if now > claim.signed_at + valid_s:
        earliest = _basic(now - valid_s)
        span = f"{_basic(now)} - {_span(valid_s)}"
        raise SignatureError(
            Fault.SKEWED, f"Signature expired: {claim.timestamp} is now earlier than {earliest} ({span})"
        )
    if now < claim.signed_at - SKEW_S:
        latest = _basic(now + SKEW_S)
        raise SignatureError(
            Fault.SKEWED,
            f"Signature not yet current: {claim.timestamp} is still later than {latest} "
            f"({_basic(now)} + {_span(SKEW_S)})",
        )


def _basic(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y%m%dT%H%M%SZ}"


def _span(seconds: int) -> str:
    return f"{seconds // 60} min." if seconds % 60 == 0 else f"{seconds} s"


def _text_to_sign(claim: Claim, request: HttpRequest, body_sha256: str) -> bytes:
    encode_path: Callable[[str], str] = s3_path if claim.service == S3 else _path
    canonical = "\n".join(
        (
            request.method,
            encode_path(request.path),
            canonical_query(request),
            *(f"{name}:{_header_value(request, name)}" for name in claim.signed_headers),
            "",
            ";".join(claim.signed_headers),
            body_sha256,
        )
    )
    hashed = hashlib.sha256(to_bytes(canonical)).hexdigest()
    return to_bytes("\n".join((ALGORITHM, claim.timestamp, claim.scope, hashed)))


def canonical_query(request: HttpRequest) -> str:
    """Give every query parameter but the signature itself, sorted, each encoded exactly as AWS would."""
    pairs = sorted((encoded(name), encoded(value)) for name, value in request.parameters if name != "X-Amz-Signature")
    return "&".join(f"{name}={value}" for name, value in pairs)


def s3_path(path: str) -> str:
    """Give the path as S3 signs it: every byte but slashes and the unreserved encoded once, nothing removed."""
    return "/".join(encoded(plain(part)) for part in path.split("/"))


def encoded(text: str, keep: str = "") -> str:
    """Percent-encode all but letters, digits, `-_.~` and *keep*."""
    return quote(to_bytes(text), safe=keep + "-_.~")


def _path(path: str) -> str:
    kept = list[str]()
    for part in path.split("/"):
        if part == "..":
            del kept[-1:]
        elif part not in ("", "."):
            kept.append(part)
    end = "/" if path.endswith("/") and kept else ""
    return encoded("/" + "/".join(kept) + end, keep="/")


def _header_value(request: HttpRequest, name: str) -> str:
    return ",".join(" ".join(value.split()) for key, value in request.headers if key == name)
