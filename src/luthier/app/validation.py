"""Whether a request would be accepted: what a client says of it, and what the service, for a dry run."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from botocore.model import StructureShape
from botocore.validate import ParamValidator

from luthier.api.dry_run import CODE
from luthier.records.call import ApiError, Call
from luthier.records.identity import Principal
from luthier.records.json_value import JsonObject, JsonValue
from luthier.records.names import Scope
from luthier.wire import model
from luthier.wire.constraints import check
from luthier.wire.decode import decode_json

SERVICE = "sagemaker"
Handlers = Mapping[tuple[str, str], Callable[[Call], JsonObject | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong."""

    by: Literal["client", "service"]  # an AWS client says so before it sends anything, or the service
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request as it is written in a file, and whose it would be."""

    operation: str
    document: str  # a JSON object
    scope: Scope
    principal: Principal
    now: float  # seconds since the epoch


def guess_operation(document: JsonValue, names: Collection[str]) -> str | None:
    """
    Guess which of the operations *names* a request is for, by its members; None where that is not plain.

    The operation that knows most of the members has it; of several, the one that lacks fewest of its required ones.
    """
    given = set(document) if isinstance(document, Mapping) else set[str]()
    fits = {name: _fit(given, model.operation(SERVICE, name).input) for name in names}
    best = max(fits.values(), default=(0, 0))
    fitting = [name for name, fit in fits.items() if fit == best]
    return fitting[0] if len(fitting) == 1 and best[0] else None


def validate(question: Question, handlers: Handlers) -> list[Finding]:
    """
    Say all that is wrong with a request; nothing, if it would be accepted.

    What a client and the service model know is told in full. Of what only the service knows, the first thing is told,
    as the service itself does, and only where the rest is right.
    """
    shape = model.operation(SERVICE, question.operation).input
    found = [
        Finding(by="client", code="ParamValidationError", message=line)
        for line in _said_by_clients(json.loads(question.document), shape)
    ]
    try:
        _ask(question, shape, handlers)
    except ApiError as error:
        if error.code != CODE:
            found.append(Finding(by="service", code=error.code, message=error.message))
    return found


def _fit(given: set[str], shape: StructureShape | None) -> tuple[int, int]:
    members, required = (set(shape.members), set(shape.required_members)) if shape else (set[str](), set[str]())
    return len(given & members), -len(required - given)


def _said_by_clients(document: JsonObject, shape: StructureShape | None) -> list[str]:
    report = ParamValidator().validate(document, shape or StructureShape("Nothing", {"type": "structure"}))
    return str(report.generate_report()).splitlines() if report.has_errors() else []


def _ask(question: Question, shape: StructureShape | None, handlers: Handlers) -> None:
    """Answer the request as far as that changes nothing; raises ApiError with whatever ends it."""
    parameters = decode_json(question.document.encode(), shape)
    check(parameters, shape)
    handlers[SERVICE, question.operation](
        Call(
            service=SERVICE,
            operation=question.operation,
            scope=question.scope,
            principal=question.principal,
            parameters=parameters,
            now=question.now,
            is_dry_run=True,
        )
    )
