"""
What a rule saved and lost in one tuning job, and over many.

| measure | what                                                                                                     |
|---------|----------------------------------------------------------------------------------------------------------|
| epochs  | the share of all reports that were made                                                                  |
| lost    | how much worse the best training job is than without a rule, in units of random search's own regret      |
| kept    | whether the training job that is truly best was not stopped                                              |
| equal   | regret when FULL whole training jobs' worth of reports are spent, in units of the regret without a rule  |

The best training job is the one with the lowest report; what counts is the truth behind that report. Regret is the
distance to the best of all curves. Lost is at most MOST, equal at most MOST_EQUAL.
"""

from dataclasses import astuple, dataclass

import numpy as np
from benchmarks.early_stopping.replay import Curves, Played, Stops, replay

FULL = 20
MOST, MOST_EQUAL = 2.0, 3.0
_LEAST = 0.02  # of the best error, or of the range of ends: a smaller regret does not count as a unit
_DRAWS = 50  # of random searches


@dataclass(frozen=True, slots=True)
class Measures:
    """The four of them, or their means."""

    epochs: float
    lost: float
    kept: float
    equal: float


def measure(stops: Stops, curves: Curves, jobs: int, rng: np.random.Generator, workers: int = 1) -> Measures:
    """Judge one rule over one tuning job of *jobs* training jobs, *workers* at a time."""
    T = curves.observed.shape[1]
    played = replay(stops, curves, jobs, workers=workers)
    best, all_ran = _best(curves, played), _best(curves, Played(lengths=(T,) * jobs))
    budget = FULL * T
    at_budget = _best(curves, replay(stops, curves, len(curves.observed), budget, workers))
    optimum = float(curves.truth.min())
    least = _LEAST * (max(optimum, 1.0) if curves.in_percent else float(np.ptp(curves.truth[:, -1])))
    ends = curves.truth.min(axis=1)
    random = float(np.median([rng.choice(ends, jobs).min() for _ in range(_DRAWS)])) - optimum
    plain = _best(curves, Played(lengths=(T,) * FULL)) - optimum
    champion = int(curves.truth[:jobs, -1].argmin())
    return Measures(
        epochs=played.spent / (jobs * T),
        lost=min((best - all_ran) / max(random, least), MOST),
        kept=float(played.lengths[champion] == T),
        equal=min((at_budget - optimum) / max(plain, least), MOST_EQUAL),
    )


def mean(measures: list[Measures]) -> Measures:
    """Average over tuning jobs."""
    return Measures(*np.mean([astuple(each) for each in measures], axis=0).tolist())


def _best(curves: Curves, played: Played) -> float:
    """Give the truth behind the lowest report."""
    lowest = [float(reports[:length].min()) for reports, length in zip(curves.observed, played.lengths, strict=False)]
    job = int(np.argmin(lowest))
    return float(curves.truth[job, int(curves.observed[job, : played.lengths[job]].argmin())])
