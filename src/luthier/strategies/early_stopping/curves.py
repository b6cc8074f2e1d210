"""
Learning curves on common ground: every trial's objective at the same few knots, in units of its own noise.

A curve is what a trial has reported, in the order of reporting, however often it reports: per epoch, per step, or now
and then. What is compared between trials is the n-th report. The trial that reported most often, of those that
finished, tells how long a whole curve is; that is divided into KNOTS parts at most, and a knot is the mean of the
reports in its part:

    reports   ●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●○○○○○○○○        knot 9 waits for its last report
    knots      1   2   3   4   5   6   7   8   9   10

so noise of single reports is averaged away, and thousands of them cost no more than a hundred. Where trials are of
different lengths, the longest is the measure for all: a curve may have further to go than it will, and is given the
benefit of that.

The noise is that of the second differences, which a smooth curve leaves next to nothing of. Its deviation is a median,
so neither a jump nor a diverging trial moves it. Values that are far worse than all others are drawn in: how bad they
are teaches nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from luthier.records.trial import Trial
from luthier.strategies.early_stopping.views import PLAIN, View, perfection_of
from luthier.strategies.scale import Array

KNOTS = 64
"""A whole curve has no more."""

LEAST_KNOTS = 6
"""A whole curve with fewer of them has nothing to be foretold."""

FAR = 30.0
"""So many times the spread of all values, a value that is worse than most of them is drawn in."""

LARGEST = 1e150
"""Values that mostly lie beyond it teach nothing, nor do differences below its inverse: squares must be floats."""

_QUIETEST = 1e-3  # of the spread: where there is less noise than this, the shape of a curve is the larger doubt
_FAR_AHEAD = 1e4  # likewise for a value that is better: it may well be the one that is looked for
_BEYOND = 1e200
_NORMAL = 1.4826  # standard deviations in a median absolute deviation


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """What a trial that is over has reported, oldest first; at least once."""

    reports: tuple[float, ...]
    is_whole: bool  # it ran to its own end


@dataclass(frozen=True, slots=True, eq=False)
class Ruler:
    """How reports are turned into knots: y ↦ (view of y - *origin*) / *noise*, *reports* being a whole curve."""

    view: View
    reports: int
    bounds: tuple[float, float]  # values outside are drawn in to them
    origin: float
    noise: float

    @property
    def knots(self) -> int:
        """How many knots a whole curve has."""
        return min(self.reports, KNOTS)

    def knots_of(self, reports: Sequence[float]) -> Array:
        """Give the knots (t,) that *reports* have filled, t <= `knots`."""
        y = np.clip(np.asarray(reports[: self.reports], dtype=np.float64), *self.bounds)
        return (self.view.forward(means_of_parts(y, edges_of(self.reports, self.knots))) - self.origin) / self.noise

    def value(self, scaled: float) -> float:
        """Read a number on the ruler as an objective value."""
        return self.view.inverse(self.origin + self.noise * scaled)


def curves_of(trials: Sequence[Trial]) -> tuple[Curve, ...]:
    """Give the curves of those *trials* of the own task that are over and have not failed."""
    return tuple(
        Curve(reports=trial.curve, is_whole=not trial.is_cut_short)
        for trial in trials
        if trial.curve and trial.task is None and trial.value is not None and not trial.is_open
    )


def make_rulers(curves: Sequence[Curve]) -> list[Ruler]:
    """Fit a ruler to *curves* for each view; none if too few reports make a whole curve, or values say nothing."""
    reports = max((len(curve.reports) for curve in curves if curve.is_whole), default=0)
    if reports < LEAST_KNOTS:
        return []
    values = [curve.reports[:reports] for curve in curves]
    together = np.clip(np.concatenate(values), -_BEYOND, _BEYOND)
    low, high = (float(each) for each in np.quantile(together, [0.25, 0.75]))
    spread = high - low or float(np.ptp(together))
    origin = float(np.median(together))
    if not 1.0 / LARGEST < spread < LARGEST or abs(origin) > LARGEST:
        return []
    bounds = (low - _FAR_AHEAD * spread, high + FAR * spread)
    plain = _fitted(Ruler(view=PLAIN, reports=reports, bounds=bounds, origin=origin, noise=spread), values)
    perfection = perfection_of(values)
    if perfection is None:
        return [plain]
    view = View(perfection=perfection, nearest=plain.noise)
    return [plain, _fitted(replace(plain, view=view), values)]


def _fitted(ruler: Ruler, values: Sequence[Sequence[float]]) -> Ruler:
    """Give the ruler with the origin and the noise that the values have in its view."""
    bare = replace(ruler, origin=0.0, noise=1.0)
    knots = [each for reports in values if len(each := bare.knots_of(reports))]
    together = np.concatenate(knots)
    low, high = (float(each) for each in np.quantile(together, [0.25, 0.75]))
    quietest = _QUIETEST * (high - low or float(np.ptp(together)) or 1.0)
    return replace(bare, origin=float(np.median(together)), noise=max(noise_of(knots), quietest))


def edges_of(reports: int, knots: int) -> tuple[int, ...]:
    """Give after how many reports each knot is full, the last one being *reports*."""
    return tuple(reports * (knot + 1) // knots for knot in range(knots))


def means_of_parts(y: Array, edges: Sequence[int]) -> Array:
    """Average *y* (n,) between *edges*; parts that y does not fill are left out."""
    full = [edge for edge in edges if edge <= len(y)]
    sums = np.concatenate([[0.0], np.cumsum(y)])
    ends = sums[full]
    return np.asarray(np.diff(ends, prepend=0.0) / np.diff(full, prepend=0))


def noise_of(curves: Sequence[Array]) -> float:
    """Give the standard deviation of the noise on curves, 0.0 where all are too short to tell."""
    bends = [np.diff(curve, 2) / np.sqrt(6.0) for curve in curves if len(curve) >= LEAST_KNOTS]
    deviations = np.array([_NORMAL * float(np.median(np.abs(bend))) for bend in bends])
    noisy = deviations[deviations > 0.0]
    return float(np.exp(np.median(np.log(noisy)))) if len(noisy) else 0.0
