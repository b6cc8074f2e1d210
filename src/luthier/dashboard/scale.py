"""A numeric axis: round tick values, and which part of the values it shows (pure)."""

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass

_FENCE = 3.0  # Tukey's outer fences: so many interquartile ranges beyond the quartiles
_ENOUGH = 8  # values from which on the quartiles say something
_FLAT = 3.0  # an axis so many times as long as it needs to be presses what is on it flat
_STEPS = (1.0, 2.0, 5.0, 10.0)
_LARGEST = sys.float_info.max
_TINY = 1e-280  # magnitudes below are drawn as zero


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """An axis from *low* to *high*, low < high, both finite, with ticks within."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def place(self, value: float) -> float:
        """Give where *value* is between *low* (0) and *high* (1); what lies beyond is put at the end."""
        place = (value / 2 - self.low / 2) / (self.high / 2 - self.low / 2)  # halves: a span may be above 1.8e308
        return min(1.0, max(0.0, place))

    def shows(self, value: float) -> bool:
        """Whether *value* lies on the axis."""
        return self.low <= value <= self.high


def axis(values: Sequence[float], keep: float, parts: int = 5) -> Axis:
    """
    Choose an axis of about *parts* parts for *values*, finite and at least one.

    Extreme outliers are left beyond it where they would press all others flat, but never *keep*. Extreme is what lies
    more than three interquartile ranges beyond the quartiles (Tukey, Exploratory Data Analysis).
    """
    low, high = _within_fences(sorted(values))
    low, high = _apart(min(low, keep), max(high, keep))
    step = _round_step((high / 2 - low / 2) / parts * 2)
    numbers = range(math.floor(low / step), math.ceil(high / step) + 1)
    low, high = max(min(low, numbers[0] * step), -_LARGEST), min(max(high, numbers[-1] * step), _LARGEST)
    ticks = (number * step for number in numbers)
    return Axis(low=low, high=high, ticks=tuple(tick for tick in ticks if low <= tick <= high))


def _within_fences(values: Sequence[float]) -> tuple[float, float]:
    """Give the outermost of sorted *values* within the outer fences, or of all if that makes the axis little longer."""
    quarter = len(values) // 4
    lower, upper = values[quarter], values[-1 - quarter]
    if len(values) < _ENOUGH or lower == upper:
        return values[0], values[-1]
    reach = _FENCE * (upper / 2 - lower / 2) * 2
    within = [value for value in values if lower - reach <= value <= upper + reach]
    is_little = (values[-1] / 2 - values[0] / 2) <= _FLAT * (within[-1] / 2 - within[0] / 2)
    return (values[0], values[-1]) if is_little else (within[0], within[-1])


def _apart(low: float, high: float) -> tuple[float, float]:
    """Widen a span that is too small to be drawn, so far that ticks can be told apart."""
    largest = max(abs(low), abs(high))
    if largest > _TINY and high / 2 - low / 2 > largest * 5e-7:
        return low, high
    room = largest * 0.05 if largest > _TINY else 1.0
    return max(low - room, -_LARGEST), min(high + room, _LARGEST)


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in _STEPS if step * power >= rough * (1 - 1e-9))
