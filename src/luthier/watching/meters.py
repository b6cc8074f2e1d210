"""
What Prometheus may scrape: what is counted as it happens, and what is read when somebody asks.

Whoever can send a request could invent names. So no label ever has a job's name, and its values are from a table: an
operation is one that the service model has, a code one that this house writes; anything else is `other`.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from luthier.clusters.occupancy import Occupancy
from luthier.loop import Pulse
from luthier.store.census import Counts
from luthier.witness import Deed, Facts

FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
OTHER = "other"
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9.]{0,63}|[1-5][0-9]{2}")
COUNTED = {
    "journal_lines": "Lines of training jobs' journals that were taken in",
    "metric_points": "Values of metrics that were found in training jobs' logs and taken in",
    "events_delivered": "Events that a webhook has taken",
    "events_refused": "Attempts at which a webhook did not want an event",
    "events_unanswered": "Attempts at which there was no webhook that could have taken an event",
    "events_dropped": "Events that were given up because too many waited",
}


class Meters:
    """The `Witness` that counts; what it has counted begins anew with the process, as Prometheus expects."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "luthier_requests",
            "Requests, but those for pages",
            ["service", "operation", "code"],
            registry=self.registry,
        )
        self._request_seconds = Histogram(
            "luthier_request_seconds",
            "Time to the beginning of an answer",
            ["service", "operation"],
            buckets=FAST,
            registry=self.registry,
        )
        self._passes = Counter(
            "luthier_reconcile_passes", "Looks of a controller at a job", ["lane", "outcome"], registry=self.registry
        )
        self._pass_seconds = Histogram(
            "luthier_reconcile_seconds", "Time of such a look", ["lane"], buckets=FAST, registry=self.registry
        )
        self._proposal_seconds = Histogram(
            "luthier_proposal_seconds",
            "Time in which a strategy chose hyperparameters",
            ["strategy"],
            buckets=FAST,
            registry=self.registry,
        )
        self._counted = {
            name: Counter(f"luthier_{name}", text, registry=self.registry) for name, text in COUNTED.items()
        }

    @contextmanager
    def watch(self, deed: Deed, facts: Facts) -> Iterator[None]:
        """See `Witness.watch`."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self._note(deed, facts, time.perf_counter() - began)

    def count(self, what: str, number: int) -> None:
        """See `Witness.count`."""
        self._counted[what].inc(number)

    def text(self) -> bytes:
        """Write everything in Prometheus's text format."""
        return generate_latest(_Lean(self.registry))

    def _note(self, deed: Deed, facts: Facts, seconds: float) -> None:
        match deed:
            case Deed.REQUEST:
                service, operation = facts.get("service", OTHER), facts.get("operation", OTHER)
                self._requests.labels(service, operation, _code_of(facts)).inc()
                self._request_seconds.labels(service, operation).observe(seconds)
            case Deed.PASS:
                self._passes.labels(facts["lane"], facts.get("outcome", OTHER)).inc()
                self._pass_seconds.labels(facts["lane"]).observe(seconds)
            case Deed.PROPOSAL:
                self._proposal_seconds.labels(facts["strategy"]).observe(seconds)


def _code_of(facts: Facts) -> str:
    """Give the code of an error, or the HTTP status; a client that went away has none."""
    code = facts.get("code") or facts.get("status") or "gone"
    return code if _CODE.fullmatch(code) else OTHER


class _Lean(Collector):
    """A registry without the moments at which its counters began: as many series again, and hardly anybody asks."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        for metric in self._registry.collect():
            metric.samples = [sample for sample in metric.samples if not sample.name.endswith("_created")]
            yield metric


class Standing(Collector):
    """What is true just now, read anew for each scrape."""

    def __init__(
        self,
        *,
        counts: Callable[[], Counts],
        occupancy: Callable[[], Occupancy],
        pulses: Callable[[], Sequence[Pulse]],
        destinations: Sequence[str] = (),
    ) -> None:
        self._counts, self._occupancy, self._pulses, self._destinations = counts, occupancy, pulses, destinations

    def describe(self) -> list[Metric]:
        """Say nothing in advance, so that nothing is read before somebody asks."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Read the rows, the machine and the controllers."""
        yield _gauge("luthier_build", "The version that runs", ["version"], {(version("luthier"),): 1})
        counts = self._counts()
        yield _gauge("luthier_tuning_jobs", "Tuning jobs", ["status"], _keyed(counts.tuning_jobs))
        yield _gauge("luthier_training_jobs", "Training jobs", ["status"], _keyed(counts.training_jobs))
        yield _gauge("luthier_training_jobs_stopped_early", "Of them, stopped early", [], {(): counts.stopped_early})
        yield _gauge("luthier_leases", "Jobs that a server looks after", [], {(): counts.leases})
        untold = {(each,): 0 for each in self._destinations} | _keyed(counts.untold)
        yield _gauge("luthier_events_waiting", "Events that a webhook has not taken yet", ["destination"], untold)
        seen = self._occupancy()
        yield _gauge(
            "luthier_queue",
            "Training jobs that have a place on this machine, and that wait for one",
            ["state"],
            {("running",): seen.placed, ("waiting",): seen.waiting},
        )
        yield _gauge("luthier_capacity", "What of this machine is in use, and what is free", ["of", "state"], _of(seen))
        pulses = self._pulses()
        yield _gauge("luthier_reconcile_jobs", "Jobs to be looked at", ["lane"], {(p.lane,): p.items for p in pulses})
        yield _gauge(
            "luthier_reconcile_backlog",
            "Of them, those whose time has come and that no worker has taken up",
            ["lane"],
            {(p.lane,): p.backlog for p in pulses},
        )


def _gauge(name: str, text: str, labels: Sequence[str], values: Mapping[tuple[str, ...], float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family


def _keyed(counts: Mapping[str, int]) -> dict[tuple[str, ...], float]:
    return {(status,): count for status, count in counts.items()}


def _of(seen: Occupancy) -> dict[tuple[str, ...], float]:
    found: dict[tuple[str, ...], float] = {}
    for name, level in seen.levels.items():
        found |= {(name, "in_use"): level.in_use, (name, "free"): level.free}
    return found
