"""Which training job gets which credentials, with a real store."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from luthier.app.job_credentials import LIFETIME_S, credentials_lender, token_maker
from luthier.identity.sessions import Sessions
from luthier.records.call import ApiError
from luthier.records.status import TrainingStatus
from luthier.records.training_job import TrainingJob
from luthier.store.engine import Store
from luthier.wire.credentials_door import Lend
from things import a_training_job, a_tuning_job

NOW = 5000.0
SESSIONS = Sessions(b"secret")
token_of = token_maker(SESSIONS)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    yield store
    store.close()


@pytest.fixture
def job(store: Store) -> TrainingJob:
    """A training job that runs."""
    tuning = a_tuning_job()
    store.tuning_jobs.add(tuning)
    job = a_training_job()
    assert store.training_jobs.add_children(tuning, [job])
    return job


@pytest.fixture
def lend(store: Store) -> Lend:
    return credentials_lender(store, SESSIONS, lambda: NOW)


def refusal(lend: Lend, token: str) -> tuple[int, str]:
    with pytest.raises(ApiError) as refused:
        lend(token)
    return refused.value.http_status, refused.value.code


def test_a_training_job_gets_the_credentials_of_its_role_for_an_hour(lend: Lend, job: TrainingJob) -> None:
    session = lend(token_of(job))

    assert (session.role_arn, session.session_name) == (job.definition.role, "SageMaker")
    assert session.expires_at == NOW + LIFETIME_S


def test_they_are_new_each_time(lend: Lend, job: TrainingJob) -> None:
    assert lend(token_of(job)).access_key != lend(token_of(job)).access_key


def test_what_is_lent_can_be_opened(lend: Lend, job: TrainingJob) -> None:
    session = lend(token_of(job))

    assert SESSIONS.open(session.access_key, session.token) == session


@pytest.mark.parametrize("token", ["guessed", "\N{SNOWMAN}", "\udc80", "A" * 100_000])
def test_a_forged_token_is_refused(lend: Lend, job: TrainingJob, token: str) -> None:
    assert refusal(lend, token) == (401, "InvalidToken")


def test_no_token_is_refused(lend: Lend) -> None:
    assert refusal(lend, "") == (401, "MissingAuthenticationToken")


def test_a_session_token_is_no_training_jobs(lend: Lend, job: TrainingJob) -> None:
    assert refusal(lend, lend(token_of(job)).token) == (401, "InvalidToken")


def test_a_token_of_another_installation_is_refused(lend: Lend, job: TrainingJob) -> None:
    assert refusal(lend, token_maker(Sessions(b"another"))(job)) == (401, "InvalidToken")


def test_the_token_of_an_earlier_training_job_of_the_name_is_refused(lend: Lend, job: TrainingJob) -> None:
    assert refusal(lend, token_of(replace(job, created_at=job.created_at - 1))) == (401, "InvalidToken")


def test_a_training_job_that_is_gone_gets_nothing(lend: Lend) -> None:
    assert refusal(lend, token_of(a_training_job())) == (404, "ResourceNotFound")


@pytest.mark.parametrize("status", [TrainingStatus.COMPLETED, TrainingStatus.FAILED, TrainingStatus.STOPPED])
def test_a_training_job_that_is_over_gets_nothing(
    store: Store, lend: Lend, job: TrainingJob, status: TrainingStatus
) -> None:
    assert store.training_jobs.take_in(replace(job, status=status, ended_at=3000.0), [])

    assert refusal(lend, token_of(job)) == (403, "AccessDenied")


def test_a_training_job_that_is_stopping_still_uploads(store: Store, lend: Lend, job: TrainingJob) -> None:
    assert store.training_jobs.take_in(replace(job, status=TrainingStatus.STOPPING), [])

    assert lend(token_of(job)).role_arn == job.definition.role
