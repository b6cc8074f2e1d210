"""Pages in a real browser: Debian's Chromium, driven by Playwright, with everything that it complains of noted."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from luthier.app.keys import Key
from luthier.dashboard.streams import Streams
from luthier.records.identity import a_user
from luthier.records.status import TrainingStatus
from luthier.records.training_job import MetricPoint, TrainingJob
from luthier.store.engine import Store
from pages_over import pages_over
from serving import serving
from things import SCOPE, a_training_job, a_tuning_job

JOBS = 24
KEY = Key(access_key="AKIAOWNKEYOWNKEYOWNK", secret_key="a secret of a test", account=SCOPE.account)


@dataclass
class Site:
    """A store with a tuning job that goes on, `tune`, the address of its page, and the server that answers there."""

    store: Store
    url: str = ""
    logs: dict[str, str] = field(default_factory=dict)  # of training jobs, by name
    server: ExitStack = field(default_factory=ExitStack)  # ends it when it is closed

    def start(self, port: int = 0) -> None:
        """Have a server answer, on any port or on the one that it had before."""
        streams = Streams()
        local = a_user(SCOPE.account, KEY.access_key)
        pages = pages_over(self.store, KEY, local, self.logs, lambda: 5000.0, streams=streams)
        url = self.server.enter_context(serving(pages, streams, port=port))
        self.url = f"{url}/ui/tuning-jobs/us-east-1/tune"

    def training_url(self, job: TrainingJob) -> str:
        """Give the address of a training job's page."""
        return f"{self.origin}/ui/training-jobs/us-east-1/{job.name}"

    @property
    def origin(self) -> str:
        """Where the pages are."""
        return self.url.partition("/ui/")[0]

    def report(self, job: TrainingJob, *values: float) -> None:
        """Store what a training job reports of its objective, after all that it has reported."""
        stored = self.store.training_jobs.get(job.arn)
        assert stored is not None
        first = len(self.store.training_jobs.points(job.arn)) + 1
        points = [
            MetricPoint(name="loss", value=value, at=1500.0, sequence=first + place)
            for place, value in enumerate(values)
        ]
        assert self.store.training_jobs.take_in(replace(stored, journal_read=first + len(values)), points)


def a_child(ordinal: int) -> TrainingJob:
    """Of every six training jobs one is stopped early, and the last one goes on."""
    is_early = ordinal % 6 == 0
    status = TrainingStatus.STOPPED if is_early else TrainingStatus.COMPLETED
    tuned = {"eta": repr(0.9 / ordinal), "max_depth": str(1 + ordinal % 10), "booster": ("gbtree", "dart")[ordinal % 2]}
    return a_training_job(
        ordinal,
        TrainingStatus.IN_PROGRESS if ordinal == JOBS else status,
        tuned=tuned,
        stop_reason="worse than the median" if is_early and ordinal != JOBS else None,
    )


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    store = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    tuning = a_tuning_job(specification={"max_jobs": JOBS})
    store.tuning_jobs.add(tuning)
    children = [a_child(ordinal) for ordinal in range(1, JOBS + 1)]
    assert store.training_jobs.add_children(tuning, children)
    found = Site(store)
    with found.server:
        found.start()
        for child in children:
            found.report(child, *(1.0 / step + 0.01 * (child.ordinal or 0) for step in range(1, 6)))
        yield found
    store.close()


@pytest.fixture(scope="module")  # Playwright leaves an event loop running in its thread, which others cannot have
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed (Debian's package of that name)")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of: errors of scripts, refusals of the content-security policy, failed requests."""
    return []


@pytest.fixture(params=[1280, 390], ids=["desk", "phone"])
def page(chromium: Any, complaints: list[str], request: pytest.FixtureRequest) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": request.param, "height": 800})
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("requestfailed", lambda failed: None if _is_left(failed) else complaints.append(failed.url))
    yield opened
    context.close()


def _is_left(failed: Any) -> bool:
    """Say whether a request is a stream that ended with the page it was for."""
    return bool(failed.resource_type == "eventsource" and failed.failure == "net::ERR_ABORTED")
