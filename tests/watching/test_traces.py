"""Spans, as a collector on this machine receives them by OTLP over HTTP."""

import gzip
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from luthier.watching.traces import is_wanted, traces
from luthier.witness import Deed, Facts

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Collector:
    """Keeps the spans that it is sent, and who says it sent them."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.services: set[str] = set()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                collector.take(self.path, body)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def take(self, path: str, body: bytes) -> None:
        assert path == "/v1/traces"
        for group in ExportTraceServiceRequest.FromString(body).resource_spans:
            names = {each.key: each.value.string_value for each in group.resource.attributes}
            self.services.add(names["service.name"])
            self.spans += [span for scope in group.scope_spans for span in scope.spans]


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    collector = Collector()
    threading.Thread(target=collector.server.serve_forever, daemon=True).start()
    monkeypatch.setenv(ENDPOINT, collector.url)
    yield collector
    collector.server.shutdown()
    collector.server.server_close()


def attributes(span: Span) -> dict[str, str | int]:
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


def test_a_request_is_a_span_of_the_clients_trace(collector: Collector) -> None:
    facts: Facts = {"request": "r-1", "method": "POST", "traceparent": PARENT}
    with traces({ENDPOINT: collector.url}) as drawn:
        assert drawn is not None
        with drawn.watch(Deed.REQUEST, facts):
            facts |= {"service": "sagemaker", "operation": "ListTags", "status": "200"}

    (span,) = collector.spans
    assert (span.name, span.kind) == ("sagemaker.ListTags", Span.SPAN_KIND_SERVER)
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (PARENT[3:35], PARENT[36:52])
    assert attributes(span) == {
        "luthier.request": "r-1",
        "http.request.method": "POST",
        "rpc.service": "sagemaker",
        "rpc.method": "ListTags",
        "http.response.status_code": 200,
    }
    assert collector.services == {"luthier"}


def test_a_proposal_is_part_of_its_pass(collector: Collector) -> None:
    facts: Facts = {"lane": "tuning", "job": "arn"}
    with traces({ENDPOINT: collector.url}) as drawn:
        assert drawn is not None
        with drawn.watch(Deed.PASS, facts):
            with drawn.watch(Deed.PROPOSAL, {"job": "arn", "strategy": "Bayesian", "count": "2"}):
                pass
            facts["outcome"] = "changed"

    proposal, whole = collector.spans
    assert (proposal.name, whole.name) == ("proposal", "tuning pass")
    assert proposal.parent_span_id == whole.span_id
    assert attributes(proposal)["luthier.strategy"] == "Bayesian"


def test_a_pass_that_changed_nothing_is_not_sent(collector: Collector) -> None:
    with traces({ENDPOINT: collector.url}) as drawn:
        assert drawn is not None
        with drawn.watch(Deed.PASS, {"lane": "tuning", "job": "arn", "outcome": "idle"}):
            pass

    assert collector.spans == []


@pytest.mark.parametrize("parent", ["", "00-0-0-01", "x" * 5000, "00-" + "0" * 32 + "-" + "0" * 16 + "-01"])
def test_a_parent_that_is_none_is_passed_over(collector: Collector, parent: str) -> None:
    with traces({ENDPOINT: collector.url}) as drawn:
        assert drawn is not None
        with drawn.watch(Deed.REQUEST, {"request": "r", "traceparent": parent}):
            pass

    assert collector.spans[0].parent_span_id == b""


def test_a_failure_of_ours_is_an_error(collector: Collector) -> None:
    with traces({ENDPOINT: collector.url}) as drawn:
        assert drawn is not None
        with drawn.watch(Deed.REQUEST, {"request": "r", "status": "500", "code": "InternalFailure"}):
            pass

    assert collector.spans[0].status.code == 2
    assert attributes(collector.spans[0])["error.type"] == "InternalFailure"


def test_a_collector_that_is_away_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setenv(ENDPOINT, url)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")

    with traces({ENDPOINT: url}) as drawn:
        assert drawn is not None
        with drawn.watch(Deed.REQUEST, {"request": "r"}):
            pass


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        ({ENDPOINT: ""}, False),
        ({ENDPOINT: "http://c"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c"}, True),
        ({ENDPOINT: "http://c", "OTEL_SDK_DISABLED": "true"}, False),
        ({ENDPOINT: "http://c", "OTEL_TRACES_EXPORTER": "none"}, False),
    ],
)
def test_traces_are_drawn_where_the_environment_asks_for_them(environment: dict[str, str], wanted: bool) -> None:
    assert is_wanted(environment) is wanted


def test_without_a_collector_nobody_draws() -> None:
    with traces({}) as drawn:
        assert drawn is None
