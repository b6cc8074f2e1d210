"""
The protocols in which AWS services are spoken to: how a request is told, what it asks for, and how it is answered.

| dialect   | told by                                | operation named by                        | body  | answer |
|-----------|----------------------------------------|-------------------------------------------|-------|--------|
| JSON      | X-Amz-Target, or a JSON content type   | `<target prefix>.<operation>`             | JSON  | JSON   |
| CBOR      | `smithy-protocol: rpc-v2-cbor`         | `/service/<prefix>/operation/<operation>` | CBOR  | CBOR   |
| QUERY     | a form, or Action in the URL           | `Action` and `Version`, signing name      | form  | XML    |
| EC2       | the same, signed for ec2               | the same                                  | form  | XML    |
| S3        | signed for s3, or unsigned             | nothing here answers it                   |       |        |

Whether it is JSON 1.0 or 1.1 the service's model says, as it says which protocols a service has. A request of a REST
service, which names its operation by method and path, is taken for JSON, or for QUERY where the service speaks XML.

Source: "AWS JSON 1.0 and 1.1 protocols", "AWS query protocol" and "Smithy RPC v2 CBOR protocol", Smithy documentation.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qsl

from botocore.model import StructureShape

from luthier.records.call import ApiError
from luthier.records.json_value import JsonObject
from luthier.wire.claim import Claim
from luthier.wire.decode import decode_cbor, decode_json
from luthier.wire.decode_form import MOST_PARAMETERS, decode_form
from luthier.wire.encode import encode_json
from luthier.wire.encode_cbor import encode_cbor
from luthier.wire.encode_xml import encode_xml
from luthier.wire.errors import SMITHY_CBOR, Dialect, Reply
from luthier.wire.model import Operation, Service
from luthier.wire.request import HttpRequest
from luthier.wire.sigv4 import S3

FORM = "application/x-www-form-urlencoded"
REST_XML = ("cloudfront", "route53")  # signing names of the REST services that speak XML, S3's aside
_RPC_PATH = re.compile(r"/service/([^/]+)/operation/([^/]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a request says it asks for; nothing of it need exist."""

    service: str  # the target prefix, in the query protocols the signing name
    operation: str
    version: str | None = None  # of the service's API
    shown: str  # all of it, for people
    read: Callable[[StructureShape | None], JsonObject]  # its members; raises ApiError as decoders do


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """One way of speaking to services."""

    name: str  # in botocore's models
    ask: Callable[[HttpRequest, bytes, Claim], Asked]
    is_for: Callable[[Asked, Service], bool]
    write: Callable[[JsonObject | None, Operation, str], Reply]  # the last is the request's id


def dialect_of(request: HttpRequest, claim: Claim | None) -> Dialect:
    """Say in which dialect a request's sender speaks: by its credential scope, else by its looks."""
    if claim is not None and claim.service == S3:
        return Dialect.S3
    if request.header("smithy-protocol") == SMITHY_CBOR:
        return Dialect.CBOR
    content_type = (request.header("content-type") or "").lower()
    if request.header("x-amz-target") is not None or "json" in content_type:
        return Dialect.JSON
    if content_type.startswith(FORM) or request.parameter("Action") is not None:
        return Dialect.EC2 if claim is not None and claim.service == "ec2" else Dialect.QUERY
    if claim is None:
        return Dialect.S3
    return Dialect.QUERY if claim.service in REST_XML else Dialect.JSON


def _ask_json(request: HttpRequest, body: bytes, _: Claim) -> Asked:
    target = request.header("x-amz-target") or ""
    prefix, name = target.rpartition(".")[::2]
    shown = target or f"{request.method} {request.path}"
    return Asked(service=prefix, operation=name, shown=shown, read=partial(decode_json, body))


def _ask_cbor(request: HttpRequest, body: bytes, _: Claim) -> Asked:
    named = _RPC_PATH.fullmatch(request.path) if request.method == "POST" else None
    prefix, name = named.groups() if named else ("", "")
    shown = f"{request.method} {request.path}"
    return Asked(service=prefix, operation=name, shown=shown, read=partial(decode_cbor, body))


def _ask_form(request: HttpRequest, body: bytes, claim: Claim) -> Asked:
    parameters = [pair for pair in request.parameters if not pair[0].startswith("X-Amz-")] + _form(body)
    envelope = dict(parameters)
    name, version = envelope.get("Action", ""), envelope.get("Version")
    shown = name + (f", version {version:.20}," if version else "") if name else f"{request.method} {request.path}"
    return Asked(
        service=claim.service, operation=name, version=version, shown=shown, read=partial(decode_form, parameters)
    )


def _form(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            body.decode(), keep_blank_values=True, errors="surrogateescape", max_num_fields=MOST_PARAMETERS
        )
    except ValueError:
        raise ApiError("SerializationException", "The body is not a form of UTF-8 text, or it is too long.") from None


def _is_prefix(asked: Asked, service: Service) -> bool:
    return asked.service == service.target_prefix


def _is_version(asked: Asked, service: Service) -> bool:
    return asked.service == service.signing_name and asked.version in (None, service.api_version)


def _write_json(result: JsonObject | None, operation: Operation, _: str) -> Reply:
    content_type = f"application/x-amz-json-{operation.service.json_version}"
    return Reply(status=200, body=encode_json(result, operation.output), content_type=content_type)


def _write_cbor(result: JsonObject | None, operation: Operation, _: str) -> Reply:
    return Reply(
        status=200,
        body=encode_cbor(result, operation.output),
        content_type="application/cbor",
        headers={"smithy-protocol": SMITHY_CBOR},
    )


def _write_xml(result: JsonObject | None, operation: Operation, request_id: str) -> Reply:
    return Reply(status=200, body=encode_xml(result, operation, request_id), content_type="text/xml")


PROTOCOLS: Mapping[Dialect, Protocol] = {
    Dialect.JSON: Protocol(name="json", ask=_ask_json, is_for=_is_prefix, write=_write_json),
    Dialect.CBOR: Protocol(name="smithy-rpc-v2-cbor", ask=_ask_cbor, is_for=_is_prefix, write=_write_cbor),
    Dialect.QUERY: Protocol(name="query", ask=_ask_form, is_for=_is_version, write=_write_xml),
    Dialect.EC2: Protocol(name="ec2", ask=_ask_form, is_for=_is_version, write=_write_xml),
}
"""What is known of each dialect but S3's, whose requests go another way."""
