"""Whether the service's training jobs are the peers' trainings: each is run again without the service."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.end_to_end.datasets import Dataset
from benchmarks.end_to_end.program import trained_apart
from benchmarks.end_to_end.ranges import SPACE, hyperparameters
from benchmarks.end_to_end.tuning_job import Training
from benchmarks.search.lines import Child
from benchmarks.search.spaces import Point, snap

TIMED = 5  # trainings of a tuning job whose program is run, and timed, in a process of its own


class DiffersError(Exception):
    """A training job's objective is not what the program gives: results of the two could not be compared."""


def replay(dataset: Dataset, trainings: Sequence[Training], rows: Path) -> list[float]:
    """
    Train every point as the peers' are trained, and some in processes of their own, whose seconds are given.

    Raises DiffersError, with the hyperparameters, unless each has the objective that the service told.
    """
    with Child(sys.executable, "benchmarks.search.serving", str(rows)) as serving:
        serving.ask({"open": dataset.problem})
        for each in trainings:
            answer = serving.ask({"evaluate": dict(point_of(each)), "seed": []})
            _check(dataset, each, answer["observed"])
    return [_timed(dataset, each, rows) for each in trainings[:: max(len(trainings) // TIMED, 1)]]


def point_of(training: Training) -> Point:
    """Give the point that a training job was given as text."""
    return snap(SPACE, training.tuned)


def _timed(dataset: Dataset, training: Training, rows: Path) -> float:
    started = time.perf_counter()
    value = trained_apart(rows / dataset.name, hyperparameters(dataset, point_of(training)), dataset.tuned)
    took_s = time.perf_counter() - started
    _check(dataset, training, value)
    return took_s


def _check(dataset: Dataset, training: Training, value: float) -> None:
    if value != training.objective:
        raise DiffersError(
            f"{dataset.tuned} of {dict(training.tuned)} is {training.objective} by the service, {value} by the program"
        )
