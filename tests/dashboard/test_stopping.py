"""Stopping jobs from their pages: only who means it, from a page of ours, and only what goes on."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dashboard.conftest import OWN_KEY, OWN_SECRET
from luthier.dashboard.forms import LONGEST
from luthier.identity.visits import LASTS_S
from luthier.records.status import TrainingStatus, TuningStatus
from things import a_training_job, a_tuning_job

if TYPE_CHECKING:
    from dashboard.conftest import Site

TUNE = "/ui/tuning-jobs/us-east-1/tune"
STOP = f"{TUNE}/stop"
TRAIN = "/ui/training-jobs/us-east-1/tune-001-00000001"


def status(site: "Site") -> TuningStatus:
    job = site.store.tuning_jobs.get(a_tuning_job().arn)
    assert job is not None
    return job.status


def test_the_page_of_a_job_that_goes_on_leads_to_stopping_it(site: "Site") -> None:
    site.add(a_training_job(1))

    assert f'href="{STOP}"' in site.get(TUNE).text
    assert f'href="{TRAIN}/stop"' in site.get(TRAIN).text


def test_the_page_of_a_job_that_is_over_does_not(site: "Site") -> None:
    site.store.tuning_jobs.add(a_tuning_job())
    assert site.store.tuning_jobs.replace(replace(a_tuning_job(), status=TuningStatus.COMPLETED, ended_at=2000.0))

    assert STOP not in site.get(TUNE).text
    assert "There is nothing to stop" in site.get(STOP).text


def test_asking_changes_nothing(site: "Site") -> None:
    site.store.tuning_jobs.add(a_tuning_job())

    assert "Stop this tuning job?" in site.get(STOP).text
    assert status(site) is TuningStatus.IN_PROGRESS


def test_a_tuning_job_is_stopped_and_its_page_shown(site: "Site") -> None:
    site.store.tuning_jobs.add(a_tuning_job())

    page = site.post(STOP, {"token": site.token(STOP)})

    assert (page.status, page.headers["location"]) == (303, TUNE)
    assert status(site) is TuningStatus.STOPPING


def test_a_training_job_is_stopped_and_its_tuning_job_goes_on(site: "Site") -> None:
    site.add(a_training_job(1))

    page = site.post(f"{TRAIN}/stop", {"token": site.token(f"{TRAIN}/stop")})

    job = site.store.training_jobs.get(a_training_job(1).arn)
    assert job is not None
    assert (page.headers["location"], job.status) == (TRAIN, TrainingStatus.STOPPING)
    assert status(site) is TuningStatus.IN_PROGRESS


def test_stopping_twice_is_stopping_once(site: "Site") -> None:
    site.store.tuning_jobs.add(a_tuning_job())
    fields = {"token": site.token(STOP)}

    assert [site.post(STOP, fields).status for _ in range(2)] == [303, 303]
    assert status(site) is TuningStatus.STOPPING


def test_what_is_over_cannot_be_stopped_and_says_so(site: "Site") -> None:
    site.store.tuning_jobs.add(a_tuning_job())
    token = site.token(STOP)
    assert site.store.tuning_jobs.replace(replace(a_tuning_job(), status=TuningStatus.COMPLETED, ended_at=2000.0))

    page = site.post(STOP, {"token": token})

    assert page.status == 409
    assert "the hyperparameter tuning job is in status Completed" in page.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": None},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://[::1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
    ],
)
def test_a_form_of_another_site_stops_nothing(site: "Site", headers: dict[str, str | None]) -> None:
    """Even if it has a token that fits."""
    site.store.tuning_jobs.add(a_tuning_job())

    page = site.post(STOP, {"token": site.token(STOP)}, **headers)

    assert page.status == 403
    assert status(site) is TuningStatus.IN_PROGRESS


@pytest.mark.parametrize("token", ["", "x", "ä", "\0", "A" * 200])
def test_without_a_token_that_fits_nothing_is_stopped(site: "Site", token: str) -> None:
    site.store.tuning_jobs.add(a_tuning_job())

    assert site.post(STOP, {"token": token}).status == 403
    assert site.post(STOP, {}).status == 403
    assert status(site) is TuningStatus.IN_PROGRESS


def test_the_token_of_one_job_stops_no_other(site: "Site") -> None:
    site.add(a_training_job(1))

    assert site.post(STOP, {"token": site.token(f"{TRAIN}/stop")}).status == 403
    assert status(site) is TuningStatus.IN_PROGRESS


def test_a_form_that_was_left_open_for_too_long_stops_nothing(site: "Site") -> None:
    site.store.tuning_jobs.add(a_tuning_job())
    token = site.token(STOP)
    site.now += LASTS_S

    page = site.post(STOP, {"token": token})

    assert page.status == 403
    assert "Open it anew" in page.text


def test_the_token_of_another_visit_stops_nothing(closed_site: "Site") -> None:
    closed_site.store.tuning_jobs.add(a_tuning_job())
    closed_site.sign_in(OWN_KEY, OWN_SECRET)
    token = closed_site.token(STOP)
    closed_site.sign_in(OWN_KEY, OWN_SECRET)

    assert closed_site.post(STOP, {"token": token}).status == 403
    assert closed_site.post(STOP, {"token": closed_site.token(STOP)}).status == 303


@pytest.mark.parametrize("body", ["token=" + "x" * LONGEST, "&".join(f"a{n}=1" for n in range(99)), "token=%ff%fe"])
def test_an_odd_form_is_refused(site: "Site", body: str) -> None:
    site.store.tuning_jobs.add(a_tuning_job())

    assert site.post(STOP, body).status in (400, 403, 413)
    assert status(site) is TuningStatus.IN_PROGRESS


def test_another_kind_of_body_is_refused(site: "Site") -> None:
    site.store.tuning_jobs.add(a_tuning_job())

    assert site.post(STOP, "{}", Content_Type="application/json").status == 415


def test_a_job_that_is_not_there_cannot_be_stopped(site: "Site") -> None:
    assert site.get("/ui/tuning-jobs/us-east-1/nothing/stop").status == 404
    assert site.post("/ui/tuning-jobs/us-east-1/nothing/stop", {"token": "x"}).status == 404
