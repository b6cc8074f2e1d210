"""
Which hyperparameters the trials speak for: the maximum a posteriori, by gradient.

θ = (ln ℓ_1 ... ln ℓ_d, ln a, ln σ²) minimises minus the log marginal likelihood minus the log prior:

    f(θ) = ½ zᵀ α + ln |L| + P(θ)
    C = L Lᵀ = a M + T + σ² I
    P(θ) = 1/10 Σ_j (ℓ_j² + ℓ_j⁻²) + ½ (ln a)² + ½ ((ln σ² + 4.5) / 1.5)²
    ∂f/∂θ_i = -½ tr(W ∂C/∂θ_i) + ∂P/∂θ_i,      W = α αᵀ - C⁻¹

with M the Matérn kernel's matrix and T the trend's, which θ does not change.

The prior on length scales is flat between about 0.3 and 3, with soft walls outside: with few trials in 2 to 20
dimensions it is worth a fifth of the regret against priors that grow with the dimension. Since every matrix is
symmetric, all sums run over the pairs i > j alone, and the gradient in all ℓ together is one matrix-vector product.

A step costs as much as a factorisation, and there are as many hyperparameters however many trials there were: beyond
`FITTED` observations the fit looks at the better ones, and at a sample of the others.

Source: Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006, section 5.4.1.
"""

import numpy as np
import numpy.typing as npt
from scipy.linalg import lapack
from scipy.optimize import fmin_l_bfgs_b

from luthier.strategies.bayesian.gaussian_process import cholesky
from luthier.strategies.bayesian.kernel import Hyperparameters, Mask, matern, squared_differences
from luthier.strategies.bayesian.trend import trend
from luthier.strategies.scale import Array

FITTED = 100
"""No more observations than this are looked at."""

ITERATIONS = 20
"""Steps of the fit; twice as many change the length scales, but not the quality of the proposals."""

_WALL = 0.1
_NOISE_MEAN, _NOISE_DEVIATION = -4.5, 1.5
_LENGTH_BOUNDS = (np.log(0.03), np.log(60.0))
_AMPLITUDE_BOUNDS = (-4.0, 4.0)
_NOISE_BOUNDS = (-12.0, 1.0)


def fit(U: Array, z: Array, is_category: Mask, weight: float = 0.0) -> Hyperparameters:
    """
    Give the likeliest hyperparameters after observing standardised targets z (n,) at snapped points U (n, d).

    *weight* is that of the trend, w; without one there is none.
    """
    d, chosen = U.shape[1], telling(z, FITTED)
    U, z = U[chosen], z[chosen]
    theta, _, _ = fmin_l_bfgs_b(
        Evidence(U, z, is_category, weight),
        first_guess(d),
        bounds=bounds(d),
        maxiter=ITERATIONS,
        maxfun=ITERATIONS + 10,
        factr=1e9,
        m=8,
    )
    return Hyperparameters(np.exp(theta[:d]), float(np.exp(theta[d])), float(np.exp(theta[d + 1])), weight)


def first_guess(d: int) -> Array:
    """Give the θ (d + 2,) that a fit begins with."""
    return np.append(np.full(d, np.log(0.5) + 0.25 * np.log(max(d, 1))), [0.0, -4.0])


def bounds(d: int) -> list[tuple[float, float]]:
    """Give the least and the greatest value of each part of θ (d + 2,)."""
    return [_LENGTH_BOUNDS] * d + [_AMPLITUDE_BOUNDS, _NOISE_BOUNDS]


def telling(z: Array, count: int) -> npt.NDArray[np.intp]:
    """Choose *count* of n observations, as rising places: half are the best, the others spread over the rest."""
    if len(z) <= count:
        return np.arange(len(z))
    order = np.argsort(z, kind="stable")
    best, rest = order[: count // 2], order[count // 2 :]
    spread = (np.arange(count - len(best)) + 0.5) * len(rest) / (count - len(best))
    return np.sort(np.concatenate([best, rest[spread.astype(np.intp)]]))


class Evidence:
    """The function f above, for one set of observations."""

    def __init__(self, U: Array, z: Array, is_category: Mask, weight: float = 0.0) -> None:
        self.z = z
        self._trend = trend(U, U, is_category, weight)
        self._lower = np.tril_indices(len(z), -1)
        i, j = self._lower
        self._differences = np.ascontiguousarray(squared_differences(U[i], U[j], is_category).T)  # (d, n (n - 1) / 2)

    def __call__(self, theta: Array) -> tuple[float, Array]:
        """Give f(θ) and its gradient (d + 2,)."""
        d, n = theta.size - 2, self.z.size
        weights, amplitude, noise = np.exp(-2.0 * theta[:d]), np.exp(theta[d]), np.exp(theta[d + 1])
        m, g = matern(weights @ self._differences)
        C = self._trend.copy()
        C[self._lower] += amplitude * m
        C[np.diag_indices(n)] += amplitude + noise
        L = cholesky(C)
        alpha, _ = lapack.dpotrs(L, self.z, lower=1)
        inverse, _ = lapack.dpotri(L, lower=1)
        W = np.outer(alpha, alpha) - inverse
        pairs, trace = W[self._lower], float(np.trace(W))

        slope = np.empty_like(theta)
        slope[:d] = -amplitude * weights * (self._differences @ (pairs * g))
        slope[d] = -amplitude * (float(pairs @ m) + 0.5 * trace)
        slope[d + 1] = -0.5 * noise * trace
        misfit = 0.5 * float(self.z @ alpha) + float(np.sum(np.log(np.diag(L))))
        prior, prior_slope = penalty(theta)
        return misfit + prior, slope + prior_slope


def penalty(theta: Array) -> tuple[float, Array]:
    """Give P(θ) and its gradient (d + 2,)."""
    squares = np.exp(2.0 * theta[:-2])
    noise = (theta[-1] - _NOISE_MEAN) / _NOISE_DEVIATION
    value = _WALL * float(np.sum(squares + 1.0 / squares)) + 0.5 * float(theta[-2] ** 2 + noise**2)
    return value, np.append(2.0 * _WALL * (squares - 1.0 / squares), [theta[-2], noise / _NOISE_DEVIATION])
