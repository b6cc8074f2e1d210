"""From stored tuning jobs to their portraits."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from luthier.records.portrait import NotEnough, Portrayal
from luthier.records.search_space import CategoricalRange, SearchSpace
from luthier.records.status import TrainingStatus
from luthier.records.training_job import MetricPoint, TrainingJob
from luthier.records.trial import Trial
from luthier.records.tuning_job import Objective, ObjectiveType, TuningJob, WarmStart, WarmStartType
from luthier.store.engine import Store
from luthier.tuning.portraits import portraits_of
from things import SPACE, a_training_job, a_tuning_definition, a_tuning_job

OVER = TrainingStatus.COMPLETED
CHOICE = SearchSpace(ranges=(CategoricalRange(name="kernel", choices=("a", "b")),))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    yield opened
    opened.close()


class Painter:
    """Keeps what it is asked to paint."""

    def __init__(self) -> None:
        self.asked: list[tuple[SearchSpace, Sequence[Trial], float]] = []

    def __call__(self, space: SearchSpace, trials: Sequence[Trial], sign: float) -> Portrayal:
        self.asked.append((space, trials, sign))
        return NotEnough(observed=len(trials), reason=f"painting {len(self.asked)}")


def add(store: Store, job: TuningJob, *children: tuple[TrainingJob, float]) -> None:
    store.tuning_jobs.add(job)
    assert store.training_jobs.add_children(job, [child for child, _ in children])
    for child, value in children:
        stored = store.training_jobs.get(child.arn)
        assert stored is not None
        assert store.training_jobs.take_in(stored, [MetricPoint(name="loss", value=value, at=1.0, sequence=1)])


def test_a_painter_sees_the_training_jobs_as_trials(store: Store) -> None:
    add(store, a_tuning_job(), (a_training_job(1, OVER), 0.5), (a_training_job(2, OVER), 0.25))
    painter = Painter()

    portraits_of(store, a_tuning_job(), painter)

    [(space, trials, sign)] = painter.asked
    assert (space, sign) == (SPACE, 1.0)
    assert [trial.value for trial in trials] == [0.5, 0.25]


def test_an_objective_to_maximise_is_turned_and_turned_back(store: Store) -> None:
    job = a_tuning_job(specification={"objective": Objective(type=ObjectiveType.MAXIMIZE, metric="loss")})
    add(store, job, (a_training_job(1, OVER), 0.5))
    painter = Painter()

    portraits_of(store, job, painter)

    [(_, [trial], sign)] = painter.asked
    assert (trial.value, sign) == (-0.5, -1.0)


def test_each_definition_is_portrayed_from_its_own_training_jobs(store: Store) -> None:
    definitions = (a_tuning_definition(name="wide"), a_tuning_definition(name="choice", space=CHOICE))
    job = a_tuning_job(specification={"definitions": definitions})
    one = a_training_job(1, OVER, definition_name="wide")
    other = a_training_job(2, OVER, definition_name="choice", tuned={"kernel": "b"})
    add(store, job, (one, 1.0), (other, 2.0))
    painter = Painter()

    found = portraits_of(store, job, painter)

    assert [each.definition.name for each in found] == ["wide", "choice"]
    assert [[trial.value for trial in trials] for _, trials, _ in painter.asked] == [[1.0], [2.0]]


def test_parents_of_a_warm_start_teach_too(store: Store) -> None:
    parent = a_tuning_job(ended_at=1500.0)
    add(store, parent, (a_training_job(1, OVER), 0.5))
    start = WarmStart(type=WarmStartType.TRANSFER_LEARNING, parents=(parent.arn,))
    child = a_tuning_job("child", specification={"warm_start": start}, created_at=2000.0)
    store.tuning_jobs.add(child)
    painter = Painter()

    portraits_of(store, child, painter)

    [(_, [trial], _)] = painter.asked
    assert (trial.value, trial.task) == (0.5, parent.arn)


def test_a_tuning_job_without_training_jobs_is_portrayed_from_nothing(store: Store) -> None:
    store.tuning_jobs.add(a_tuning_job())

    [found] = portraits_of(store, a_tuning_job(), Painter())

    assert found.portrayal == NotEnough(observed=0, reason="painting 1")
