"""Tuning jobs of several definitions, brought on a step at a time over a real store."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from luthier.records.names import TuningJobArn
from luthier.records.search_space import CategoricalRange, SearchSpace
from luthier.records.status import TrainingStatus, TuningStatus
from luthier.records.training_job import MetricPoint, TrainingJob
from luthier.records.tuning_job import Objective, ObjectiveType, Resource, TuningDefinition
from luthier.store.engine import Store
from luthier.strategies.early_stopping.prediction_rule import predicted
from luthier.strategies.grid import Grid
from luthier.strategies.random import Random
from luthier.tuning.reconcile import TuningController
from things import SPACE, a_definition, a_training_job, a_tuning_definition, a_tuning_job

TUNE = a_tuning_job().arn


def a_choice(name: str, values: str) -> TuningDefinition:
    """A definition whose space has as many points as there are letters in *values*."""
    space = SearchSpace(ranges=(CategoricalRange(name="kernel", choices=tuple(values)),))
    return a_tuning_definition(name=name, space=space, training=a_definition(image=f"{name}:1"))


WIDE = a_tuning_definition(name="wide", space=SPACE, objective=Objective(type=ObjectiveType.MINIMIZE, metric="loss"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    yield opened
    opened.close()


def begin(store: Store, *definitions: TuningDefinition, **limits: Any) -> TuningController:
    requests = [{"DefinitionName": each.name} for each in definitions]
    request = {"HyperParameterTuningJobName": "tune", "TrainingJobDefinitions": requests}
    asked = {"strategy": "Random", "definitions": definitions, "max_jobs": 6, "max_parallel": 6, **limits}
    store.tuning_jobs.add(a_tuning_job(specification=asked, request=request))
    return TuningController(store=store, strategies={"Random": Random(), "Grid": Grid()}, stops=predicted)


def settle(controller: TuningController, now: float = 1100.0) -> None:
    """Do all there is to do while no training job moves."""
    for _ in range(20):
        if not controller.reconcile(TUNE, now):
            return
    raise AssertionError("the tuning job never comes to rest")


def children(store: Store, arn: TuningJobArn = TUNE) -> list[TrainingJob]:
    return store.training_jobs.of_tuning_job(arn)


def names(store: Store) -> list[str | None]:
    return [job.definition_name for job in children(store)]


def end(store: Store, job: TrainingJob, value: float | None = None, metric: str = "loss", **changes: Any) -> None:
    over = {"status": TrainingStatus.COMPLETED, "ended_at": 1200.0, **changes}
    points = [] if value is None else [MetricPoint(name=metric, value=value, at=1150.0, sequence=1)]
    stored = store.training_jobs.get(job.arn)
    assert stored is not None
    assert store.training_jobs.take_in(replace(stored, **over), points)


def status(store: Store) -> TuningStatus:
    job = store.tuning_jobs.get(TUNE)
    assert job is not None
    return job.status


def test_definitions_take_turns(store: Store) -> None:
    settle(begin(store, WIDE, a_choice("narrow", "abcdef"), max_parallel=5))

    assert names(store) == ["wide", "narrow", "wide", "narrow", "wide"]


def test_a_training_job_is_made_as_its_own_definition_says(store: Store) -> None:
    settle(begin(store, WIDE, a_choice("narrow", "abcdef"), max_parallel=2))

    wide, narrow = children(store)

    assert set(wide.tuned) == {"eta", "max_depth", "booster"}
    assert (set(narrow.tuned), narrow.definition.image) == ({"kernel"}, "narrow:1")
    assert (wide.request, narrow.request) == ({"DefinitionName": "wide"}, {"DefinitionName": "narrow"})


def test_an_exhausted_definition_leaves_its_share_to_the_others(store: Store) -> None:
    settle(begin(store, a_choice("small", "ab"), WIDE))

    assert names(store) == ["small", "wide", "small", "wide", "wide", "wide"]


def test_every_point_of_every_discrete_space_is_tried_once(store: Store) -> None:
    settle(begin(store, a_choice("small", "ab"), a_choice("large", "abcd")))

    tried = [(job.definition_name, job.tuned["kernel"]) for job in children(store)]
    assert sorted(tried) == [*(("large", each) for each in "abcd"), ("small", "a"), ("small", "b")]


def test_a_tuning_job_completes_when_all_definitions_are_exhausted(store: Store) -> None:
    controller = begin(store, a_choice("small", "ab"), a_choice("other", "c"), max_jobs=9, max_parallel=9)
    settle(controller)
    for job in children(store):
        end(store, job, 0.5)

    settle(controller)

    assert (len(children(store)), status(store)) == (3, TuningStatus.COMPLETED)


def test_a_combination_whose_training_job_was_lost_is_tried_again(store: Store) -> None:
    """By the service's own fault; one that failed by its own is not."""
    controller = begin(store, a_choice("grid", "abc"), strategy="Grid", max_jobs=3, max_parallel=3)
    settle(controller)
    first, second, third = children(store)
    end(store, first, 0.5)
    end(store, second, status=TrainingStatus.FAILED, is_retryable=True)
    end(store, third, status=TrainingStatus.FAILED, is_retryable=False)

    settle(controller)

    assert [job.tuned["kernel"] for job in children(store)] == ["a", "b", "c", "b"]


def test_a_grid_completes_when_every_combination_was_tried(store: Store) -> None:
    controller = begin(store, a_choice("grid", "abc"), strategy="Grid", max_jobs=3, max_parallel=2)
    for _ in range(3):
        settle(controller)
        for job in children(store):
            if not job.status.is_over:
                end(store, job, 0.5)
    settle(controller)

    assert ([job.tuned["kernel"] for job in children(store)], status(store)) == (
        ["a", "b", "c"],
        TuningStatus.COMPLETED,
    )


def test_the_same_rows_give_the_same_training_jobs_again(store: Store, tmp_path: Path) -> None:
    """To the last hyperparameter: a proposal depends on the seed, its ordinal, and the rows."""
    again = Store.open(f"sqlite:///{tmp_path / 'again.db'}")

    for each in (store, again):
        settle(begin(each, WIDE, a_choice("narrow", "abcdef")))

    assert children(again) == children(store)
    again.close()


def test_definitions_of_one_space_are_not_searched_at_the_same_points(store: Store) -> None:
    settle(begin(store, WIDE, replace(WIDE, name="twin"), max_parallel=2))

    first, second = children(store)
    assert first.tuned != second.tuned


def test_an_ordinal_is_never_used_twice(store: Store) -> None:
    """Though a training job before the last is gone."""
    controller = begin(store, WIDE, max_jobs=6, max_parallel=1)
    stored = store.tuning_jobs.get(TUNE)
    assert stored is not None
    over = a_training_job(4, TrainingStatus.COMPLETED, definition_name="wide")
    assert store.training_jobs.add_children(stored, [over])

    settle(controller)

    assert [job.ordinal for job in children(store)] == [4, 5]


def test_a_tuning_job_in_its_time_goes_on(store: Store) -> None:
    controller = begin(store, WIDE, max_parallel=2, max_runtime_s=120)

    settle(controller, now=1119.0)

    assert [job.stop_requested_at for job in children(store)] == [None, None]


def test_a_tuning_job_whose_time_is_up_stops_its_training_jobs_and_completes(store: Store) -> None:
    controller = begin(store, WIDE, max_parallel=2, max_runtime_s=120)
    settle(controller)

    settle(controller, now=1120.0)

    assert ([job.stop_requested_at for job in children(store)], status(store)) == (
        [1120.0, 1120.0],
        TuningStatus.IN_PROGRESS,
    )
    for job in children(store):
        end(store, job, status=TrainingStatus.STOPPED)
    settle(controller, now=1130.0)
    assert (status(store), len(children(store))) == (TuningStatus.COMPLETED, 2)


def test_a_decision_to_complete_stands_when_what_led_to_it_is_gone(store: Store) -> None:
    """Another process, which knows nothing but the rows, stops what still runs and launches nothing."""
    controller = begin(store, WIDE, max_parallel=2, target=0.5)
    settle(controller)
    met, running = children(store)
    end(store, met, 0.4)
    assert controller.reconcile(TUNE, 1300.0)
    end(store, met, None, status=TrainingStatus.FAILED)

    settle(TuningController(store=store, strategies={"Random": Random()}, stops=predicted), now=1400.0)

    still = store.training_jobs.get(running.arn)
    assert still is not None
    assert (still.stop_requested_at, len(children(store))) == (1400.0, 2)


def test_a_target_of_any_definition_completes_the_tuning_job(store: Store) -> None:
    scored = replace(a_choice("scored", "abcdef"), objective=Objective(type=ObjectiveType.MINIMIZE, metric="score"))
    controller = begin(store, WIDE, scored, max_parallel=2, target=0.5)
    settle(controller)
    wide, other = children(store)
    end(store, wide, 0.4, "score")
    settle(controller)
    assert status(store) is TuningStatus.IN_PROGRESS

    end(store, other, 0.4, "score")
    settle(controller, now=1300.0)

    assert [job.stop_requested_at for job in children(store)] == [None, None, 1300.0]


def report(store: Store, job: TrainingJob, *values: float) -> None:
    """Take in the first reports of a training job that runs."""
    stored = store.training_jobs.get(job.arn)
    assert stored is not None
    points = [MetricPoint(name="loss", value=value, at=1100.0, sequence=at) for at, value in enumerate(values)]
    assert store.training_jobs.take_in(replace(stored, journal_read=1), points)


def test_hyperband_stops_who_is_not_among_the_best_third_and_says_why(store: Store) -> None:
    """Of each definition for itself."""
    rungs = Resource(minimum=2, maximum=9)
    definitions = [replace(WIDE, name=name, resource=rungs) for name in ("one", "other")]
    controller = begin(store, *definitions, max_parallel=4)
    settle(controller)
    good, far, bad, _ = children(store)
    report(store, good, 0.3, 0.2)
    report(store, far, 0.9, 0.8)
    report(store, bad, 0.5, 0.4)

    settle(controller)

    assert [job.stop_reason for job in children(store)] == [
        None,
        None,
        "after 2 reports of the objective 1 of 2 training jobs were better, and one in 3 goes on",
        None,
    ]
