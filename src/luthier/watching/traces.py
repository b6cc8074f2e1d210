"""
Traces for an OpenTelemetry collector, where the environment names one.

| deed     | span                                                                | parent                           |
|----------|---------------------------------------------------------------------|----------------------------------|
| request  | `SERVICE.OPERATION`, of kind server                                 | the client's, by its traceparent |
| pass     | `tuning pass`, `training pass`; dropped where it changed nothing    | none                             |
| proposal | `proposal`                                                          | the pass                         |

Everything is chosen by OpenTelemetry's own variables: OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER and so on. The
packages are an optional extra, and are not even imported without an endpoint.
"""

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from luthier.witness import Deed, Facts

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
ATTRIBUTES = {
    "service": "rpc.service",
    "operation": "rpc.method",
    "method": "http.request.method",
    "status": "http.response.status_code",
    "code": "error.type",
}  # OpenTelemetry's names; other facts are called luthier.NAME
LAST_S = 2.0  # for the last spans, when a server ends
UNTOLD = frozenset(("traceparent",))

log = logging.getLogger(__name__)


class Traces:
    """The `Witness` that draws spans."""

    def __init__(self, tracer: "Tracer") -> None:
        self._tracer = tracer

    @contextmanager
    def watch(self, deed: Deed, facts: Facts) -> Iterator[None]:
        """See `Witness.watch`. A span that is never ended is never sent: so ends a pass that changed nothing."""
        from opentelemetry import trace  # noqa: PLC0415  # an optional extra
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

        carrier = {"traceparent": facts["traceparent"]} if "traceparent" in facts else {}
        span = self._tracer.start_span(
            str(deed),
            context=TraceContextTextMapPropagator().extract(carrier) if carrier else None,
            kind=trace.SpanKind.SERVER if deed is Deed.REQUEST else trace.SpanKind.INTERNAL,
        )
        try:
            with trace.use_span(span, end_on_exit=False, record_exception=False, set_status_on_exception=False):
                yield
        finally:
            if facts.get("outcome") != "idle":
                _describe(span, deed, facts)
                span.end()

    def count(self, what: str, number: int) -> None:
        """See `Witness.count`: numbers are no spans."""


@contextmanager
def traces(environment: Mapping[str, str]) -> Iterator[Traces | None]:
    """
    Send spans for as long as the context lasts; None without a collector, or without the packages, which is said.

    Nobody waits for the collector: spans are sent in a thread, and given up where it is away for long.
    """
    if not is_wanted(environment):
        yield None
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415  # an extra
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ModuleNotFoundError:
        log.warning("traces: a collector is set, and OpenTelemetry is missing: pip install 'luthier[otel]'")
        yield None
        return
    exporter = OTLPSpanExporter()
    provider = TracerProvider(resource=Resource.create(_resource(environment)), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    try:
        yield Traces(provider.get_tracer("luthier", version("luthier")))
    finally:
        last = threading.Thread(target=provider.shutdown, daemon=True)
        last.start()
        last.join(LAST_S)
        exporter.shutdown()  # type: ignore[no-untyped-call]  # which gives up what it could not send


def is_wanted(environment: Mapping[str, str]) -> bool:
    """Whether OpenTelemetry's variables ask for traces."""
    is_off = environment.get("OTEL_SDK_DISABLED", "").lower() == "true"
    is_other = environment.get("OTEL_TRACES_EXPORTER", "otlp") != "otlp"
    return not (is_off or is_other) and any(environment.get(name) for name in ENDPOINTS)


def _resource(environment: Mapping[str, str]) -> dict[str, str]:
    """Say who we are, unless the environment does."""
    is_named = "OTEL_SERVICE_NAME" in environment or "service.name=" in environment.get("OTEL_RESOURCE_ATTRIBUTES", "")
    return {"service.version": version("luthier"), **({} if is_named else {"service.name": "luthier"})}


def _describe(span: "Span", deed: Deed, facts: Facts) -> None:
    from opentelemetry.trace import StatusCode  # noqa: PLC0415  # an optional extra

    for name, value in facts.items():
        if name == "status":
            span.set_attribute(ATTRIBUTES[name], int(value))
        elif name not in UNTOLD:
            span.set_attribute(ATTRIBUTES.get(name, f"luthier.{name}"), value)
    if deed is Deed.REQUEST and "operation" in facts:
        span.update_name(f"{facts.get('service', 'other')}.{facts['operation']}")
    if deed is Deed.PASS:
        span.update_name(f"{facts['lane']} pass")
    if facts.get("outcome") == "failed" or facts.get("status", "").startswith("5"):
        span.set_status(StatusCode.ERROR)
