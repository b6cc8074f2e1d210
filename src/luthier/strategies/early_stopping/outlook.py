"""
What a search learns from trials that were stopped early: where each would have ended, never where it was stopped.

A value from half-way compares with no other, and a search that took it for the end would learn to avoid what starts
slowly. Where too few trials are finished to foretell anything, a trial that was stopped is taken for as good as its
best report, which is at least no slander.
"""

from collections.abc import Sequence
from dataclasses import replace

from luthier.records.trial import Trial
from luthier.strategies.bayesian.single_thread import single_thread
from luthier.strategies.early_stopping.curves import curves_of
from luthier.strategies.early_stopping.forecast import foretell
from luthier.strategies.early_stopping.population import Population, learn


def with_expectations(trials: Sequence[Trial]) -> list[Trial]:
    """Give *trials*, in their order, those that were stopped early with the end that is expected of their curve."""
    if not any(trial.is_cut_short for trial in trials):
        return list(trials)
    with single_thread():
        population = learn(curves_of(trials))
        return [_foreseen(trial, population) for trial in trials]


def _foreseen(trial: Trial, population: Population | None) -> Trial:
    if not trial.is_cut_short or not trial.curve:
        return trial
    if population is None or len(knots := population.ruler.knots_of(trial.curve)) == 0:
        return replace(trial, expected=min(trial.curve))
    return replace(trial, expected=population.ruler.value(foretell(population, knots).mean))
