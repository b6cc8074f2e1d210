"""
What a search learns from trials that were stopped early: where each would have ended, never where it was stopped.

A value from half-way compares with no other, and a search that took it for the end would learn to avoid what starts
slowly. Where too few trials are finished to foretell anything, a trial that was stopped is taken for as good as its
best report, which is at least no slander.
"""

from collections.abc import Sequence
from statistics import fmean

from luthier.records.trial import Trial
from luthier.strategies.early_stopping.curves import curves_of
from luthier.strategies.early_stopping.forecast import foretell
from luthier.strategies.early_stopping.population import Population, learn
from luthier.strategies.single_thread import single_thread


def expected_ends(trials: Sequence[Trial]) -> list[float | None]:
    """Say where the curves of *trials*, in their order, would have ended; None for those that were not cut short."""
    if not any(trial.is_cut_short for trial in trials):
        return [None] * len(trials)
    with single_thread():
        populations = learn(curves_of(trials))
        return [_expected(trial, populations) if trial.is_cut_short and trial.curve else None for trial in trials]


def _expected(trial: Trial, populations: Sequence[Population]) -> float:
    ends = [
        each.ruler.value(foretell(each, knots).mean)
        for each in populations
        if len(knots := each.ruler.knots_of(trial.curve))
    ]
    return fmean(ends) if ends else min(trial.curve)
