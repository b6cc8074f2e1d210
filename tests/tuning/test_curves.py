"""Objective curves of training jobs, read from a real store."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from luthier.records.training_job import MetricPoint, TrainingJob
from luthier.store.engine import Store
from luthier.tuning.curves import KEPT, CurveShelf, step_means
from things import a_definition, a_specification, a_training_job, a_tuning_job

ONE = a_specification()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    opened.tuning_jobs.add(a_tuning_job())
    yield opened
    opened.close()


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every statement that any engine executes."""
    told: list[str] = []

    def tell(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        told.append(statement)

    event.listen(Engine, "before_cursor_execute", tell)
    yield told
    event.remove(Engine, "before_cursor_execute", tell)


def add(store: Store, job: TrainingJob) -> TrainingJob:
    tuning = store.tuning_jobs.get(a_tuning_job().arn)
    assert tuning is not None
    assert store.training_jobs.add_children(tuning, [job])
    return job


def report(store: Store, job: TrainingJob, values: Sequence[float], metric: str = "loss") -> TrainingJob:
    """Let a training job report more."""
    first = job.journal_read + 1
    points = [
        MetricPoint(name=metric, value=value, at=1.0, sequence=sequence) for sequence, value in enumerate(values, first)
    ]
    assert store.training_jobs.take_in(replace(job, journal_read=job.journal_read + len(values)), points)
    stored = store.training_jobs.get(job.arn)
    assert stored is not None
    return stored


def test_a_curve_is_the_objective_as_it_was_reported(store: Store) -> None:
    job = report(store, report(store, add(store, a_training_job(1)), [0.9, 0.5, 0.7]), [8.0], "another")

    assert CurveShelf().of(store, ONE, [job]) == {job.arn: (0.9, 0.5, 0.7)}


def test_who_has_reported_nothing_has_an_empty_curve(store: Store) -> None:
    job = add(store, a_training_job(1))

    assert CurveShelf().of(store, ONE, [job]) == {job.arn: ()}


def test_a_curve_that_has_not_grown_is_not_read_again(store: Store, statements: list[str]) -> None:
    still, growing = (report(store, add(store, a_training_job(place)), [0.9]) for place in (1, 2))
    shelf = CurveShelf()
    shelf.of(store, ONE, [still, growing])
    growing = report(store, growing, [0.8])
    statements.clear()

    curves = shelf.of(store, ONE, [still, growing])
    again = shelf.of(store, ONE, [still, growing])

    assert curves == again == {still.arn: (0.9,), growing.arn: (0.9, 0.8)}
    assert len([each for each in statements if "metric_points" in each]) == 1


def test_a_training_job_of_a_deleted_ones_name_has_a_curve_of_its_own(store: Store) -> None:
    """It was created at another time."""
    job = report(store, add(store, a_training_job(1)), [0.9])
    shelf = CurveShelf()
    shelf.of(store, ONE, [job])

    namesake = replace(job, created_at=job.created_at + 60.0)

    assert shelf._curves.keys().isdisjoint({(namesake.arn, namesake.created_at, namesake.journal_read, "loss")})


def test_the_shelf_is_not_endless(store: Store) -> None:
    shelf = CurveShelf()

    shelf.of(store, ONE, [a_training_job(place, name=f"job-{place}") for place in range(1, KEPT + 10)])

    assert len(shelf._curves) == KEPT


@pytest.mark.parametrize(("hosts", "curve"), [(1, (4.0, 2.0, 3.0, 1.0, 9.0)), (2, (3.0, 2.0)), (3, (3.0,)), (8, ())])
def test_reports_of_several_hosts_make_one_step(hosts: int, curve: tuple[float, ...]) -> None:
    """As many in a row as there are hosts; a step waits for its last report."""
    assert step_means([4.0, 2.0, 3.0, 1.0, 9.0], hosts) == pytest.approx(curve)


def test_the_training_jobs_own_hosts_count(store: Store) -> None:
    job = add(store, a_training_job(1, definition=a_definition(instance_count=2)))
    job = report(store, job, [0.9, 0.7, 0.5, 0.3])

    assert CurveShelf().of(store, ONE, [job])[job.arn] == pytest.approx((0.8, 0.4))
