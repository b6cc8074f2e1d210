"""
Objective values as a Gaussian process likes them: half-rank warping.

What separates the good values from each other matters; how bad the bad ones are does not, and a diverged or failed
trial must not flatten the rest. So, with m the median of the values and s the root mean square of the better half
around it,

    better than m:  z = (y - m) / s            linear, in the better half's own spread
    worse:          z = Φ⁻¹(1/2 + q/2)         normal quantiles of the place q in (0, 1) among the worse half

and failed trials, which do not count in m, share the last place, behind every value. The results are standardised to
mean 0 and deviation 1.

Source: the first output warper of Google Vizier (Song et al., "The Vizier Gaussian Process Bandit Algorithm", 2024).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from luthier.strategies.scale import Array


def half_rank(values: Sequence[float | None]) -> Array | None:
    """
    Warp *values* (n; lower is better; None has failed) to targets z (n,); None if they hold no contrast to learn from.

    Any increasing linear map of the values gives the same targets, up to rounding.
    """
    y = np.array([np.nan if value is None else value for value in values], dtype=np.float64) / 2.0
    seen = np.isfinite(y)
    if not seen.any():
        return None
    y = np.where(seen, y - np.median(y[seen]), np.inf)  # halves of finite numbers: no difference overflows
    better = y <= 0.0
    z = ndtri(0.5 + 0.5 * _ranks(y, ~better))
    z[better] = y[better] / (_root_mean_square(y[better]) or 1.0)
    deviation = float(z.std())
    return (z - z.mean()) / deviation if deviation > 0.0 else None


def _root_mean_square(x: Array) -> float:
    """Measure numbers that may be too large or too small to be squared."""
    largest = float(np.max(np.abs(x)))
    return largest * float(np.sqrt(np.mean((x / largest) ** 2))) if largest > 0.0 else 0.0


def _ranks(y: Array, chosen: npt.NDArray[np.bool_]) -> Array:
    """Rank the *chosen* values among themselves, as places in (0, 1); equal values share the middle of theirs."""
    ranks = np.zeros_like(y)
    ordered = np.sort(y[chosen])
    below, through = np.searchsorted(ordered, y[chosen], "left"), np.searchsorted(ordered, y[chosen], "right")
    ranks[chosen] = (below + through) / (2.0 * max(ordered.size, 1))
    return ranks
