"""
Where a curve will end: a calibrated mixture of normal distributions, one for each shape and roughness.

Beside it there is the chance of a late start, which no shape knows of: that a curve is only now where some whole curve
was at its first knot, or its second, ... or its t-th, and gains from here on what that one gained from there on. Jobs
that do nothing for a while and end as the best are rare, and costly to lose. So the chance to win is

    (1 - λ) P(end of the curve < end of the best whole curve + one noise)  +  λ P(late start)

with λ = LATE (1 - t / T) after t of T knots, and the mean of what both views of the curve say.

The one noise is for trials that are as good as the best for all that can be told: it is cheap to let them go on, since
they are few, and one of them is the best of all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from scipy.special import ndtr

from luthier.strategies.early_stopping.population import Population
from luthier.strategies.scale import Array

LATE = 0.1
NOISE = 1.0
"""The deviation of a report from its curve: the unit of every ruler."""

_NOW = 2  # knots whose mean is where a curve is


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """The end of one curve without its noise, on the population's ruler: weights, means and deviations, (K,) each."""

    weights: Array
    means: Array
    deviations: Array

    @property
    def mean(self) -> float:
        """The end that is expected."""
        return float(self.weights @ self.means)

    def chance_below(self, end: float) -> float:
        """Give the probability that the curve ends below *end*."""
        return float(self.weights @ ndtr((end - self.means) / self.deviations))


def chance_to_win(populations: Sequence[Population], reports: Sequence[float], knots: int) -> float:
    """Give the chance that a trial ends as one of the best, by its *reports* up to the first *knots* >= 1 of them."""
    return fmean(_chance(each, each.ruler.knots_of(reports)[:knots]) for each in populations)


def chance_of_new(populations: Sequence[Population]) -> float:
    """Give the chance that a trial of which nothing has been seen ends, as far as can be told, below the best."""
    return fmean(_chance_of_new(each) for each in populations)


def late_start(population: Population, knots: Array) -> float:
    """Give the part of whole curves and of their knots from which *knots* (t,) would end below the best end."""
    now = float(knots[-_NOW:].mean())
    return float(np.mean(now - population.gains[:, : len(knots)] < population.best_end))


def foretell(population: Population, knots: Array) -> Forecast:
    """Foretell the end of a curve that has filled *knots* (t,), t >= 1, as it turned out for the whole curves."""
    seen = population.model.read(knots, [len(knots)])
    believed = population.model.posterior(seen, population.prior)
    means, deviations = believed.ends()
    mean, deviation = float(means[0]), float(deviations[0])
    shift, widening = population.calibration.at(len(knots))
    return Forecast(
        weights=believed.weights.ravel(),
        means=mean + shift * deviation + widening * (believed.last.ravel() - mean),
        deviations=widening * np.sqrt(believed.variance.ravel()),
    )


def _chance_of_new(population: Population) -> float:
    deviation = np.sqrt(population.prior.covariance[1, 1] + NOISE**2)
    return float(ndtr((population.best_end - population.prior.mean[1]) / deviation))


def _chance(population: Population, seen: Array) -> float:
    """Give the chance that a curve of which *seen* (t,) is known ends as one of the best."""
    late = LATE * (1.0 - len(seen) / population.ruler.knots)
    regular = foretell(population, seen).chance_below(population.best_end + NOISE)
    return (1.0 - late) * regular + late * late_start(population, seen)
