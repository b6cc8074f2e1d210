"""
The rule that SageMaker documents: stop what is worse than the median of the averages of those before.

With y_i(n) the n-th report of trial i, n the latest one of the running trial j,

    stop j  if  y_j(n) > median over earlier trials i of  (y_i(1) + ... + y_i(n)) / n

over all earlier trials, running ones too, that have come as far. The reference adds nothing; here, as in Google
Vizier's rule of that name, there have to be EARLIER of them, and a trial that is the best so far goes on.

AWS: "Stop Training Jobs Early", Amazon SageMaker Developer Guide. Source: Golovin et al., "Google Vizier: A Service for
Black-Box Optimization", 2017, section 3.2.2.
"""

import math
import statistics
from collections.abc import Sequence

from luthier.records.trial import Trial
from luthier.strategies.early_stopping.verdict import Verdict

EARLIER = 3
"""Trials that have come as far, without which nothing is stopped."""


def documented(trials: Sequence[Trial]) -> list[Verdict]:
    """Say which open trials the documented rule stops, *trials* being in the order in which they began."""
    verdicts = [_verdict(place, trials) for place, trial in enumerate(trials) if trial.is_open and trial.curve]
    return [verdict for verdict in verdicts if verdict is not None]


def _verdict(place: int, trials: Sequence[Trial]) -> Verdict | None:
    curve = trials[place].curve
    n = len(curve)
    earlier = [each.curve for each in trials[:place] if len(each.curve) >= n and each.task is None]
    if len(earlier) < EARLIER or min(curve) <= min(
        min(each.curve, default=math.inf) for each in _others(place, trials)
    ):
        return None
    median = statistics.median(math.fsum(value / n for value in each[:n]) for each in earlier)
    if curve[-1] <= median:
        return None
    return Verdict(
        place=place,
        reason=f"after {n} reports of the objective it was worse than the median of the running averages of "
        f"{len(earlier)} earlier training jobs",
    )


def _others(place: int, trials: Sequence[Trial]) -> list[Trial]:
    return [each for other, each in enumerate(trials) if other != place and each.task is None]
