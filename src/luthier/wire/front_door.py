"""From a signed request that is not S3's to a reply: who, what, is it well formed, then the operation itself."""

import hashlib
from collections.abc import Callable, Mapping

from luthier.records.call import ApiError, Call
from luthier.records.identity import Principal
from luthier.records.json_value import JsonObject
from luthier.records.names import Scope
from luthier.wire import model
from luthier.wire.claim import Claim, Fault, SignatureError, session_token
from luthier.wire.constraints import check
from luthier.wire.errors import Dialect, Reply, error_reply, unknown_operation
from luthier.wire.protocols import PROTOCOLS, Asked, dialect_of
from luthier.wire.request import HttpRequest
from luthier.wire.sigv4 import FindCredential, verify
from luthier.wire.throttle import Throttle, rate_exceeded
from luthier.witness import Facts

Handler = Callable[[Call], JsonObject | None]
DRY_RUN = "x-luthier-dry-run"  # a request with this header is checked and changes nothing


class FrontDoor:
    """Everything between bytes and operations, for one set of *handlers*, named by service and operation."""

    def __init__(
        self,
        handlers: Mapping[tuple[str, str], Handler],
        keys: FindCredential,
        clock: Callable[[], float],
        throttle: Throttle,
    ) -> None:
        self._handlers, self._keys, self._clock, self._throttle = handlers, keys, clock, throttle
        self._services = {name: model.service(name) for name, _ in handlers}

    def answer(self, request: HttpRequest, body: bytes, claim: Claim, facts: Facts) -> Reply:
        """
        Answer a request, in the thread of the caller; raises SignatureError, and ApiError if there are too many.

        Of the *facts*, `request` is its id; the service, the operation and the code of an error are added.
        """
        now = self._clock()
        hashed = hashlib.sha256(body).hexdigest()
        credential = verify(claim, request, self._keys(claim.access_key, session_token(request)), hashed, now)
        dialect = dialect_of(request, claim)
        if not self._throttle.admits(credential.principal.account, now):
            raise rate_exceeded(dialect)
        asked_for = next((each for each in self._services.values() if each.signing_name == claim.service), None)
        try:
            return self._answered(request, body, claim, facts, credential.principal, now)
        except ApiError as error:
            facts["code"] = error.code
            return error_reply(error, dialect, facts["request"], asked_for)

    def _answered(
        self, request: HttpRequest, body: bytes, claim: Claim, facts: Facts, principal: Principal, now: float
    ) -> Reply:
        dialect = dialect_of(request, claim)
        protocol = PROTOCOLS[dialect]
        asked = protocol.ask(request, body, claim)
        operation = self._operation(asked, dialect, claim)
        facts |= {"service": operation.service.name, "operation": operation.name}
        parameters = asked.read(operation.input)
        check(parameters, operation.input)
        result = self._handlers[operation.service.name, operation.name](
            Call(
                service=operation.service.name,
                operation=operation.name,
                scope=Scope(account=principal.account, region=claim.region),
                principal=principal,
                parameters=parameters,
                now=now,
                is_dry_run=request.header(DRY_RUN) is not None,
            )
        )
        return protocol.write(result, operation, facts["request"])

    def _operation(self, asked: Asked, dialect: Dialect, claim: Claim) -> model.Operation:
        """Find what is asked for; raises ApiError where there is none, SignatureError for one of another service."""
        protocol = PROTOCOLS[dialect]
        spoken = (each for each in self._services.values() if protocol.name in each.protocols)
        service = next((each for each in spoken if protocol.is_for(asked, each)), None)
        if service is None:
            raise unknown_operation(
                f"This server does not answer {_shown(asked.shown)} of the service {claim.service}.", dialect
            )
        if claim.service != service.signing_name:
            raise SignatureError(
                Fault.MISMATCH, f"Credential should be scoped to correct service: '{service.signing_name}'."
            )
        if asked.operation not in service.operations:
            raise unknown_operation(
                f"The service {service.name} has no operation {_shown(asked.operation or asked.shown)}.", dialect
            )
        if (service.name, asked.operation) not in self._handlers:
            raise unknown_operation(
                f"This server does not answer {asked.operation} of the service {service.name}.", dialect
            )
        return model.operation(service.name, asked.operation)


def _shown(name: str) -> str:
    return name[:200].encode("utf-8", "replace").decode()
