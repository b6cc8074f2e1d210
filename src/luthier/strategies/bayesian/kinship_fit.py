"""
How alike the tasks are, as their evaluations tell: the maximum a posteriori, together with all other hyperparameters.

θ = (ln ℓ_1 ... ln ℓ_d, ln a, ln σ², r_0 ... r_m, ln q) minimises the f(θ) of `evidence` with

    C = B ∘ K + κ e eᵀ + σ² I,   K = a M + T
    P(θ) = that of `evidence` + ½ Σ_t ((r_t - ρ_t) / 0.4)² + ½ (ln q)²

where B and κ are those of `kinship`, ρ_t is what is expected of a loading: 0.85 of the others', and of the own one's
either that or its contrary. e marks the rows of the own task and ∘ multiplies element by element. With W = α αᵀ - C⁻¹,
the loads x_i = q_t r_t of row i, and S_t = Σ_i∈t Σ_j∉t W_ij K_ij x_j,

    ∂f/∂r_t = -q_t S_t + ∂P/∂r_t,      ∂f/∂ ln q = -q r_0 S_0 - q² eᵀ (W ∘ K) e + ln q

and all other slopes are those of `evidence`, with W ∘ B for W.
"""

import numpy as np
from scipy.linalg import lapack
from scipy.optimize import fmin_l_bfgs_b

from luthier.strategies.bayesian.evidence import FITTED, bounds, first_guess, penalty, telling
from luthier.strategies.bayesian.gaussian_process import cholesky
from luthier.strategies.bayesian.kernel import Hyperparameters, Mask, matern, squared_differences
from luthier.strategies.bayesian.kinship import LEVEL, OWN, Kinship
from luthier.strategies.bayesian.trend import trend
from luthier.strategies.scale import Array

ITERATIONS = 20

ALIKE, CONTRARY = 0.85, -0.85
"""What may be expected of a loading, ρ: that the task is like the others, or that what is good there is bad here."""

_LOADING_DEVIATION = 0.4
_SCALE_DEVIATION = 1.0
_MOST_ALIKE = 0.97
_SCALE_BOUNDS = (-1.5, 1.5)


def fit_together(
    U: Array, tasks: Array, z: Array, is_category: Mask, weight: float, own: float = ALIKE
) -> tuple[Hyperparameters, Kinship]:
    """
    Give what is likeliest after targets z (n,) at snapped points U (n, d) of the *tasks* (n,), 0 being the own one.

    Every task up to the last has observations, the own one perhaps none. *weight* is that of the trend, *own* is what
    is expected of the own task's loading: the search begins there, and finds the likeliest nearby.
    """
    d, others = U.shape[1], int(tasks.max())
    expected = np.array([own, *[ALIKE] * others])
    chosen = looked_at(tasks, z, FITTED)
    theta, _, _ = fmin_l_bfgs_b(
        KinshipEvidence(U[chosen], tasks[chosen], z[chosen], is_category, weight, expected),
        np.concatenate([first_guess(d), expected, [0.0]]),
        bounds=[*bounds(d), (-_MOST_ALIKE, _MOST_ALIKE), *[(0.0, _MOST_ALIKE)] * others, _SCALE_BOUNDS],
        maxiter=ITERATIONS,
        maxfun=ITERATIONS + 10,
        factr=1e9,
        m=8,
    )
    believed = Hyperparameters(np.exp(theta[:d]), float(np.exp(theta[d])), float(np.exp(theta[d + 1])), weight)
    return believed, Kinship(theta[d + 2 : -1], float(np.exp(theta[-1])))


def looked_at(tasks: Array, z: Array, count: int) -> Mask:
    """Choose at most *count* observations, own ones first; half of them are others' where there are enough."""
    chosen = np.zeros(len(z), dtype=bool)
    own, others = np.flatnonzero(tasks == OWN), np.flatnonzero(tasks != OWN)
    own = own[telling(z[own], max(count // 2, count - len(others)))]
    chosen[own] = True
    chosen[others[telling(z[others], count - len(own))]] = True
    return chosen


class KinshipEvidence:
    """The function f above, for one set of observations and the expected loadings ρ (m + 1,)."""

    def __init__(self, U: Array, tasks: Array, z: Array, is_category: Mask, weight: float, expected: Array) -> None:
        self.z = z
        self._tasks = tasks
        self._d = U.shape[1]
        self._expected = expected
        self._trend = trend(U, U, is_category, weight)
        self._lower = np.tril_indices(len(z), -1)
        i, j = self._lower
        self._differences = np.ascontiguousarray(squared_differences(U[i], U[j], is_category).T)  # (d, n (n - 1) / 2)
        self._members = (tasks == np.arange(len(expected))[:, None]).astype(np.float64)  # (m + 1, n)
        self._apart = tasks[:, None] != tasks
        self._level = LEVEL * np.outer(self._members[0], self._members[0])

    def __call__(self, theta: Array) -> tuple[float, Array]:
        """Give f(θ) and its gradient (d + m + 4,)."""
        d, n = self._d, self.z.size
        weights, amplitude, noise = np.exp(-2.0 * theta[:d]), np.exp(theta[d]), np.exp(theta[d + 1])
        kinship = Kinship(theta[d + 2 : -1], float(np.exp(theta[-1])))
        m, g = matern(weights @ self._differences)
        K = self._within(amplitude * m, float(amplitude))
        B = kinship.shares(self._tasks, self._tasks)
        L = cholesky(B * K + self._level + np.diag(np.full(n, noise)))
        alpha, _ = lapack.dpotrs(L, self.z, lower=1)
        inverse, _ = lapack.dpotri(L, lower=1)
        W = np.outer(alpha, alpha) - np.tril(inverse) - np.tril(inverse, -1).T
        shared = W * B
        pairs, trace = shared[self._lower], float(np.trace(shared))

        slope = np.empty_like(theta)
        slope[:d] = -amplitude * weights * (self._differences @ (pairs * g))
        slope[d] = -amplitude * (float(pairs @ m) + 0.5 * trace)
        slope[d + 1] = -0.5 * noise * float(np.trace(W))
        slope[d + 2 :] = self._kinship_slopes(kinship, W * K)
        misfit = 0.5 * float(self.z @ alpha) + float(np.sum(np.log(np.diag(L))))
        prior, prior_slope = _penalty(theta, d, self._expected)
        return misfit + prior, slope + prior_slope

    def _within(self, pairs: Array, amplitude: float) -> Array:
        """Give K (n, n) from the kernel between all *pairs* (n (n - 1) / 2,)."""
        K = self._trend.copy()
        i, j = self._lower
        K[i, j] += pairs
        K[j, i] = K[i, j]
        K[np.diag_indices(len(K))] += amplitude
        return K

    def _kinship_slopes(self, kinship: Kinship, WK: Array) -> Array:
        """Give the slopes in r and ln q (m + 2,), from W ∘ K."""
        scales = np.append(kinship.scale, np.ones(len(kinship.loadings) - 1))
        loads = (scales * kinship.loadings) @ self._members
        S = self._members @ np.where(self._apart, WK, 0.0) @ loads
        own = self._members[0]
        of_scale = kinship.scale * kinship.loadings[0] * S[0] + kinship.scale**2 * float(own @ WK @ own)
        return -np.append(scales * S, of_scale)


def _penalty(theta: Array, d: int, expected: Array) -> tuple[float, Array]:
    """Give P(θ) and its gradient (d + m + 4,)."""
    value, slope = penalty(theta[: d + 2])
    strange = (theta[d + 2 : -1] - expected) / _LOADING_DEVIATION
    stretch = theta[-1] / _SCALE_DEVIATION
    value += 0.5 * float(strange @ strange + stretch**2)
    return value, np.concatenate([slope, strange / _LOADING_DEVIATION, [stretch / _SCALE_DEVIATION]])
