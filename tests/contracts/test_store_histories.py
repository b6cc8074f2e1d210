"""What every store promises of tuning jobs that were run elsewhere."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from luthier.records.names import training_job_arn
from luthier.records.status import TrainingStatus, TuningStatus
from luthier.records.training_job import MetricPoint, TrainingJob
from luthier.records.tuning_job import TuningJob
from luthier.store import NameTaken
from luthier.store.engine import Store
from things import SCOPE, a_training_job, a_tuning_job

pytest_plugins = ["store.databases"]

JOB = a_tuning_job(status=TuningStatus.COMPLETED, ended_at=2e9)
POINT = MetricPoint(name="loss", value=0.5, at=2e9, sequence=1)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store.open(database_url)
    yield opened
    opened.close()


def a_child(ordinal: int, job: TuningJob = JOB) -> TrainingJob:
    made = a_training_job(ordinal, status=TrainingStatus.COMPLETED, is_released=True)
    return replace(made, tuning_job=job.arn)


def test_all_of_a_history_is_stored(store: Store) -> None:
    children = [a_child(1), a_child(2)]

    store.histories.add(JOB, children, {children[0].arn: [POINT]}, {"from": "elsewhere"})

    assert store.tuning_jobs.get(JOB.arn) == JOB
    assert store.training_jobs.of_tuning_job(JOB.arn) == children
    assert store.training_jobs.points(children[0].arn) == (POINT,)
    assert store.tags.of_each([JOB.arn, children[1].arn]) == {
        JOB.arn: {"from": "elsewhere"},
        children[1].arn: {"from": "elsewhere"},
    }


def test_nothing_is_stored_where_a_training_job_of_the_name_is_there(store: Store) -> None:
    taken = a_child(2)
    store.training_jobs.add(replace(taken, tuning_job=None, ordinal=None))

    with pytest.raises(NameTaken, match=taken.arn):
        store.histories.add(JOB, [a_child(1), taken], {}, {"from": "elsewhere"})

    assert store.tuning_jobs.get(JOB.arn) is None
    assert store.training_jobs.get(a_child(1).arn) is None
    assert store.tags.of(JOB.arn) == {}


def test_a_history_is_not_stored_twice(store: Store) -> None:
    store.histories.add(JOB, [a_child(1)], {}, {})

    with pytest.raises(NameTaken, match=JOB.arn):
        store.histories.add(JOB, [a_child(1)], {}, {})

    assert len(store.training_jobs.of_tuning_job(JOB.arn)) == 1


def test_what_is_not_over_is_no_history(store: Store) -> None:
    with pytest.raises(ValueError, match="not over"):
        store.histories.add(JOB, [replace(a_child(1), is_released=False)], {}, {})


def test_a_training_job_that_is_there_twice_stores_nothing(store: Store) -> None:
    twin = replace(a_child(2), arn=training_job_arn(SCOPE, a_child(1).name))

    with pytest.raises(IntegrityError):
        store.histories.add(JOB, [a_child(1), twin], {}, {})

    assert store.tuning_jobs.get(JOB.arn) is None
