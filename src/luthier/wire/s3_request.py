"""An S3 request, taken apart: which object it is about, what of it the upstream gets, and how its body is read."""

import re
from collections.abc import Collection

from luthier.records.call import ApiError
from luthier.wire import sigv2
from luthier.wire.aws_chunked import (
    KINDS,
    UNSIGNED_WITH_TRAILER,
    BodyReader,
    ChunkedReader,
    ChunkSigner,
    PlainReader,
)
from luthier.wire.claim import Claim
from luthier.wire.request import HttpRequest, to_bytes
from luthier.wire.sigv4 import UNSIGNED_PAYLOAD, Credential, encoded, signing_key

HOP_BY_HOP = frozenset(
    ("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer")
) | {"transfer-encoding", "upgrade"}
REPLACED = frozenset(  # the upstream gets its own signature and length, and a body that is not chunked
    ("authorization", "content-encoding", "content-length", "date", "expect", "host", "x-amz-content-sha256")
) | {"x-amz-date", "x-amz-decoded-content-length", "x-amz-trailer"}
AUTHENTICATION = frozenset(
    f"X-Amz-{name}" for name in ("Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature")
)


def object_path(request: HttpRequest, host_suffixes: Collection[str]) -> str:
    """
    Give the path with the bucket in front, encoded as it came.

    The bucket stands in the path already, unless the host is a bucket's name and one of *host_suffixes*, such as
    `.localhost`.
    """
    host = re.sub(r":[0-9]*$", "", request.header("host") or "").lower()
    for suffix in host_suffixes:
        if host.endswith(suffix) and host != suffix:
            return f"/{encoded(host.removesuffix(suffix))}{request.path}"
    return request.path


def on_the_wire(text: str) -> str:
    """Make a path or query ASCII: bytes that do not belong in a URL are percent-encoded, all else is as it came."""
    return re.sub(rb"[^\x21-\x7e]", lambda found: b"%%%02X" % found[0][0], to_bytes(text)).decode()


def kept_query(request: HttpRequest) -> str:
    """Give the query without what authenticates the request, encoded as AWS signs it."""
    pairs = zip(request.parameters, request.raw_parameters(), strict=True)
    kept = ((name, equals, value) for (name, value), (_, equals, _) in pairs if not _is_dropped(request, name))
    return "&".join(encoded(name) + equals + encoded(value) for name, equals, value in kept)


def kept_headers(request: HttpRequest) -> dict[str, str]:
    """
    Give the headers that the upstream gets beside its own signature, length and date.

    Raises ApiError for a header that is no UTF-8 text.
    """
    kept = dict[str, str]()
    moved = [pair for pair in request.parameters if _is_moved(request, pair[0])]
    for name, value in (*request.headers, *moved):
        if name not in HOP_BY_HOP and name not in REPLACED:
            kept[name] = f"{kept[name]},{value}" if name in kept else value
    codings = [each.strip() for each in (request.header("content-encoding") or "").split(",")]
    if coding := ",".join(each for each in codings if each not in ("", "aws-chunked")):
        kept["content-encoding"] = coding
    try:
        "".join([*kept, *kept.values()]).encode()
    except UnicodeEncodeError:
        raise ApiError("InvalidArgument", "A header of the request is not UTF-8 text.") from None
    return kept


def announced_length(request: HttpRequest, payload: str) -> int:
    """Say how many bytes the object has, for the *payload* kind; raises ApiError if the request does not say it."""
    name = "x-amz-decoded-content-length" if payload in KINDS else "content-length"
    given = request.header(name)
    if given is None and payload not in KINDS and request.header("transfer-encoding") is None:
        return 0
    if given is None or not re.fullmatch("[0-9]{1,15}", given):
        raise ApiError("MissingContentLength", f"You must provide the {name} HTTP header.", http_status=411)
    return int(given)


def chunk_signer(claim: Claim, credential: Credential) -> ChunkSigner:
    """Give what verifies the chunks of a request that *credential* has been found to have signed."""
    return ChunkSigner(signing_key(claim, credential), claim.timestamp, claim.scope, claim.signature)


def body_reader(request: HttpRequest, payload: str, signer: ChunkSigner | None) -> BodyReader:
    """
    Choose how the body is read and checked.

    *payload* is what the request signed in the place of its body's hash; raises ApiError if it makes no sense.
    """
    length = announced_length(request, payload)
    if payload in KINDS:
        trailer = request.header("x-amz-trailer") if payload.endswith("-TRAILER") else None
        return ChunkedReader(
            length,
            signer=None if payload == UNSIGNED_WITH_TRAILER else signer,
            trailer=trailer.strip().lower() if trailer else None,
        )
    if payload == UNSIGNED_PAYLOAD:
        return PlainReader(length, None)
    if re.fullmatch("[0-9a-f]{64}", payload):
        return PlainReader(length, payload)
    raise ApiError(
        "InvalidArgument",
        f"x-amz-content-sha256 must be {UNSIGNED_PAYLOAD}, one of {', '.join(sorted(KINDS))}, or a SHA-256 in hex.",
    )


def _is_dropped(request: HttpRequest, name: str) -> bool:
    if name.startswith("X-Amz-"):
        return name in AUTHENTICATION
    return _is_presigned(request) and (name in sigv2.MEMBERS or _is_moved(request, name))


def _is_moved(request: HttpRequest, name: str) -> bool:
    """Say whether a query parameter is a header in truth: presigning with version 2 moves them."""
    return _is_presigned(request) and name.startswith("x-amz-")


def _is_presigned(request: HttpRequest) -> bool:
    return request.parameter("AWSAccessKeyId") is not None
