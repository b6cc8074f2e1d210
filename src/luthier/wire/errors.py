"""
Errors as each protocol writes them.

| dialect | body                                   | error code also in |
|---------|----------------------------------------|--------------------|
| json    | `{"__type": code, "message": text}`    | x-amzn-ErrorType   |
| query   | `<ErrorResponse><Error>...`            | x-amzn-ErrorType   |
| s3      | `<Error><Code>...`                     |                    |

botocore reads the body, the Go, Java and JavaScript clients read the header.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from xml.sax.saxutils import escape

from luthier.records.call import ApiError
from luthier.wire.claim import Fault, SignatureError
from luthier.wire.encode_xml import printable

UNKNOWN_OPERATION = "UnknownOperationException"


class Dialect(StrEnum):
    """The three ways in which AWS services speak here."""

    JSON = "json"
    QUERY = "query"
    S3 = "s3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What goes back, but for the headers that every reply has."""

    status: int
    body: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


def error_reply(error: ApiError, dialect: Dialect, request_id: str) -> Reply:
    """Write *error* as clients of *dialect* expect it."""
    if dialect is Dialect.S3:
        return Reply(
            status=error.http_status,
            body=_s3_body(error, request_id),
            content_type="application/xml",
            headers={"x-amz-request-id": request_id},
        )
    headers = {"x-amzn-ErrorType": error.code}
    if dialect is Dialect.QUERY:
        body = _query_body(error, request_id)
        return Reply(status=error.http_status, body=body, content_type="text/xml", headers=headers)
    document = {"__type": error.code, "message": error.message}
    body = json.dumps(document).encode()
    return Reply(status=error.http_status, body=body, content_type="application/x-amz-json-1.1", headers=headers)


def authentication_error(error: SignatureError, dialect: Dialect) -> ApiError:
    """Give a failed authentication the code and status that it has in *dialect*."""
    code, status = _AUTHENTICATION[dialect][error.fault]
    return ApiError(code, error.message, http_status=status)


def unknown_operation(message: str, dialect: Dialect) -> ApiError:
    """The error for an operation that nobody here answers."""
    return ApiError("InvalidAction" if dialect is Dialect.QUERY else UNKNOWN_OPERATION, message)


def internal_failure(dialect: Dialect) -> ApiError:
    """The error for a fault of ours, telling nothing of it."""
    code = "InternalError" if dialect is Dialect.S3 else "InternalFailure"
    return ApiError(code, "We encountered an internal error. Please try again.", http_status=500)


_AUTHENTICATION: Mapping[Dialect, Mapping[Fault, tuple[str, int]]] = {
    Dialect.JSON: {
        Fault.MISSING: ("MissingAuthenticationTokenException", 400),
        Fault.INCOMPLETE: ("IncompleteSignatureException", 400),
        Fault.UNSUPPORTED: ("IncompleteSignatureException", 400),
        Fault.UNKNOWN_KEY: ("UnrecognizedClientException", 400),
        Fault.TOKEN: ("UnrecognizedClientException", 400),
        Fault.MISMATCH: ("InvalidSignatureException", 400),
        Fault.SKEWED: ("InvalidSignatureException", 400),
        Fault.EXPIRED: ("InvalidSignatureException", 400),
        Fault.NOT_SIGNED: ("InvalidSignatureException", 400),
    },
    Dialect.QUERY: {
        Fault.MISSING: ("MissingAuthenticationToken", 403),
        Fault.INCOMPLETE: ("IncompleteSignature", 400),
        Fault.UNSUPPORTED: ("IncompleteSignature", 400),
        Fault.UNKNOWN_KEY: ("InvalidClientTokenId", 403),
        Fault.TOKEN: ("InvalidClientTokenId", 403),
        Fault.MISMATCH: ("SignatureDoesNotMatch", 403),
        Fault.SKEWED: ("SignatureDoesNotMatch", 403),
        Fault.EXPIRED: ("SignatureDoesNotMatch", 403),
        Fault.NOT_SIGNED: ("SignatureDoesNotMatch", 403),
    },
    Dialect.S3: {
        Fault.MISSING: ("AccessDenied", 403),
        Fault.INCOMPLETE: ("AuthorizationHeaderMalformed", 400),
        Fault.UNSUPPORTED: ("InvalidRequest", 400),
        Fault.UNKNOWN_KEY: ("InvalidAccessKeyId", 403),
        Fault.TOKEN: ("InvalidToken", 400),
        Fault.MISMATCH: ("SignatureDoesNotMatch", 403),
        Fault.SKEWED: ("RequestTimeTooSkewed", 403),
        Fault.EXPIRED: ("AccessDenied", 403),
        Fault.NOT_SIGNED: ("AccessDenied", 403),
    },
}


def _query_body(error: ApiError, request_id: str) -> bytes:
    kind = "Sender" if error.http_status < 500 else "Receiver"
    return (
        f"<ErrorResponse><Error><Type>{kind}</Type><Code>{_xml(error.code)}</Code>"
        f"<Message>{_xml(error.message)}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    ).encode()


def _s3_body(error: ApiError, request_id: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{_xml(error.code)}</Code><Message>{_xml(error.message)}</Message>"
        f"<RequestId>{request_id}</RequestId></Error>"
    ).encode()


def _xml(text: str) -> str:
    return escape(printable(text))
