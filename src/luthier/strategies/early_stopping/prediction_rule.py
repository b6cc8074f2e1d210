"""
The rule that looks ahead: stop what will hardly end as one of the best.

    stop  if  (1 - λ) P(end of the curve < end of the best whole curve + one noise)  +  λ P(late start)  <  CHANCE

with λ = LATE (1 - t / T) after t of T knots (see `late_start`), and the mean of what both views of the curve say.

A trial is judged when it has filled GRACE knots, and from then on each time it has filled about a sixth more: whoever
looks at every report looks too often for a chance to mean what it says. Nothing is stopped before NEEDED trials are
finished, and a trial that has reported the best value so far goes on, whatever is foreseen.

The one noise is for trials that are as good as the best for all that can be told: it is cheap to let them go on, since
they are few, and one of them is the best of all.
"""

from collections.abc import Sequence
from itertools import takewhile
from statistics import fmean

from luthier.records.trial import Trial
from luthier.strategies.early_stopping.curves import curves_of
from luthier.strategies.early_stopping.forecast import foretell, late_start
from luthier.strategies.early_stopping.population import Population, learn
from luthier.strategies.early_stopping.verdict import Verdict
from luthier.strategies.scale import Array
from luthier.strategies.single_thread import single_thread

CHANCE = 0.1
LATE = 0.1
NEEDED = 3
GRACE = 3
_NEXT = 7 / 6  # times as many knots at the next judgement


def predicted(trials: Sequence[Trial]) -> list[Verdict]:
    """Say which open trials will hardly end as one of the best; *trials* may be in any order."""
    over = curves_of(trials)
    if sum(curve.is_whole for curve in over) < NEEDED:
        return []
    best = min(min(trial.curve) for trial in trials if trial.curve and trial.task is None)
    judged = [place for place, trial in enumerate(trials) if trial.is_open and trial.curve and min(trial.curve) > best]
    with single_thread():
        populations = learn(over)
        verdicts = [_verdict(place, trials[place], populations) for place in judged] if populations else []
    return [verdict for verdict in verdicts if verdict is not None]


def _verdict(place: int, trial: Trial, populations: Sequence[Population]) -> Verdict | None:
    ruler = populations[0].ruler  # its knots are those of all
    filled = len(ruler.knots_of(trial.curve))
    at = max(takewhile(lambda knots: knots <= filled, judgements(ruler.knots)), default=0)
    if not at:
        return None
    chance = fmean(_chance(each, each.ruler.knots_of(trial.curve)[:at]) for each in populations)
    if chance >= CHANCE:
        return None
    return Verdict(
        place=place,
        reason=f"after {len(trial.curve)} of about {ruler.reports} reports of the objective, the chance that it would "
        f"end as one of the best was foreseen as {100.0 * chance:.1f} %",
    )


def _chance(population: Population, seen: Array) -> float:
    """Give the chance that a curve of which *seen* (t,) is known ends as one of the best."""
    late = LATE * (1.0 - len(seen) / population.ruler.knots)
    regular = foretell(population, seen).chance_below(population.best_end + 1.0)
    return (1.0 - late) * regular + late * late_start(population, seen)


def judgements(whole: int) -> list[int]:
    """Say after how many knots of a curve of *whole* ones it is judged; never after the last."""
    places, knots = [], GRACE
    while knots < whole:
        places.append(knots)
        knots = max(knots + 1, round(knots * _NEXT))
    return places
