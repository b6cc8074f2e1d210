"""Proposals that are computed again from the log."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from luthier.records.names import TrainingJobArn
from luthier.records.status import TrainingStatus
from luthier.records.training_job import MetricPoint
from luthier.records.tuning_job import Resource, TuningDefinition, WarmStart, WarmStartType
from luthier.store.database import connect
from luthier.store.engine import Store
from luthier.strategies import Strategy
from luthier.strategies.bayesian import Bayesian
from luthier.strategies.early_stopping.prediction_rule import predicted
from luthier.strategies.grid import Grid
from luthier.strategies.random import Random
from luthier.tuning.history import history_of
from luthier.tuning.reconcile import TuningController
from luthier.tuning.replay import Outcome, Replayed, replay
from things import a_tuning_definition, a_tuning_job

STRATEGIES: dict[str, Strategy] = {"Bayesian": Bayesian(), "Random": Random(), "Grid": Grid(), "Hyperband": Bayesian()}
ENDS = [2, 1, 4, 3]
"""Which of the training jobs that run ends next, counted from the oldest: not in the order of their beginning."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{folder / 'luthier.db'}")
    yield opened
    opened.close()


class Run:
    """A tuning job that is played to its end, four training jobs at a time."""

    def __init__(self, store: Store, name: str = "tune", *, seed: int = 7, **specification: Any) -> None:
        asked = {"max_jobs": 12, "max_parallel": 4, "seed": seed, **specification}
        definitions = asked.get("definitions", ())
        request: dict[str, Any] = {"TrainingJobDefinition": {}}
        if definitions:
            request = {"TrainingJobDefinitions": [{"DefinitionName": each.name} for each in definitions]}
        self.store, self.arn = store, a_tuning_job(name).arn
        store.tuning_jobs.add(a_tuning_job(name, specification=asked, request=request))
        self.controller = TuningController(store=store, strategies=STRATEGIES, stops=predicted)

    def play(self, **end: Any) -> None:
        """Let one training job after the other end, and the tuning job go on in between."""
        for step in range(40):
            while self.controller.reconcile(self.arn, 1100.0 + step):
                pass
            open_ones = [job for job in self.store.training_jobs.of_tuning_job(self.arn) if not job.status.is_over]
            if not open_ones:
                return
            self.end(open_ones[min(ENDS[step % len(ENDS)], len(open_ones)) - 1].arn, 1101.0 + step, **end)
        raise AssertionError("the tuning job never ends")

    def end(self, arn: TrainingJobArn, now: float, **end: Any) -> None:
        stored = self.store.training_jobs.get(arn)
        assert stored is not None
        status = TrainingStatus.STOPPED if stored.stop_requested_at else TrainingStatus.COMPLETED
        over = replace(stored, **{"status": status, "ended_at": now, "modified_at": now, "journal_read": 9, **end})
        eta, reports = float(stored.tuned["eta"]), 9
        job = self.store.tuning_jobs.get(self.arn)
        if job is not None and job.specification.follows_curves and (stored.ordinal or 0) % 2:
            over = replace(over, status=TrainingStatus.STOPPED, stop_reason="it would not win")
            reports = 5
        curve = [MetricPoint(name="loss", value=eta + 1 / at, at=now, sequence=at) for at in range(1, reports)]
        assert self.store.training_jobs.take_in(over, curve)

    def replayed(self) -> list[Replayed]:
        job = self.store.tuning_jobs.get(self.arn)
        assert job is not None
        return list(replay(history_of(self.store, job), STRATEGIES[job.specification.strategy]))


def outcomes(found: list[Replayed]) -> list[Outcome]:
    return [each.outcome for each in found]


def named(name: str, **changes: Any) -> TuningDefinition:
    return replace(a_tuning_definition(), name=name, **changes)


@pytest.mark.parametrize(
    "specification",
    [
        {"strategy": "Bayesian"},
        {"strategy": "Random"},
        {"strategy": "Bayesian", "stops_early": True},
        {"strategy": "Hyperband", "definitions": (named("only", resource=Resource(minimum=2, maximum=9)),)},
        {"strategy": "Bayesian", "definitions": (named("one"), named("other"))},
    ],
    ids=["Bayesian", "Random", "early stopping", "Hyperband", "two definitions"],
)
def test_every_proposal_of_a_parallel_run_is_reproduced(store: Store, specification: dict[str, Any]) -> None:
    run = Run(store, **specification)
    run.play()

    assert outcomes(run.replayed()) == [Outcome.REPRODUCED] * 12


def test_a_run_is_reproduced_while_it_goes_on(store: Store) -> None:
    run = Run(store)
    run.controller.reconcile(run.arn, 1100.0)

    assert outcomes(run.replayed()) == [Outcome.REPRODUCED] * 4


def test_training_jobs_that_the_service_lost_are_part_of_what_was_known(store: Store) -> None:
    run = Run(store, max_jobs=4)
    run.play(status=TrainingStatus.FAILED, is_retryable=True)

    assert outcomes(run.replayed()) == [Outcome.REPRODUCED] * 8


def test_a_warm_start_is_reproduced(store: Store) -> None:
    parent = Run(store, "parent")
    parent.play()
    ended = store.tuning_jobs.get(parent.arn)
    assert ended is not None
    assert store.tuning_jobs.replace(replace(ended, ended_at=999.0))
    start = WarmStart(type=WarmStartType.TRANSFER_LEARNING, parents=(parent.arn,))
    run = Run(store, "child", seed=8, warm_start=start)
    run.play()

    assert outcomes(run.replayed()) == [Outcome.REPRODUCED] * 12


def test_hyperparameters_that_were_changed_are_told_from_those_that_were_proposed(store: Store, folder: Path) -> None:
    run = Run(store)
    run.play()
    database = connect(f"sqlite:///{folder / 'luthier.db'}")
    with database.writing() as connection:
        connection.execute(
            text("UPDATE training_jobs SET tuned = :tuned WHERE ordinal = 12"),
            {"tuned": '{"eta":"0.5","max_depth":"3","booster":"dart"}'},
        )
    database.close()

    found = run.replayed()

    assert outcomes(found) == [Outcome.REPRODUCED] * 11 + [Outcome.DIFFERENT]
    assert found[11].recorded["eta"] == "0.5"
    assert found[11].computed not in (None, found[11].recorded)


def test_what_came_after_a_deleted_training_job_says_that_its_input_is_lost(store: Store) -> None:
    """But for those that were proposed without it."""
    run = Run(store)
    run.play()
    third = store.training_jobs.of_tuning_job(run.arn)[2]

    store.training_jobs.request_deletion(third.arn, 3000.0)

    assert outcomes(run.replayed()) == [Outcome.REPRODUCED] * 3 + [Outcome.LOST] * 8


def test_training_jobs_from_before_the_log_are_told_from_those_in_it(store: Store, folder: Path) -> None:
    run = Run(store)
    run.play()
    database = connect(f"sqlite:///{folder / 'luthier.db'}")
    with database.writing() as connection:
        connection.execute(text("DELETE FROM proposals WHERE ordinal < 6"))
    database.close()

    assert outcomes(run.replayed()) == [Outcome.UNRECORDED] * 5 + [Outcome.REPRODUCED] * 7
