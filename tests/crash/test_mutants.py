"""Controllers with a well-known mistake each: the crash suite must catch every one of them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crash.story import Story, token_of
from crash.test_crash import SMALL, STOPS, boundaries, folder, told
from crash.world import Wary, hasty
from luthier.records.names import TuningJobArn
from luthier.records.proposal import Proposal
from luthier.records.search_space import Assignment, SearchSpace
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningJob
from luthier.training.plan import cluster_spec
from luthier.tuning.reconcile import TuningController

__all__ = ["folder"]


class LaunchingStore:
    """Launches training jobs before their rows are committed."""

    def __init__(self, story: Story, store: Any) -> None:
        self.tuning_jobs = store.tuning_jobs
        self.training_jobs = _LaunchingRows(story, store.training_jobs)


class _LaunchingRows:
    def __init__(self, story: Story, rows: Any) -> None:
        self._story, self._rows = story, rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self._rows, name)

    def add_children(self, tuning: TuningJob, children: list[TrainingJob], proposal: Proposal) -> bool:
        for child in children:
            self._story.cluster.start(replace(cluster_spec(child), credentials_token=token_of(child)))
        return bool(self._rows.add_children(tuning, children, proposal))


def launch_before_commit(story: Story, store: Any) -> TuningController:
    mutant: Any = LaunchingStore(story, store)
    return TuningController(store=mutant, strategies={"Bayesian": Wary()}, stops=hasty)


class Unseeded(Wary):
    """Proposes with a generator of its own."""

    def propose(self, space: SearchSpace, trials: Any, count: int, rng: np.random.Generator) -> list[Assignment]:
        return list(super().propose(space, trials, count, np.random.default_rng()))


def unseeded_proposals(_: Story, store: Any) -> TuningController:
    return TuningController(store=store, strategies={"Bayesian": Unseeded()}, stops=hasty)


class CountingStore:
    """Counts launched training jobs in a number of its own, written a moment after the rows."""

    def __init__(self, story: Story, store: Any) -> None:
        self._story, self._store = story, store
        self.tuning_jobs, self.training_jobs = self, _CountingRows(story, store.training_jobs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store.tuning_jobs, name)

    def get(self, arn: TuningJobArn) -> TuningJob:
        """Have the plan believe the number, not the rows."""
        job: TuningJob = self._store.tuning_jobs.get(arn)
        uncounted = len(self._story.children()) - self._story.side_notes.get("launched", 0)
        budget = job.specification.max_jobs + uncounted
        return replace(job, specification=replace(job.specification, max_jobs=budget))


class _CountingRows:
    def __init__(self, story: Story, rows: Any) -> None:
        self._story, self._rows = story, rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self._rows, name)

    def add_children(self, tuning: TuningJob, children: list[TrainingJob], proposal: Proposal) -> bool:
        added = bool(self._rows.add_children(tuning, children, proposal))
        launched = self._story.side_notes.get("launched", 0)
        self._story.side_notes["launched"] = launched + len(children) * added
        return added


def counting_instead_of_deriving(story: Story, store: Any) -> TuningController:
    mutant: Any = CountingStore(story, store)
    return TuningController(store=mutant, strategies={"Bayesian": Wary()}, stops=hasty)


class ForgettingStore:
    """Writes proposals as if nothing had been running."""

    def __init__(self, store: Any) -> None:
        self.tuning_jobs, self.training_jobs = store.tuning_jobs, _ForgettingRows(store.training_jobs)


class _ForgettingRows:
    def __init__(self, rows: Any) -> None:
        self._rows = rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self._rows, name)

    def add_children(self, tuning: TuningJob, children: list[TrainingJob], proposal: Proposal) -> bool:
        return bool(self._rows.add_children(tuning, children, replace(proposal, running=())))


def forgetting_what_was_running(_: Story, store: Any) -> TuningController:
    mutant: Any = ForgettingStore(store)
    return TuningController(store=mutant, strategies={"Bayesian": Wary()}, stops=hasty)


MUTANTS: list[tuple[Callable[[Story, Any], Any], str]] = [
    (launch_before_commit, "kill"),
    (counting_instead_of_deriving, "kill"),
    (unseeded_proposals, "kill"),
    (forgetting_what_was_running, "kill"),
]


@pytest.mark.parametrize(("mutant", "strike"), MUTANTS, ids=lambda each: getattr(each, "__name__", each))
def test_the_suite_catches(folder: Path, mutant: Callable[[Story, Any], Any], strike: str) -> None:
    caught = breaks(folder, {}, specification=SMALL, make_tuning=mutant) or any(
        breaks(folder, {at: strike}, specification=SMALL, stop_at=stop_at, make_tuning=mutant)
        for stop_at in STOPS
        for at in range(1, boundaries(folder, specification=SMALL, stop_at=stop_at, make_tuning=mutant) + 1)
    )

    assert caught


def breaks(folder: Path, strikes: dict[int, str], **story: Any) -> bool:
    try:
        told(folder, strikes, **story)
    except AssertionError:
        return True
    return False
