"""
S3's older presigned URLs (Signature Version 2), which boto3 still makes unless it is told `signature_version="s3v4"`.

    text      = method / Content-MD5 / Content-Type / Expires / x-amz-* headers / path?sub-resources
    signature = Base64(HMAC-SHA1(secret, text))

boto3 moves headers into the query, so a header is looked for in both places.

Source: "Signing and authenticating REST requests (AWS signature version 2)", Amazon S3 User Guide.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

from luthier.wire.claim import ACCESS_KEY, INVALID_TOKEN, Fault, SignatureError
from luthier.wire.request import HttpRequest, plain, to_bytes
from luthier.wire.sigv4 import Credential, known, refuse_expired

SUB_RESOURCES = re.compile(
    "accelerate|acl|analytics|cors|defaultObjectAcl|delete|inventory|lifecycle|location|logging|metrics|notification|"
    "object-lock|partNumber|policy|replication|requestPayment|response-(cache-control|content-disposition|"
    "content-encoding|content-language|content-type|expires)|restore|select|select-type|storageClass|tagging|torrent|"
    "uploadId|uploads|versionId|versioning|versions|website"
)
MEMBERS = ("AWSAccessKeyId", "Signature", "Expires")


@dataclass(frozen=True, slots=True, kw_only=True)
class PresignedClaim:
    """What the URL says of its signature; nothing of it is verified yet."""

    access_key: str
    signature: str
    expires_at: str  # decimal digits: seconds since the epoch


def read_presigned_claim(request: HttpRequest) -> PresignedClaim | None:
    """Read the claim of a presigned URL of this kind, or None if the URL is none; raises SignatureError if garbled."""
    if all(request.parameter(name) is None for name in MEMBERS[:2]):
        return None
    access_key, signature, expires_at = (request.parameter(name) or "" for name in MEMBERS)
    if not (access_key and signature and re.fullmatch("[0-9]{1,12}", expires_at)):
        raise SignatureError(
            Fault.INCOMPLETE, f"Query-string authentication requires each of these once: {', '.join(MEMBERS)}"
        )
    if not ACCESS_KEY.fullmatch(access_key):
        raise SignatureError(Fault.UNKNOWN_KEY, INVALID_TOKEN)
    return PresignedClaim(access_key=access_key, signature=signature, expires_at=expires_at)


def verify_presigned(
    claim: PresignedClaim, request: HttpRequest, path: str, credential: Credential | None, now: float
) -> Credential:
    """
    Give the *credential*; raises SignatureError unless it signed this request for *path*.

    The path is encoded, with the bucket in front.
    """
    credential = known(credential, request)
    text = _text_to_sign(claim, request, path)
    expected = base64.b64encode(hmac.digest(credential.secret_key.encode(), to_bytes(text), hashlib.sha1))
    if not hmac.compare_digest(expected, to_bytes(claim.signature)):
        raise SignatureError(
            Fault.MISMATCH,
            "The request signature we calculated does not match the signature you provided. Check your key and "
            "signing method.",
        )
    if now > int(claim.expires_at):
        raise SignatureError(Fault.EXPIRED, "Request has expired")
    refuse_expired(credential, now)
    return credential


def _text_to_sign(claim: PresignedClaim, request: HttpRequest, path: str) -> str:
    amazon = sorted({name for name, _ in (*request.headers, *request.parameters) if name.startswith("x-amz-")})
    lines = (
        request.method,
        _value(request, "content-md5"),
        _value(request, "content-type"),
        claim.expires_at,
        *(f"{name}:{_value(request, name)}" for name in amazon),
        path + _signed_query(request),
    )
    return "\n".join(lines)


def _value(request: HttpRequest, name: str) -> str:
    values = [value.strip() for key, value in (*request.headers, *request.parameters) if key == name]
    return ",".join(dict.fromkeys(values))


def _signed_query(request: HttpRequest) -> str:
    pairs = sorted(
        (name, name if not equals else f"{name}={plain(value)}")
        for name, equals, value in request.raw_parameters()
        if SUB_RESOURCES.fullmatch(name)
    )
    return "?" + "&".join(pair for _, pair in pairs) if pairs else ""
