"""
Two views of a curve: its values, whose differences count, and their distances from perfection, whose ratios count.

An error rate that falls from 40 % to 20 % may be half-way to 0, or two thirds of the way to 10 %. Which of the two is
the better description differs from tuning job to tuning job, and few curves cannot tell; so each is asked for itself,
and both are believed alike. What perfection is, the values say themselves:

| all values, turned so that lower is better, are | perfection | such as                                   |
|-------------------------------------------------|------------|-------------------------------------------|
| 0 and above                                     | 0          | an error rate, a loss                     |
| from -1 to 0                                    | -1         | an accuracy or an area under a curve      |
| from -100 to 0                                  | -100       | the same in percent                       |
| anything else                                   | unknown    | a reward: there is the first view alone   |
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from luthier.strategies.scale import Array

PERFECTIONS = (0.0, -1.0, -100.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What is looked at: y itself, or ln (y - *perfection*), *nearest* being the smallest distance that counts."""

    perfection: float | None = None  # None: the values themselves
    nearest: float = 0.0

    def forward(self, y: Array) -> Array:
        """Give what values look like."""
        return y if self.perfection is None else np.log(np.maximum(y - self.perfection, self.nearest))

    def inverse(self, seen: float) -> float:
        """Give the value that looks like *seen*."""
        return seen if self.perfection is None else self.perfection + float(np.exp(seen))


PLAIN = View()


def perfection_of(curves: Sequence[Sequence[float]]) -> float | None:
    """Say from where the values of *curves* keep their distance, or None."""
    worst, best = max(map(max, curves)), min(map(min, curves))
    return next((each for each in PERFECTIONS if best >= each and (each == 0.0 or worst <= 0.0)), None)
