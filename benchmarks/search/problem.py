"""What a problem is: a space, the noise-free values of its points, and noisy observations of them; all minimised."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
from benchmarks.search.spaces import Point, Space

Array = npt.NDArray[np.float64]


class Problem(Protocol):
    """One instance of a family. Equal names give equal problems, in every process."""

    space: Space
    is_noisy: bool
    optimum: float | None  # of the noise-free values, where it is known
    step: float | None  # the least that two values differ by, where errors are counted

    def truth(self, points: Sequence[Point]) -> Array:
        """Give the noise-free values (n,) of *points*; NaN where the training fails."""
        ...

    def observe(self, point: Point, rng: np.random.Generator) -> float:
        """Give one observation of *point*; of a problem without noise, the truth."""
        ...


class Exact:
    """What problems without noise share: an observation is the truth."""

    is_noisy = False
    step: float | None = None

    def truth(self, points: Sequence[Point]) -> Array:
        """Give the values (n,) of *points*."""
        raise NotImplementedError

    def observe(self, point: Point, rng: np.random.Generator) -> float:  # noqa: ARG002  # the Protocol's
        """Give the truth."""
        return float(self.truth([point])[0])
