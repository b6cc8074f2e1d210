"""From a signed request that is not S3's to a reply: who, what, is it well formed, then the operation itself."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from luthier.records.call import ApiError, Call
from luthier.records.json_value import JsonObject
from luthier.records.names import Scope
from luthier.wire import model
from luthier.wire.claim import Claim, Fault, SignatureError, session_token
from luthier.wire.constraints import check
from luthier.wire.decode import decode_json
from luthier.wire.decode_form import MOST_PARAMETERS, decode_form
from luthier.wire.encode import encode_json
from luthier.wire.encode_xml import encode_xml
from luthier.wire.errors import Dialect, Reply, unknown_operation
from luthier.wire.request import HttpRequest
from luthier.wire.sigv4 import S3, FindCredential, verify

Handler = Callable[[Call], JsonObject | None]
DRY_RUN = "x-luthier-dry-run"  # a request with this header is checked and changes nothing
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class _Question:
    operation: model.Operation
    parameters: JsonObject


class FrontDoor:
    """Everything between bytes and operations, for one set of *handlers*, named by service and operation."""

    def __init__(
        self,
        handlers: Mapping[tuple[str, str], Handler],
        keys: FindCredential,
        clock: Callable[[], float],
    ) -> None:
        self._handlers, self._keys, self._clock = handlers, keys, clock
        self._services = {name: model.service(name) for name, _ in handlers}

    def answer(self, request: HttpRequest, body: bytes, claim: Claim, request_id: str) -> Reply:
        """Answer a request, in the thread of the caller; raises SignatureError and ApiError."""
        now = self._clock()
        hashed = hashlib.sha256(body).hexdigest()
        credential = verify(claim, request, self._keys(claim.access_key, session_token(request)), hashed, now)
        dialect = dialect_of(request, claim)
        ask = self._form_question if dialect is Dialect.QUERY else self._json_question
        question = ask(request, body, claim)
        check(question.parameters, question.operation.input)
        operation = question.operation
        result = self._handlers[operation.service.name, operation.name](
            Call(
                service=operation.service.name,
                operation=operation.name,
                scope=Scope(account=credential.principal.account, region=claim.region),
                principal=credential.principal,
                parameters=question.parameters,
                now=now,
                is_dry_run=request.header(DRY_RUN) is not None,
            )
        )
        if dialect is Dialect.QUERY:
            return Reply(status=200, body=encode_xml(result, operation, request_id), content_type="text/xml")
        content_type = f"application/x-amz-json-{operation.service.json_version}"
        return Reply(status=200, body=encode_json(result, operation.output), content_type=content_type)

    def _json_question(self, request: HttpRequest, body: bytes, claim: Claim) -> _Question:
        target = request.header("x-amz-target") or ""
        prefix, _, name = target.rpartition(".")
        service = next((each for each in self._services.values() if each.target_prefix == prefix), None)
        if service is None:
            raise unknown_operation(
                f"This server does not answer {_shown(target or request.path)} of the service {claim.service}.",
                Dialect.JSON,
            )
        operation = self._operation(service, name, claim, Dialect.JSON)
        return _Question(operation, decode_json(body, operation.input))

    def _form_question(self, request: HttpRequest, body: bytes, claim: Claim) -> _Question:
        parameters = [pair for pair in request.parameters if not pair[0].startswith("X-Amz-")] + _form(body)
        envelope = dict(parameters)
        name, version = envelope.get("Action", ""), envelope.get("Version")
        service = next((each for each in self._services.values() if each.signing_name == claim.service), None)
        if service is None or version not in (None, service.api_version):
            asked = f"{_shown(name)} of the service {claim.service}" + (f", version {version:.20}" if version else "")
            raise unknown_operation(f"This server does not answer {asked}.", Dialect.QUERY)
        operation = self._operation(service, name, claim, Dialect.QUERY)
        return _Question(operation, decode_form(parameters, operation.input))

    def _operation(self, service: model.Service, name: str, claim: Claim, dialect: Dialect) -> model.Operation:
        if claim.service != service.signing_name:
            raise SignatureError(
                Fault.MISMATCH, f"Credential should be scoped to correct service: '{service.signing_name}'."
            )
        if name not in service.operations:
            raise unknown_operation(f"The service {service.name} has no operation {_shown(name)}.", dialect)
        if (service.name, name) not in self._handlers:
            raise unknown_operation(f"This server does not answer {name} of the service {service.name}.", dialect)
        return model.operation(service.name, name)


def dialect_of(request: HttpRequest, claim: Claim | None) -> Dialect:
    """Say in which dialect a request's sender speaks: by its credential scope, else by its looks."""
    if claim is not None and claim.service == S3:
        return Dialect.S3
    content_type = (request.header("content-type") or "").lower()
    if request.header("x-amz-target") is not None or "json" in content_type:
        return Dialect.JSON
    if content_type.startswith(FORM) or request.parameter("Action") is not None:
        return Dialect.QUERY
    return Dialect.S3 if claim is None else Dialect.JSON


def _form(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            body.decode(), keep_blank_values=True, errors="surrogateescape", max_num_fields=MOST_PARAMETERS
        )
    except ValueError:
        raise ApiError("SerializationException", "The body is not a form of UTF-8 text, or it is too long.") from None


def _shown(name: str) -> str:
    return name[:200].encode("utf-8", "replace").decode() or "a request without a target"
