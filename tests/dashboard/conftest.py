"""The pages over an empty SQLite store, behind a real HTTP server."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from luthier.app.keys import Key
from luthier.dashboard.streams import Streams
from luthier.records.identity import Principal, a_user
from luthier.records.training_job import MetricPoint, TrainingJob
from luthier.records.usage import UsageSeen
from luthier.store.engine import Store
from pages_over import pages_over
from serving import serving
from things import SCOPE, a_tuning_job

NOW = 5000.0
OWN_KEY = "AKIAOWNKEYOWNKEYOWNK"
OWN_SECRET = "own-secret-own-secret-own-secret-own-sec"  # of a test
FORM = "application/x-www-form-urlencoded"


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
    now: float = NOW
    cookie: str = ""  # that the browser sends
    streams: Streams = field(default_factory=Streams)

    def get(self, path: str, *, host: str | None = None, method: str = "GET") -> Page:
        return self._asked(method, path, {} if host is None else {"Host": host})

    def post(self, path: str, fields: Mapping[str, str] | str = "", **headers: str | None) -> Page:
        """Send a form as a browser does from a page of ours; *headers* are changed, or left out where None."""
        plain: dict[str, str | None] = {"Origin": f"http://{self.address}", "Content-Type": FORM}
        given = plain | {name.replace("_", "-"): text for name, text in headers.items()}
        body = fields if isinstance(fields, str) else urlencode(fields)
        return self._asked("POST", path, {name: text for name, text in given.items() if text is not None}, body)

    def token(self, path: str, target: str | None = None) -> str:
        """Take the token of the form on a page, of the one that is sent to *target* if there are several."""
        text = self.get(path).text
        form = text[text.index(f'action="{target or path}"') :]
        found = re.search('name="token" value="([^"]*)"', form)
        assert found is not None
        return found[1]

    def sign_in(self, access_key: str, secret_key: str) -> Page:
        """Fill in the form and keep the cookie that is given."""
        self.cookie = ""
        fields = {"token": self.token("/ui/sign-in"), "access-key": access_key, "secret-key": secret_key}
        page = self.post("/ui/sign-in", fields)
        self.cookie = page.headers.get("set-cookie", "").partition(";")[0]
        return page

    def _asked(self, method: str, path: str, headers: dict[str, str], body: str | None = None) -> Page:
        connection = HTTPConnection(self.address, timeout=10)
        connection.request(method, path, body, headers | ({"Cookie": self.cookie} if self.cookie else {}))
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

    def use(self, job: TrainingJob, *stretches: UsageSeen) -> None:
        """Store what the hosts of a training job that has been added have used."""
        stored = self.store.training_jobs.get(job.arn)
        assert stored is not None
        assert self.store.training_jobs.take_in(stored, [], dict(enumerate(stretches, start=1)))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Pages that nobody need sign in to."""
    yield from _a_site(tmp_path, a_user(SCOPE.account, OWN_KEY))


@pytest.fixture
def closed_site(tmp_path: Path) -> Iterator[Site]:
    """Pages for those alone who sign in: with the installation's key, OWN_KEY and OWN_SECRET, or one of the table."""
    yield from _a_site(tmp_path, None)


def _a_site(folder: Path, local: Principal | None) -> Iterator[Site]:
    store = Store.open(f"sqlite:///{folder / 'luthier.db'}")
    found = Site(store)
    key = Key(access_key=OWN_KEY, secret_key=OWN_SECRET, account=SCOPE.account)
    pages = pages_over(store, key, local, found.logs, lambda: found.now, streams=found.streams)
    with serving(pages, found.streams) as url:
        found.address = url.removeprefix("http://")
        yield found
    store.close()
