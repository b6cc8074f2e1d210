"""
Asynchronous successive halving: a running trial goes on from a rung if it is one of the best that have come as far.

With b_i the best report of trial i up to the rung, over all n trials that have come as far, running ones too,

    stop j  if  at least max(1, n / ETA) of the b_i are better than b_j,
           and  the chance that j ends as one of the best (see `forecast`), where that can be told, is below CHANCE

No trial waits at a rung for others: it goes on until enough better ones have come as far, be they older or younger. The
best so far is never stopped, nor is one that has made the last report that its resource allows: it is about to end,
and its model to be stored. If it reports once more it was not, and is stopped, finished.

The second condition is what successive halving lacks: a curve that is worse now and still falls may win. It has nothing
to say before NEEDED trials are finished. Hyperband guards against the same by brackets, groups of trials that skip the
first rungs. There are none here: on recorded curves, every second trial spared the first rung saved and lost what a
first rung does that is twice as late, and that is MinResource's to say.

Source: Li et al., "A System for Massively Parallel Hyperparameter Tuning", 2020, in the variant that stops trials.
"""

from collections.abc import Sequence
from dataclasses import replace

from luthier.records.trial import Trial
from luthier.records.tuning_job import Resource
from luthier.strategies.early_stopping.curves import curves_of
from luthier.strategies.early_stopping.forecast import chance_to_win
from luthier.strategies.early_stopping.population import Population, learn
from luthier.strategies.early_stopping.verdict import Verdict
from luthier.strategies.hyperband.rungs import ETA, rung_at
from luthier.strategies.single_thread import single_thread

CHANCE = 0.4
NEEDED = 3


def halved(trials: Sequence[Trial], resource: Resource) -> list[Verdict]:
    """Say which open trials of the own task do not go on; *trials* may be in any order."""
    own = [trial for trial in trials if trial.curve and trial.task is None and not trial.is_failed]
    open_ones = [(place, trial) for place, trial in enumerate(trials) if trial.is_open and trial.task is None]
    verdicts = [_verdict(place, trial, own, resource) for place, trial in open_ones]
    return [verdict for verdict in verdicts if verdict is not None]


def settled(trial: Trial, resource: Resource) -> Trial:
    """Show a trial as its resource has it: one that has reported as often as it may was not cut short."""
    is_whole = len(trial.curve) >= resource.maximum
    return replace(trial, curve=trial.curve[: resource.maximum], is_cut_short=trial.is_cut_short and not is_whole)


def _verdict(place: int, trial: Trial, own: Sequence[Trial], resource: Resource) -> Verdict | None:
    reports, rung = len(trial.curve), rung_at(resource, len(trial.curve))
    if reports > resource.maximum:
        return Verdict(place=place, reason=f"it went on after the {resource.maximum} reports of MaxResource")
    if rung is None or reports == resource.maximum or min(trial.curve) <= min(min(other.curve) for other in own):
        return None
    reached = [min(other.curve[:rung]) for other in own if len(other.curve) >= rung]
    better = sum(best < min(trial.curve[:rung]) for best in reached)
    if better < max(1, len(reached) // ETA) or _may_win(trial.curve[:rung], own, resource):
        return None
    return Verdict(
        place=place,
        reason=f"after {rung} reports of the objective {better} of {len(reached)} training jobs were better, and one "
        f"in {ETA} goes on",
    )


def _may_win(reports: Sequence[float], own: Sequence[Trial], resource: Resource) -> bool:
    """Whether it is foreseen that *reports* may end as one of the best."""
    over = curves_of([settled(trial, resource) for trial in own])
    if sum(curve.is_whole for curve in over) < NEEDED:
        return False
    with single_thread():
        populations = learn(over)
        return bool(populations) and _chance(populations, reports) >= CHANCE


def _chance(populations: Sequence[Population], reports: Sequence[float]) -> float:
    filled = len(populations[0].ruler.knots_of(reports))  # its knots are those of all
    return chance_to_win(populations, reports, filled) if filled else 0.0
