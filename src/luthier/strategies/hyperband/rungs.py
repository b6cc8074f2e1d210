"""
After how many reports a trial is held against others: each rung ETA times as far as the one before.

    MinResource 3, MaxResource 81     3 ── 9 ── 27 ──────── 81, the end, where nothing is left to decide

Source: Li et al., "Hyperband: A Novel Bandit-Based Approach to Hyperparameter Optimization", 2018.
"""

from luthier.records.tuning_job import Resource

ETA = 3
"""One in so many trials goes on from each rung."""


def rungs_of(resource: Resource) -> tuple[int, ...]:
    """Give the rungs of a trial with that resource, rising; none if it is to be stopped nowhere before its end."""
    rungs, rung = [], resource.minimum
    while rung < resource.maximum:
        rungs.append(rung)
        rung *= ETA
    return tuple(rungs)


def rung_at(resource: Resource, reports: int) -> int | None:
    """Give the highest rung that a trial with so many *reports* has reached; None before the first."""
    return max((rung for rung in rungs_of(resource) if rung <= reports), default=None)
