"""What every store promises of what training jobs have used."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from luthier.records.status import TrainingStatus
from luthier.records.training_job import TrainingJob
from luthier.records.usage import all_joined
from luthier.store.engine import Store
from things import a_training_job, a_usage

pytest_plugins = ["store.databases"]


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store.open(database_url)
    yield opened
    opened.close()


def added(store: Store, name: str = "alone", **changes: Any) -> TrainingJob:
    job = a_training_job(name=name, tuning_job=None, ordinal=None, tuned={}, **changes)
    store.training_jobs.add(job)
    return job


FIRST = a_usage(
    span_s=16.0, processor_s=4.0, peak_cpu_percent=90.0, memory_bytes=1 << 40, disk_bytes=5, gpu_percent=80.0
)
SECOND = a_usage(at=30.0, span_s=48.0, processor_s=1.0, gpu_percent=40.0, peak_gpu_percent=60.0, gpu_memory_percent=7.0)
THIRD = a_usage(host="algo-2", gpu_percent=10.0)


def test_what_was_used_comes_back_as_it_was_taken_in(store: Store) -> None:
    job = added(store)

    assert store.training_jobs.take_in(job, [], {3: SECOND, 2: FIRST})

    assert store.usage_samples.of_training_job(job.arn) == [FIRST, SECOND]


def test_a_line_that_is_taken_in_twice_is_there_once(store: Store) -> None:
    job = added(store)
    store.training_jobs.take_in(job, [], {2: FIRST})

    store.training_jobs.take_in(replace(job, version=job.version + 1), [], {2: FIRST, 3: SECOND})

    assert store.usage_samples.of_training_job(job.arn) == [FIRST, SECOND]


def test_nothing_is_taken_in_of_a_version_that_does_not_stand(store: Store) -> None:
    job = added(store)

    assert not store.training_jobs.take_in(replace(job, version=7), [], {2: FIRST})

    assert store.usage_samples.of_training_job(job.arn) == []


def test_the_totals_are_the_stretches_joined(store: Store) -> None:
    job = added(store)
    store.training_jobs.take_in(job, [], {2: FIRST, 3: THIRD, 4: SECOND})

    totals = store.usage_samples.totals([job.arn])[job.arn]

    joined = all_joined(store.usage_samples.of_training_job(job.arn))
    assert {each.host: each for each in totals} == joined


def test_training_jobs_that_have_told_nothing_have_no_totals(store: Store) -> None:
    job = added(store)

    assert store.usage_samples.totals([job.arn]) == {job.arn: []}


def test_what_was_used_goes_with_its_training_job(store: Store) -> None:
    job = added(store, status=TrainingStatus.COMPLETED, is_released=True)
    store.training_jobs.take_in(job, [], {2: FIRST})
    store.training_jobs.request_deletion(job.arn, 3000.0)
    deleting = store.training_jobs.get(job.arn)
    assert deleting is not None

    assert store.training_jobs.delete(deleting)

    assert store.usage_samples.of_training_job(job.arn) == []
