"""The pages over an empty SQLite store, behind a real HTTP server."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

import pytest

from at_once import AtOnce
from luthier.dashboard.gallery import Gallery
from luthier.dashboard.log_lines import LogPiece
from luthier.dashboard.pages import make_pages
from luthier.records.training_job import MetricPoint, TrainingJob
from luthier.store.engine import Store
from luthier.strategies.bayesian.portrait import portray
from luthier.tuning.portraits import portraits_of
from serving import serving
from things import SCOPE, a_tuning_job

NOW = 5000.0


@dataclass(frozen=True)
class Page:
    """What a browser gets."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Site:
    """The pages, and the store that they show."""

    store: Store
    logs: dict[str, str] = field(default_factory=dict)
    address: str = ""

    def get(self, path: str, *, host: str | None = None, method: str = "GET") -> Page:
        connection = HTTPConnection(self.address, timeout=10)
        connection.request(method, path, headers={} if host is None else {"Host": host})
        answer = connection.getresponse()
        page = Page(
            answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read().decode("utf-8")
        )
        connection.close()
        return page

    def add(self, *children: TrainingJob) -> None:
        """Store training jobs of `a_tuning_job()`, which is stored too if it is not yet."""
        arn = a_tuning_job().arn
        if self.store.tuning_jobs.get(arn) is None:
            self.store.tuning_jobs.add(a_tuning_job())
        tuning = self.store.tuning_jobs.get(arn)
        assert tuning is not None
        assert self.store.training_jobs.add_children(tuning, children)

    def report(self, job: TrainingJob, value: float, metric: str = "loss", sequence: int = 1) -> None:
        """Store a metric point of a training job that has been added."""
        stored = self.store.training_jobs.get(job.arn)
        assert stored is not None
        point = MetricPoint(name=metric, value=value, at=1500.0, sequence=sequence)
        assert self.store.training_jobs.take_in(stored, [point])


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    store = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    found = Site(store)
    pages = make_pages(
        store,
        SCOPE.account,
        lambda job: [("algo-1", found.logs.get(job.name, ""))],
        lambda job: [LogPiece(host="algo-1", text=found.logs.get(job.name, ""), is_whole=True)],
        gallery=Gallery(partial(portraits_of, store, paint=portray), AtOnce()),
        hosts=["tuner.example"],
        clock=lambda: NOW,
    )
    with serving(pages) as url:
        found.address = url.removeprefix("http://")
        yield found
    store.close()
