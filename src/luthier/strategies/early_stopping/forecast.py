"""
Where a curve will end: a calibrated mixture of normal distributions, one for each shape and roughness.

Beside it there is the chance of a late start, which no shape knows of: that a curve is only now where some whole curve
was at its first knot, or its second, ... or its t-th, and gains from here on what that one gained from there on. Jobs
that do nothing for a while and end as the best are rare, and costly to lose.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from luthier.strategies.early_stopping.population import Population
from luthier.strategies.scale import Array

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
