"""
What a tuning job's curves have in common, learned from those that are over, whole or cut short.

Shapes and roughnesses get weights, starts and ends a mean and a covariance, by expectation-maximisation: believe every
curve with the prior of now, make the prior of what is believed, and again. A curve that was cut short is believed for
what it shows and no more, so stopping bad trials does not make the rest look better than they are. The first prior,
which is broad, goes on counting as so many curves of its own.

With few curves, and of curves that all were stopped for being bad, a learned prior is surer of itself than it should
be. So it is put to the test on the whole curves: each is foretold from its first knots, and how far off that was, in
its own deviations, moves and widens every later forecast from as many knots.

Source: Dempster, Laird and Rubin, "Maximum Likelihood from Incomplete Data via the EM Algorithm", 1977, for missing
data that are missing because of what was seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from luthier.strategies.early_stopping.curves import Curve, Ruler, make_rulers
from luthier.strategies.early_stopping.extrapolation import Extrapolation, Posterior, Prior, extrapolation, joined
from luthier.strategies.scale import Array

ROUNDS = 4
"""Of expectation and maximisation: after them, what is learned moves by less than its own uncertainty."""

_PSEUDO_WEIGHTS = 4.0  # curves that the even weights of shapes count as
_PSEUDO_MEAN = 1.0  # curves that the first mean counts as
_PSEUDO_COVARIANCE = 3.0
_BREADTH = 2.0  # of the first covariance, beyond what is seen
_TESTS = 10  # prefixes at which whole curves are foretold
_PSEUDO_TESTS = 4.0  # curves that were foretold, on the mean rightly, with the error below
_EXPECTED_ERROR = 1.3  # deviations: shapes are never quite right
_WORST_ERROR = 6.0  # an error counts as no more
_LAST = 3  # knots at whose mean a whole curve ends that is shorter than others


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """How forecasts of whole curves turned out, by the number of knots that they were made from."""

    knots: Array  # (Q,)
    shift: Array  # (Q,): errors' mean, in deviations of the forecast
    widening: Array  # (Q,): their deviation from it, likewise

    def at(self, knots: int) -> tuple[float, float]:
        """Give shift and widening for a forecast from *knots* knots."""
        return (
            float(np.interp(knots, self.knots, self.shift)),
            float(np.interp(knots, self.knots, self.widening)),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """What is known of the curves of a tuning job, in one view."""

    ruler: Ruler
    model: Extrapolation
    prior: Prior
    calibration: Calibration
    best_end: float  # on the ruler: the end without its noise of the best whole curve
    gains: Array  # (J, T): how far above their end whole curves of full length were at each knot


@lru_cache(maxsize=16)
def learn(over: tuple[Curve, ...]) -> tuple[Population, ...]:
    """Learn from the curves of trials that are over, in each view; none where they have nothing to teach."""
    return tuple(_learned(ruler, over) for ruler in make_rulers(over))


def _learned(ruler: Ruler, over: Sequence[Curve]) -> Population:
    shown = [(curve.is_whole, knots) for curve in over if len(knots := ruler.knots_of(curve.reports))]
    curves = [knots for _, knots in shown]
    model = extrapolation(ruler.knots)
    seen = joined([model.read(curve, [len(curve)]) for curve in curves])
    first = _first_prior(model, curves)
    prior = first
    for _ in range(ROUNDS):
        prior = _maximised(first, model.posterior(seen, prior))
    foreseen, _ = model.posterior(seen, prior).ends()
    is_long = np.array([is_whole and len(knots) == ruler.knots for is_whole, knots in shown])
    ends = np.where(is_long, foreseen, [knots[-_LAST:].mean() for knots in curves])
    tests = [(curve, end) for curve, end, chosen in zip(curves, ends.tolist(), is_long, strict=True) if chosen]
    return Population(
        ruler=ruler,
        model=model,
        prior=prior,
        calibration=_tested(model, prior, tests),
        best_end=float(min(end for (is_whole, _), end in zip(shown, ends, strict=True) if is_whole)),
        gains=np.stack([curve - end for curve, end in tests]),
    )


def _first_prior(model: Extrapolation, curves: Sequence[Array]) -> Prior:
    edges = np.array([[curve[0], curve[-1]] for curve in curves])
    low, high = np.quantile(np.concatenate(curves), [0.25, 0.75])
    deviations = edges.std(axis=0) + 0.3 * (high - low) + 1e-3
    return Prior(
        mean=np.median(edges, axis=0),
        covariance=_BREADTH * np.diag(deviations**2),
        weights=np.full(model.components, 1.0 / np.prod(model.components)),
    )


def _maximised(first: Prior, believed: Posterior) -> Prior:
    """Make the likeliest prior of what is believed of N curves."""
    n = len(believed.weights)
    points = believed.average(believed.start_end)
    apart = believed.start_end - points[:, None, None]
    within = believed.average(believed.covariance + apart[..., :, None] * apart[..., None, :])
    mean = (points.sum(axis=0) + _PSEUDO_MEAN * first.mean) / (n + _PSEUDO_MEAN)
    scatter = (points - mean).T @ (points - mean) + within.sum(axis=0)
    return Prior(
        mean=mean,
        covariance=(scatter + _PSEUDO_COVARIANCE * first.covariance) / (n + _PSEUDO_COVARIANCE),
        weights=(believed.weights.sum(axis=0) + _PSEUDO_WEIGHTS * first.weights) / (n + _PSEUDO_WEIGHTS),
    )


def _tested(model: Extrapolation, prior: Prior, tests: Sequence[tuple[Array, float]]) -> Calibration:
    """Foretell whole curves, each given with its end, from some of their prefixes."""
    knots = np.unique(np.linspace(1, len(tests[0][0]) - 1, _TESTS).astype(np.intp))
    errors = np.stack([_errors(model.posterior(model.read(curve, knots.tolist()), prior), end) for curve, end in tests])
    shift = errors.sum(axis=0) / (len(tests) + _PSEUDO_TESTS)
    squares = ((errors - shift) ** 2).sum(axis=0) + _PSEUDO_TESTS * _EXPECTED_ERROR**2
    widening = np.sqrt((squares + 1.0) / (len(tests) + _PSEUDO_TESTS))
    return Calibration(knots=knots.astype(np.float64), shift=shift, widening=widening)


def _errors(foretold: Posterior, end: float) -> Array:
    means, deviations = foretold.ends()
    return np.clip((end - means) / deviations, -_WORST_ERROR, _WORST_ERROR)
