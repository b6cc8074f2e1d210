"""
Recorded curves: the error of networks after each of 52 epochs, from YAHPO Gym's surrogate of LCBench.

The surrogate is smooth, as no training is: every epoch's error is reported with noise of its own.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from benchmarks.early_stopping.replay import Array, Curves
from benchmarks.search.families.yahpo import SCENARIOS, Yahpo
from benchmarks.search.spaces import from_unit

EPOCHS = 52
NOISE = 0.4  # percent
PER_JOB = 4  # times as many curves as a tuning job has training jobs: with what it saves, it starts more of them

CHOOSE = (
    *("167168", "189873", "189906", "3945", "167104", "167149"),
    *("167152", "167161", "167181", "167184", "167185", "167190"),
)
"""Data sets by which anything may be chosen."""

CHECK = ("168329", "168330", "168331", "168335", "34539", "126025")
"""Data sets to look at what was chosen, now and then."""

HELD_OUT = (
    *("126026", "126029", "146212", "167083", "167200", "167201", "168868", "168908"),
    *("168910", "189354", "189862", "189865", "189866", "189905", "189908", "189909"),
)
"""Data sets for a result that is published, never to choose."""


def recorded(data: Path, task: str, jobs: int, seeds: int) -> Iterator[Curves]:
    """Give curves of random configurations of one data set, for each of *seeds*; *data* is the prepared data."""
    for seed in range(seeds):
        rng = np.random.default_rng([seed, int(task)])
        truth = _truth(data / "yahpo/lcbench", task, PER_JOB * jobs, rng)
        yield Curves(truth=truth, observed=truth + NOISE * rng.normal(size=truth.shape), in_percent=True)


def _truth(folder: Path, task: str, count: int, rng: np.random.Generator) -> Array:
    """Give the errors of *count* configurations after each epoch (count, EPOCHS)."""
    scenario = SCENARIOS["lcbench"]
    space = Yahpo(folder, scenario, task).space
    points = [from_unit(space, rng.random(len(space))) for _ in range(count)]
    after = (replace(scenario, fidelity={"epoch": epoch}) for epoch in range(1, EPOCHS + 1))
    return np.column_stack([Yahpo(folder, each, task).truth(points) for each in after])
