"""Families are read again where they have changed, and only there."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from luthier.dashboard import families
from luthier.dashboard.families import Families
from luthier.records.names import TrainingJobArn
from luthier.records.status import TrainingStatus
from luthier.records.training_job import MetricPoint, TrainingJob
from luthier.store.engine import Store
from things import a_training_job, a_tuning_job

TUNE = a_tuning_job()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    opened.tuning_jobs.add(TUNE)
    assert opened.training_jobs.add_children(TUNE, [a_training_job(1), a_training_job(2)])
    yield opened
    opened.close()


@pytest.fixture
def read(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[TrainingJobArn]:
    """The training jobs that are read, from now on."""
    found: list[TrainingJobArn] = []
    several = store.training_jobs.several

    def noting(arns: Sequence[TrainingJobArn]) -> list[TrainingJob]:
        found.extend(arns)
        return several(arns)

    monkeypatch.setattr(store.training_jobs, "several", noting)
    return found


def report(store: Store, job: TrainingJob, value: float) -> None:
    stored = store.training_jobs.get(job.arn)
    assert stored is not None
    assert store.training_jobs.take_in(stored, [MetricPoint(name="loss", value=value, at=1.0, sequence=stored.version)])


def test_a_family_is_what_the_store_holds(store: Store) -> None:
    report(store, a_training_job(2), 0.5)

    family = Families(store).of(TUNE.arn)

    assert family.children == store.training_jobs.of_tuning_job(TUNE.arn)
    assert family.finals == store.training_jobs.final_metrics([child.arn for child in family.children])


def test_what_has_not_changed_is_not_read_again(store: Store, read: list[TrainingJobArn]) -> None:
    shelf = Families(store)
    shelf.of(TUNE.arn)
    read.clear()

    assert len(shelf.of(TUNE.arn).children) == 2
    assert read == []


def test_a_training_job_that_has_reported_is_read_again_and_no_other(store: Store, read: list[TrainingJobArn]) -> None:
    shelf, job = Families(store), a_training_job(2)
    shelf.of(TUNE.arn)
    read.clear()
    report(store, job, 0.25)

    family = shelf.of(TUNE.arn)

    assert [each.value for each in family.finals[job.arn]] == [0.25]
    assert read == [job.arn]


def test_a_training_job_that_was_deleted_is_in_it_no_more(store: Store) -> None:
    shelf, over = Families(store), a_training_job(3, TrainingStatus.COMPLETED, is_released=True)
    tuning = store.tuning_jobs.get(TUNE.arn)
    assert tuning is not None
    assert store.training_jobs.add_children(tuning, [over])
    shelf.of(TUNE.arn)
    assert store.training_jobs.request_deletion(over.arn, 2000.0)

    assert [child.ordinal for child in shelf.of(TUNE.arn).children] == [1, 2]


def test_what_was_looked_at_longest_ago_is_forgotten(
    store: Store, read: list[TrainingJobArn], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(families, "MOST", 2)
    other = a_tuning_job("other")
    store.tuning_jobs.add(other)
    assert store.training_jobs.add_children(other, [a_training_job(1, name="other-1", tuning_job=other.arn)])
    shelf = Families(store)
    shelf.of(TUNE.arn)
    shelf.of(other.arn)
    read.clear()

    shelf.of(TUNE.arn)

    assert len(read) == 2
