"""Streams of pages over real rows: they say the version that the page is of, to whoever may see the page."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection, HTTPResponse
from typing import TYPE_CHECKING

import pytest

from dashboard.conftest import OWN_KEY, OWN_SECRET
from luthier.records.names import Scope, tuning_job_arn
from luthier.records.status import TrainingStatus, TuningStatus
from things import SCOPE, a_training_job, a_tuning_job

if TYPE_CHECKING:
    from dashboard.conftest import Site

LIST = "/"
TUNE = "/ui/tuning-jobs/us-east-1/tune"
TRAIN = f"/ui/training-jobs/us-east-1/{a_training_job(1).name}"
STREAMS = {LIST: "/ui/events", TUNE: f"{TUNE}/events", TRAIN: f"{TRAIN}/events"}

Change = Callable[["Site"], object]


@contextmanager
def listening(site: "Site", path: str) -> Iterator[HTTPResponse]:
    """Open a stream; what does not come for a minute does not come."""
    connection = HTTPConnection(site.address, timeout=60)
    connection.request("GET", path, headers={"Cookie": site.cookie} if site.cookie else {})
    try:
        yield connection.getresponse()
    finally:
        connection.close()


def next_version(stream: HTTPResponse) -> str:
    """Wait for an event."""
    while not (line := stream.readline()).startswith(b"data: "):
        assert line, "the stream has ended"
    return line.decode().removeprefix("data: ").strip()


def shown_version(site: "Site", path: str) -> str:
    found = re.search(r'<main [^>]*data-version="([^"]*)"', site.get(path).text)
    assert found is not None
    return found[1]


def finish(site: "Site") -> None:
    job = site.store.tuning_jobs.get(a_tuning_job().arn)
    assert job is not None
    assert site.store.tuning_jobs.replace(replace(job, status=TuningStatus.COMPLETED, ended_at=2000.0))


CHANGES: dict[str, tuple[str, Change]] = {
    "a tuning job is created": (LIST, lambda site: site.store.tuning_jobs.add(a_tuning_job("another"))),
    "a training job of the list reports": (LIST, lambda site: site.report(a_training_job(1), 0.5)),
    "a tuning job of the list ends": (LIST, finish),
    "a training job is created": (TUNE, lambda site: site.add(a_training_job(2))),
    "a training job reports": (TUNE, lambda site: site.report(a_training_job(1), 0.5)),
    "the tuning job is to stop": (TUNE, lambda site: site.store.tuning_jobs.request_stop(a_tuning_job().arn, 2000.0)),
    "it reports": (TRAIN, lambda site: site.report(a_training_job(1), 0.5)),
    "it prints a line": (TRAIN, lambda site: site.logs.update({a_training_job(1).name: "a line\n"})),
}


@pytest.mark.parametrize("path", STREAMS)
def test_a_page_names_its_stream_and_the_stream_its_version(site: "Site", path: str) -> None:
    site.add(a_training_job(1))

    with listening(site, STREAMS[path]) as stream:
        version = next_version(stream)

    assert f'data-stream="{STREAMS[path]}"' in site.get(path).text
    assert version == shown_version(site, path)


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_told(site: "Site", what: str) -> None:
    path, change = CHANGES[what]
    site.add(a_training_job(1))

    with listening(site, STREAMS[path]) as stream:
        before = next_version(stream)
        change(site)
        after = next_version(stream)

    assert before != after == shown_version(site, path)


def test_a_page_of_the_list_hears_of_its_own_tuning_jobs_alone(site: "Site") -> None:
    site.add(a_training_job(1))

    with listening(site, "/ui/events?find=other") as stream:
        before = next_version(stream)
        site.report(a_training_job(1), 0.5)
        site.store.tuning_jobs.add(a_tuning_job("another"))
        after = next_version(stream)

    assert before != after == shown_version(site, "/?find=other")


def test_the_stream_of_a_tuning_job_ends_with_it(site: "Site") -> None:
    site.add(a_training_job(1))

    with listening(site, STREAMS[TUNE]) as stream:
        next_version(stream)
        finish(site)
        next_version(stream)
        rest = stream.read()

    assert rest.strip() == b""


@pytest.mark.parametrize("path", [TUNE, TRAIN])
def test_what_is_over_has_no_stream_and_its_page_names_none(site: "Site", path: str) -> None:
    site.add(a_training_job(1, TrainingStatus.COMPLETED))
    finish(site)

    with listening(site, STREAMS[path]) as stream:
        assert stream.status == 204

    assert "data-stream" not in site.get(path).text


def test_the_list_is_live_although_all_are_over(site: "Site") -> None:
    """A new tuning job appears by itself."""
    site.add(a_training_job(1, TrainingStatus.COMPLETED))
    finish(site)

    assert 'data-stream="/ui/events"' in site.get(LIST).text


@pytest.mark.parametrize("path", ["/ui/events?region=mars-1", TUNE.replace("tune", "none") + "/events"])
def test_where_there_is_no_page_there_is_no_stream(site: "Site", path: str) -> None:
    assert site.get(path).status == 404


def test_a_made_up_page_of_the_list_has_no_stream(site: "Site") -> None:
    assert site.get("/ui/events?after=nonsense").status == 400


def test_a_job_of_another_account_has_no_stream(site: "Site") -> None:
    other = Scope(account="111111111111", region=SCOPE.region)
    site.store.tuning_jobs.add(a_tuning_job("secret", scope=other, arn=tuning_job_arn(other, "secret")))

    assert site.get("/ui/tuning-jobs/us-east-1/secret/events").status == 404


def test_the_list_does_not_hear_of_other_accounts(site: "Site") -> None:
    other = Scope(account="111111111111", region=SCOPE.region)
    site.add(a_training_job(1))

    with listening(site, STREAMS[LIST]) as stream:
        before = next_version(stream)
    site.store.tuning_jobs.add(a_tuning_job("secret", scope=other, arn=tuning_job_arn(other, "secret")))
    with listening(site, STREAMS[LIST]) as stream:
        after = next_version(stream)

    assert before == after


def test_a_stream_is_for_those_who_have_signed_in(closed_site: "Site") -> None:
    closed_site.add(a_training_job(1))
    before = closed_site.get(STREAMS[TUNE])
    closed_site.sign_in(OWN_KEY, OWN_SECRET)

    with listening(closed_site, STREAMS[TUNE]) as stream:
        assert next_version(stream)

    assert (before.status, before.headers["location"][:11]) == (303, "/ui/sign-in")


def test_a_stranger_s_page_cannot_listen(site: "Site") -> None:
    assert site.get("/ui/events", host="evil.example").status == 403


def test_a_stream_is_not_kept_nor_held_up(site: "Site") -> None:
    headers = site.get("/ui/events", method="HEAD").headers

    assert headers["content-type"].startswith("text/event-stream")
    assert (headers["cache-control"], headers["x-accel-buffering"]) == ("no-store", "no")
