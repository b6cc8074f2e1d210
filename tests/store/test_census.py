"""Rows counted, on both engines."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from luthier.records.status import TrainingStatus, TuningStatus
from luthier.store.census import Counts
from luthier.store.engine import Store
from things import a_training_job, a_tuning_job

pytest_plugins = ["store.databases"]


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store.open(database_url)
    yield opened
    opened.close()


def test_without_rows_every_status_is_there_and_nothing_is_of_it(store: Store) -> None:
    none = {each.value: 0 for each in TuningStatus}

    assert store.census.take(0.0) == Counts(tuning_jobs=none, training_jobs={**none, "Deleting": 0})


def test_jobs_are_counted_by_status(store: Store) -> None:
    job = a_tuning_job()
    store.tuning_jobs.add(job)
    store.tuning_jobs.add(a_tuning_job("other", status=TuningStatus.FAILED))
    store.training_jobs.add_children(
        job, [a_training_job(1), a_training_job(2, TrainingStatus.COMPLETED), a_training_job(3)]
    )

    counts = store.census.take(0.0)

    assert {status: count for status, count in counts.tuning_jobs.items() if count} == {"InProgress": 1, "Failed": 1}
    assert {status: count for status, count in counts.training_jobs.items() if count} == {
        "InProgress": 2,
        "Completed": 1,
    }


def test_those_that_were_stopped_early_are_counted_whatever_their_status(store: Store) -> None:
    job = a_tuning_job()
    store.tuning_jobs.add(job)
    ended = replace(a_training_job(1, TrainingStatus.STOPPED), stop_reason="hopeless")
    store.training_jobs.add_children(job, [ended, a_training_job(2), a_training_job(3, TrainingStatus.STOPPED)])

    store.training_jobs.request_stop(a_training_job(2).arn, 5.0, "hopeless")

    assert store.census.take(0.0).stopped_early == 2


def test_leases_count_until_they_run_out(store: Store) -> None:
    store.leases.take("one", "me", 0.0, 10.0)
    store.leases.take("two", "me", 0.0, 5.0)

    assert store.census.take(5.0).leases == 1
