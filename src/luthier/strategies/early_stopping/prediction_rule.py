"""
The rule that looks ahead: stop what will hardly end as one of the best.

    stop  if  the chance to win (see `forecast`)  <  SHARE · the chance that a new trial wins

A trial that goes on takes the place of a new one, so it must be worth a good part of one. Where many configurations are
as good as the best, a new one wins easily and much may be stopped. The bar is never below LEAST, because a forecast is
not right to the last percent, nor above MOST, because little is known of a new one while few are over.

A trial is judged when it has filled GRACE knots, and from then on each time it has filled about a sixth more: whoever
looks at every report looks too often for a chance to mean what it says. Nothing is stopped before NEEDED trials are
finished, and a trial that has reported the best value so far goes on, whatever is foreseen.
"""

from collections.abc import Sequence
from itertools import takewhile

from luthier.records.trial import Trial
from luthier.strategies.early_stopping.curves import curves_of
from luthier.strategies.early_stopping.forecast import chance_of_new, chance_to_win
from luthier.strategies.early_stopping.population import Population, learn
from luthier.strategies.early_stopping.verdict import Verdict
from luthier.strategies.single_thread import single_thread

SHARE = 0.75
LEAST, MOST = 0.04, 0.2
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
        bar = _bar(populations) if populations else 0.0
        verdicts = [_verdict(place, trials[place], populations, bar) for place in judged] if populations else []
    return [verdict for verdict in verdicts if verdict is not None]


def _bar(populations: Sequence[Population]) -> float:
    return min(max(SHARE * chance_of_new(populations), LEAST), MOST)


def _verdict(place: int, trial: Trial, populations: Sequence[Population], bar: float) -> Verdict | None:
    ruler = populations[0].ruler  # its knots are those of all
    filled = len(ruler.knots_of(trial.curve))
    at = max(takewhile(lambda knots: knots <= filled, judgements(ruler.knots)), default=0)
    if not at:
        return None
    chance = chance_to_win(populations, trial.curve, at)
    if chance >= bar:
        return None
    return Verdict(
        place=place,
        reason=f"after {len(trial.curve)} of about {ruler.reports} reports of the objective, the chance that it would "
        f"end as one of the best was foreseen as {100.0 * chance:.1f} %, below the {100.0 * bar:.1f} % that are "
        "asked for in view of what a new training job may bring",
    )


def judgements(whole: int) -> list[int]:
    """Say after how many knots of a curve of *whole* ones it is judged; never after the last."""
    places, knots = [], GRACE
    while knots < whole:
        places.append(knots)
        knots = max(knots + 1, round(knots * _NEXT))
    return places
