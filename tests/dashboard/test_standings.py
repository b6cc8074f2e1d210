"""Counters that are remembered as long as they are true."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from luthier.dashboard.standings import Standings
from luthier.records.status import TrainingStatus
from luthier.records.training_job import MetricPoint
from luthier.store.engine import Store
from things import a_training_job, a_tuning_job

ARN = a_tuning_job().arn


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    store.tuning_jobs.add(a_tuning_job())
    launch(store, 1)
    return store


def launch(store: Store, ordinal: int) -> None:
    tuning = store.tuning_jobs.get(ARN)
    assert tuning is not None
    assert store.training_jobs.add_children(tuning, [a_training_job(ordinal)])


def complete(store: Store, ordinal: int, value: float) -> None:
    job = store.training_jobs.get(a_training_job(ordinal).arn)
    assert job is not None
    over = replace(job, status=TrainingStatus.COMPLETED, ended_at=1500.0)
    assert store.training_jobs.take_in(over, [MetricPoint(name="loss", value=value, at=1400.0, sequence=1)])


def counters(standings: Standings, store: Store) -> tuple[int, int, float | None]:
    job = store.tuning_jobs.get(ARN)
    assert job is not None
    seen = standings.of([job], 5000.0)[0].standing.progress
    return seen.completed, seen.in_progress, seen.best_objective


def test_a_training_job_that_changed_is_counted_anew(store: Store) -> None:
    standings = Standings(store)
    assert counters(standings, store) == (0, 1, None)

    complete(store, 1, 0.5)

    assert counters(standings, store) == (1, 0, 0.5)


def test_a_new_training_job_is_counted(store: Store) -> None:
    standings = Standings(store)
    counters(standings, store)

    launch(store, 2)

    assert counters(standings, store) == (0, 2, None)


def test_a_training_job_that_lost_its_place_is_not_counted(store: Store) -> None:
    standings = Standings(store)
    complete(store, 1, 0.5)
    counters(standings, store)

    assert store.training_jobs.request_deletion(a_training_job(1).arn, 2000.0)

    assert counters(standings, store) == (0, 0, None)


def test_what_has_not_changed_is_not_read_again(store: Store) -> None:
    standings = Standings(store)
    counters(standings, store)
    statements: list[str] = []
    event.listen(
        store.training_jobs._database._engine,  # there is no other way to see what is asked
        "before_cursor_execute",
        lambda *asked: statements.append(asked[2]),
    )

    counters(standings, store)

    assert not [each for each in statements if "training_jobs.definition" in each]
