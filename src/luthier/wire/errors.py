"""
Errors as each protocol writes them.

| dialect | body                                     | error code also in |
|---------|------------------------------------------|--------------------|
| json    | `{"__type": code, "message": text}`      | x-amzn-ErrorType   |
| cbor    | the same as CBOR                         | x-amzn-ErrorType   |
| query   | `<ErrorResponse><Error>...`              | x-amzn-ErrorType   |
| ec2     | `<Response><Errors><Error>...`           | x-amzn-ErrorType   |
| s3      | `<Error><Code>...`                       |                    |

botocore reads the body, the Go, Java and JavaScript clients read the header. A service that has left the query protocol
behind goes on telling its old codes: in JSON and CBOR `__type` is then the name of the modelled error, and the code
itself stands in x-amzn-query-error. Source: "AWS query compatible", Smithy documentation.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from xml.sax.saxutils import escape

from luthier.records.call import ApiError
from luthier.wire.claim import Fault, SignatureError
from luthier.wire.encode_cbor import texts
from luthier.wire.encode_xml import printable
from luthier.wire.model import Service

UNKNOWN_OPERATION = "UnknownOperationException"
SMITHY_CBOR = "rpc-v2-cbor"  # in the header smithy-protocol, of requests and replies


class Dialect(StrEnum):
    """The ways in which AWS services speak here."""

    JSON = "json"
    CBOR = "cbor"
    QUERY = "query"
    EC2 = "ec2"  # the query protocol with an envelope of its own around errors
    S3 = "s3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What goes back, but for the headers that every reply has."""

    status: int
    body: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


def error_reply(error: ApiError, dialect: Dialect, request_id: str, service: Service | None = None) -> Reply:
    """Write *error* as clients of *dialect* expect it, and of *service* if it is known."""
    if dialect is Dialect.S3:
        return Reply(
            status=error.http_status,
            body=_s3_body(error, request_id),
            content_type="application/xml",
            headers={"x-amz-request-id": request_id},
        )
    error = _in_words_of(error, dialect, service)
    if dialect in (Dialect.QUERY, Dialect.EC2):
        body = _ec2_body(error, request_id) if dialect is Dialect.EC2 else _query_body(error, request_id)
        headers = {"x-amzn-ErrorType": error.code}
        return Reply(status=error.http_status, body=body, content_type="text/xml", headers=headers)
    return _document_reply(error, dialect, service)


def _document_reply(error: ApiError, dialect: Dialect, service: Service | None) -> Reply:
    kind, headers = error.code, dict[str, str]()
    if service is not None and service.error_shapes is not None:
        kind = service.error_shapes.get(error.code, error.code)
        headers["x-amzn-query-error"] = f"{error.code};{_side(error)}"
    headers["x-amzn-ErrorType"] = kind
    document = {"__type": kind, "message": error.message}
    if dialect is Dialect.CBOR:
        headers["smithy-protocol"] = SMITHY_CBOR
        body, content_type = texts(document), "application/cbor"
    else:
        body = json.dumps(document).encode()
        content_type = f"application/x-amz-json-{service.json_version if service else '1.1'}"
    return Reply(status=error.http_status, body=body, content_type=content_type, headers=headers)


def authentication_error(error: SignatureError, dialect: Dialect) -> ApiError:
    """Give a failed authentication the code and status that it has in *dialect*."""
    code, status = _AUTHENTICATION[_FAMILY.get(dialect, dialect)][error.fault]
    message = _WORDS_OF_S3.get(error.fault, error.message) if dialect is Dialect.S3 else error.message
    return ApiError(code, message, http_status=status)


def unknown_operation(message: str, dialect: Dialect) -> ApiError:
    """The error for an operation that nobody here answers."""
    is_query = dialect in (Dialect.QUERY, Dialect.EC2)
    return ApiError("InvalidAction" if is_query else UNKNOWN_OPERATION, message)


def internal_failure(dialect: Dialect) -> ApiError:
    """The error for a fault of ours, telling nothing of it."""
    code = "InternalError" if dialect is Dialect.S3 else "InternalFailure"
    return ApiError(code, "We encountered an internal error. Please try again.", http_status=500)


_FAMILY = {Dialect.CBOR: Dialect.JSON, Dialect.EC2: Dialect.QUERY}  # these name failed authentication alike

_AUTHENTICATION: Mapping[Dialect, Mapping[Fault, tuple[str, int]]] = {
    Dialect.JSON: {
        Fault.MISSING: ("MissingAuthenticationTokenException", 400),
        Fault.INCOMPLETE: ("IncompleteSignatureException", 400),
        Fault.UNSUPPORTED: ("IncompleteSignatureException", 400),
        Fault.UNKNOWN_KEY: ("UnrecognizedClientException", 400),
        Fault.TOKEN: ("UnrecognizedClientException", 400),
        Fault.TOKEN_EXPIRED: ("ExpiredTokenException", 400),
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
        Fault.TOKEN_EXPIRED: ("ExpiredToken", 403),
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
        Fault.TOKEN_EXPIRED: ("ExpiredToken", 400),
        Fault.MISMATCH: ("SignatureDoesNotMatch", 403),
        Fault.SKEWED: ("RequestTimeTooSkewed", 403),
        Fault.EXPIRED: ("AccessDenied", 403),
        Fault.NOT_SIGNED: ("AccessDenied", 403),
    },
}

_WORDS_OF_S3: Mapping[Fault, str] = {
    Fault.UNKNOWN_KEY: "The AWS Access Key Id you provided does not exist in our records.",
    Fault.TOKEN: "The provided token is malformed or otherwise invalid.",
    Fault.TOKEN_EXPIRED: "The provided token has expired.",
}
"""Where S3 says it in other words than the rest; source: "Error responses", Amazon S3 API Reference."""

_IN_QUERY: Mapping[str, tuple[str, int]] = {
    "AccessDeniedException": ("AccessDenied", 403),
    "SerializationException": ("MalformedInput", 400),
    "ThrottlingException": ("Throttling", 400),
    "ValidationException": ("ValidationError", 400),
}
"""
What the query services call the errors that every service has, in whatever protocol they are spoken to today.

Source: "Common errors", IAM and STS API References.
"""

_OF_SERVICE: Mapping[tuple[str, str], tuple[str, int]] = {
    ("logs", "ValidationException"): ("InvalidParameterException", 400),
}
"""The same, of single services by botocore's name. Source: "GetLogEvents", CloudWatch Logs API Reference."""


def _in_words_of(error: ApiError, dialect: Dialect, service: Service | None) -> ApiError:
    words: tuple[str, int] | None = None
    if dialect in (Dialect.QUERY, Dialect.EC2) or (service is not None and service.error_shapes is not None):
        words = _IN_QUERY.get(error.code)
    if service is not None:
        words = _OF_SERVICE.get((service.name, error.code), words)
    code, status = words or (error.code, error.http_status)
    return ApiError(code, error.message, http_status=status)


def _side(error: ApiError) -> str:
    return "Sender" if error.http_status < 500 else "Receiver"


def _ec2_body(error: ApiError, request_id: str) -> bytes:
    return (
        f"<Response><Errors><Error><Code>{_xml(error.code)}</Code><Message>{_xml(error.message)}</Message></Error>"
        f"</Errors><RequestID>{request_id}</RequestID></Response>"
    ).encode()


def _query_body(error: ApiError, request_id: str) -> bytes:
    return (
        f"<ErrorResponse><Error><Type>{_side(error)}</Type><Code>{_xml(error.code)}</Code>"
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
