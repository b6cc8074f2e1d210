"""
Warped targets back in the objective's own units.

The warp z(y) of the values is monotone, so its inverse is read off the pairs (z, y) that were observed, linearly
between two of them. Beyond the best value the warp is a straight line by definition, that of the better half, and is
followed; beyond the worst one it only ranks, so the worst value stands for all that is worse. Both are told.

    y |            ·───── worst seen, for all that is believed to be worse
      |        · ´
      |   · ´
      | .·  best seen
      |´
      +---------------- z
"""

import sys
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from luthier.records.portrait import Estimate
from luthier.strategies.scale import Array

_LARGEST = sys.float_info.max * (1.0 - 2.0**-50)  # leaves room to divide and to multiply again
_FAR = 100.0  # deviations: no prediction is farther from what was observed


class Unwarping:
    """The inverse of a warp that took *values* (n, n >= 2, not all alike) to *z* (n,); *sign* as in `portray`."""

    def __init__(self, values: Sequence[float], z: Array, sign: float) -> None:
        y = np.array(values, dtype=np.float64)
        self._largest = float(np.max(np.abs(y)))
        self._z, self._y, self._sign = z, y / self._largest, sign  # within -1 and 1: no difference overflows
        self._most = min(_LARGEST / self._largest, 1e9) if self._largest > 1.0 else 1e9
        self._steepness = self._better_half()
        self._seen, places = np.unique(z, return_index=True)
        heights = np.maximum.accumulate(self._y[places])
        self._knots = np.append(self._seen[0] - _FAR, self._seen)
        self._heights = np.append(heights[0] - _FAR * self._steepness, heights)

    def values(self, z: Array) -> Array:
        """Give the objective at targets z (m,): finite, (m,)."""
        heights = np.clip(np.interp(z, self._knots, self._heights), -self._most, self._most)
        return np.asarray(self._sign * self._largest * heights)

    def estimates(self, means: Array, deviations: Array) -> list[Estimate]:
        """Give what the objective is believed to be, one deviation to either side."""
        is_beyond = (means - deviations < self._seen[0]) | (means + deviations > self._seen[-1])
        ends = np.sort([self.values(means - deviations), self.values(means + deviations)], axis=0)
        middle = np.clip(self.values(means), ends[0], ends[1])
        return [
            Estimate(value=value, low=low, high=high, is_beyond=beyond)
            for value, low, high, beyond in zip(
                middle.tolist(), ends[0].tolist(), ends[1].tolist(), is_beyond.tolist(), strict=True
            )
        ]

    def noise(self, places: npt.NDArray[np.intp], means: Array, deviations: Array) -> float:
        """
        Give the noise that remains where the model is right, as a standard deviation, of the better half.

        *means* and *deviations* (m,) are the noise-free predictions of the observed values at *places* (m,), a fair
        sample of them, or all: what the noise is expected to be, squared, is the mean of (z - means)² + deviations².
        That is the step by which expectation maximisation (Dempster, Laird and Rubin, 1977) estimates it, of which the
        fitted noise is a fixed point. In the worse half the warp presses noise together, by an amount that differs from
        value to value.
        """
        better = (self._y <= np.median(self._y))[places]
        spread = float(np.sqrt(np.mean((self._z[places] - means)[better] ** 2 + deviations[better] ** 2)))
        return min(spread * self._steepness, self._most) * self._largest

    def _better_half(self) -> float:
        """Give dy/dz of the better half, where the warp is a straight line; of all, where that has no length."""
        better = self._y <= np.median(self._y)
        for chosen in (better, np.ones_like(better)):
            width = float(np.ptp(self._z[chosen]))
            if width > 0.0:
                return float(np.ptp(self._y[chosen])) / width
        return 0.0
