"""The scales on which a range is searched: linear, logarithmic, reverse logarithmic."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from luthier.records.search_space import ContinuousRange, IntegerRange, ScalingType

Array = npt.NDArray[np.float64]

AUTO_LOGARITHMIC_FROM = 100.0
"""`Auto` begins to search a positive range logarithmically when its ends are at least this many times apart."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """A function on numbers that rises all the way, and its inverse."""

    forward: Callable[[Array], Array]
    inverse: Callable[[Array], Array]


class Scale(Enum):
    """
    A rising function t and its inverse. A range [a, b] is searched evenly in u = (t(x) - t(a)) / (t(b) - t(a)).

    | scale | t(x) | resolves |
    |---|---|---|
    | LINEAR | x | everything alike |
    | HALVED | x / 2 | as LINEAR, for ranges wider than the largest float |
    | LOGARITHMIC | ln x | small values |
    | REVERSE_LOGARITHMIC | -ln(1 - x) | values just below 1 |
    """

    LINEAR = _Pair(lambda x: x, lambda t: t)
    HALVED = _Pair(lambda x: x * 0.5, lambda t: t * 2.0)
    LOGARITHMIC = _Pair(np.log, np.exp)
    REVERSE_LOGARITHMIC = _Pair(lambda x: -np.log1p(-x), lambda t: -np.expm1(-t))

    def forward(self, x: Array) -> Array:
        """Go from a range's own numbers to those that are searched evenly."""
        return self.value.forward(x)

    def inverse(self, t: Array) -> Array:
        """Go back; rounding may leave the range by its last digit."""
        return self.value.inverse(t)

    def width(self, low: float, high: float) -> float:
        """Say how far apart *low* and *high* are on this scale; 0 where rounding cannot tell them apart."""
        ends = self.forward(np.array([low, high]))
        return float(ends[1] - ends[0])


def rule(each: ContinuousRange | IntegerRange) -> ScalingType:
    """
    Say what `Auto` means as long as the ends are all there is to go by.

    Logarithmic where both are above 0 and `AUTO_LOGARITHMIC_FROM` times or more apart, linear otherwise.
    """
    is_wide = each.low > 0 and each.high / each.low >= AUTO_LOGARITHMIC_FROM
    return ScalingType.LOGARITHMIC if is_wide else ScalingType.LINEAR


def scale_of(each: ContinuousRange | IntegerRange) -> Scale:
    """
    Choose the scale of a range: the one that is asked for, or its `rule`'s.

    A range too narrow for its scale in floating point falls back to the linear one.
    """
    chosen = _asked(each)
    low, high = float(each.low), float(each.high)
    if chosen is not Scale.LINEAR and chosen.width(low, high) > 0:
        return chosen
    return Scale.LINEAR if math.isfinite(high - low) else Scale.HALVED


def _asked(each: ContinuousRange | IntegerRange) -> Scale:
    match rule(each) if each.scaling is ScalingType.AUTO else each.scaling:
        case ScalingType.LOGARITHMIC:
            return Scale.LOGARITHMIC
        case ScalingType.REVERSE_LOGARITHMIC:
            return Scale.REVERSE_LOGARITHMIC
        case _:
            return Scale.LINEAR
