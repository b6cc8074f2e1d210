"""Luthier's Bayesian strategy, asked as a tuning job asks it: all trials each time, and a generator of their number."""

import math
from collections.abc import Sequence

import numpy as np
from benchmarks.search.spaces import Choice, Point, Range, Space, Whole

from luthier.records.search_space import (
    CategoricalRange,
    ContinuousRange,
    IntegerRange,
    ParameterRange,
    ScalingType,
    SearchSpace,
)
from luthier.records.trial import Trial
from luthier.strategies.bayesian import Bayesian


class LuthierBayesian:
    """The history is the trials in the order of their proposal, the running ones among them."""

    def __init__(self, space: Space, *, seed: int, parallel: int) -> None:  # noqa: ARG002  # every optimiser's
        self._space = SearchSpace(ranges=tuple(range_of(each) for each in space))
        self._seed = seed
        self._trials: list[Trial] = []

    def ask(self) -> tuple[int, Point]:
        """Propose one point, which then is pending."""
        ordinal = len(self._trials)
        rng = np.random.default_rng([self._seed, ordinal])
        (point,) = Bayesian().propose(self._space, self._trials, 1, rng)
        self._trials.append(Trial(assignment=point, is_open=True))
        return ordinal, point

    def tell(self, token: int, point: Point, value: float) -> None:
        """Close the trial *token*."""
        self._trials[token] = _closed(point, value)

    def remember(self, points: Sequence[Point], values: Sequence[float]) -> None:
        """Add closed trials."""
        self._trials += [_closed(point, value) for point, value in zip(points, values, strict=True)]


def _closed(point: Point, value: float) -> Trial:
    return Trial(assignment=point, is_open=False, value=None if math.isnan(value) else value)


def range_of(each: Range) -> ParameterRange:
    """Give a range of the benchmark as a tuning job has it."""
    if isinstance(each, Choice):
        return CategoricalRange(name=each.name, choices=each.choices)
    scaling = ScalingType.LOGARITHMIC if each.log else ScalingType.LINEAR
    if isinstance(each, Whole):
        return IntegerRange(name=each.name, low=each.low, high=each.high, scaling=scaling)
    return ContinuousRange(name=each.name, low=each.low, high=each.high, scaling=scaling)
