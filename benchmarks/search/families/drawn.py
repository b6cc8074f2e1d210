"""
Functions drawn from what the search believes before it has seen anything: its kernel and its trend are right there.

    f(x) = √(2/M) Σ_m a_m cos(ω_m·(2x - 1) + b_m) + Σ_j (β_j (2x_j - 1) + γ_j (2x_j - 1)²),     x in [0, 1]^d

With ω_m drawn from a multivariate t distribution of 5 degrees of freedom over the length scales 2 ℓ_j, b_m uniform and
a_m normal, the sum over M features has a Matérn-5/2 covariance of variance 1; ℓ_j is log-uniform between 0.15 and 0.75
of a range. β_j and γ_j ~ N(0, 1/d) are the weights of the search's trend. The search does not know the length scales,
and warps the values as it does elsewhere.

A name is `drawn:dDIMENSIONS_iINSTANCE`; with `_noisy` at its end, the same function has normal noise of deviation 0.05.

Source: Rahimi and Recht, "Random Features for Large-Scale Kernel Machines", NIPS 2007.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from benchmarks.search.problem import Array, Problem
from benchmarks.search.spaces import Point, Space, reals

FEATURES = 400
NOISE = 0.05
_NAME = re.compile(r"drawn:d(?P<dimensions>[1-9][0-9]*)_i(?P<instance>[0-9]+)(?P<noise>_noisy)?", re.ASCII)
_FREEDOM = 5  # twice Matérn's 5/2
_SHORTEST, _LONGEST = 0.15, 0.75


def make(name: str, data: Path | None) -> Problem:  # noqa: ARG001  # every family's
    """Make the function *name*; KeyError for one of another form."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise KeyError(f"drawn function {name!r}: write drawn:dDIMENSIONS_iINSTANCE, or the same with _noisy")
    return Drawn(int(found["dimensions"]), int(found["instance"]), is_noisy=found["noise"] is not None)


class Drawn:
    """One function, with its *length_scales* (d,); equal dimensions and instances are equal ones, noisy or not."""

    optimum: float | None = None
    step: float | None = None

    def __init__(self, dimensions: int, instance: int, *, is_noisy: bool) -> None:
        self.space: Space = reals([f"x{j}" for j in range(dimensions)], 0.0, 1.0)
        self.is_noisy = is_noisy
        rng = np.random.default_rng([dimensions, instance])
        self.length_scales: Array = np.exp(rng.uniform(np.log(_SHORTEST), np.log(_LONGEST), dimensions))
        stretch = np.sqrt(_FREEDOM / rng.chisquare(_FREEDOM, (FEATURES, 1)))
        self._frequencies = rng.normal(size=(FEATURES, dimensions)) * stretch / (2.0 * self.length_scales)
        self._phases = rng.uniform(0.0, 2.0 * np.pi, FEATURES)
        self._weights = rng.normal(size=FEATURES) * np.sqrt(2.0 / FEATURES)
        self._slope, self._bend = rng.normal(size=(2, dimensions)) / np.sqrt(dimensions)

    def truth(self, points: Sequence[Point]) -> Array:
        """Give the values (n,) of *points*."""
        x = 2.0 * np.array([[float(point[each.name]) for each in self.space] for point in points]) - 1.0
        bumps = np.cos(x @ self._frequencies.T + self._phases) @ self._weights
        values: Array = bumps + x @ self._slope + (x * x) @ self._bend
        return values

    def observe(self, point: Point, rng: np.random.Generator) -> float:
        """Give the value, with noise where there is some."""
        return float(self.truth([point])[0] + (NOISE * rng.normal() if self.is_noisy else 0.0))
