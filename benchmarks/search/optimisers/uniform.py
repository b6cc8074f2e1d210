"""Random search: the unit of every score."""

from collections.abc import Sequence

import numpy as np
from benchmarks.search.spaces import Point, Space, from_unit


class Uniform:
    """Points drawn evenly from the unit cube."""

    def __init__(self, space: Space, *, seed: int, parallel: int) -> None:  # noqa: ARG002  # every optimiser's
        self._space, self._rng = space, np.random.default_rng(seed)

    def ask(self) -> tuple[None, Point]:
        """Draw a point."""
        return None, from_unit(self._space, self._rng.random(len(self._space)))

    def tell(self, token: None, point: Point, value: float) -> None:
        """Learn nothing."""

    def remember(self, points: Sequence[Point], values: Sequence[float]) -> None:
        """Learn nothing."""
