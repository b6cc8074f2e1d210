"""
What the trials say of the points between them: the posterior of a Gaussian process.

With U (n, d) the points observed, z (n,) their targets, σ² the noise, c = k + t the sum of kernel and trend, and
C = c(U, U) + σ² I = L Lᵀ, α = C⁻¹ z,

    μ(u) = c(u, U) α,      s²(u) = c(u, u) - |L⁻¹ c(U, u)|²,      c(u, u) = a + t(u, u)

is the objective without its noise.

Source: Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006, algorithm 2.1.
"""

import numpy as np
from scipy.linalg import lapack

from luthier.strategies.bayesian.kernel import Hyperparameters, Mask, matern, squared_distances
from luthier.strategies.bayesian.trend import trend, trend_slopes, trend_variance
from luthier.strategies.scale import Array

JITTER = (0.0, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2, 1.0)
"""Added to the diagonal, as shares of its mean, until the matrix can be factorised; the last one always does."""

_LEAST_VARIANCE = 1e-10
_NEXT_TO_NOTHING = 1e-6  # keeps the matrix regular


class GaussianProcess:
    """The posterior after n observations, the last *exact* of them free of noise, with its hyperparameters settled."""

    def __init__(self, hyperparameters: Hyperparameters, is_category: Mask, U: Array, z: Array, exact: int = 0) -> None:
        self.hyperparameters = hyperparameters
        self.is_category = is_category
        self.U = U
        self.z = z
        self.exact = exact
        C = self._covariance(U, U)
        noise = np.full(len(U), hyperparameters.noise)
        noise[len(U) - exact :] = _NEXT_TO_NOTHING * hyperparameters.amplitude
        C[np.diag_indices_from(C)] += noise
        self._L = cholesky(C)
        self._alpha, _ = lapack.dpotrs(self._L, z, lower=1)

    def predict(self, V: Array) -> tuple[Array, Array]:
        """Give mean and standard deviation, (m,) each, at the points V (m, d); deviations are above 0."""
        c = self._covariance(V, self.U)
        W, _ = lapack.dtrtrs(self._L, c.T, lower=1)
        variance = self._prior_variance(V) - np.sum(W * W, axis=0)
        return c @ self._alpha, np.sqrt(np.maximum(variance, _LEAST_VARIANCE))

    def slopes(self, V: Array) -> tuple[Array, Array, Array, Array]:
        """Give `predict`'s answers and their gradients in V, (m, d) each; gradients along categorical axes are 0."""
        believed = self.hyperparameters
        m, g = matern(squared_distances(V, self.U, self.is_category, believed.length_scales))
        c, dc, dprior = believed.amplitude * m, self._kernel_slopes(V, g), np.zeros_like(V)
        if believed.trend:
            dt, dprior = trend_slopes(V, self.U, self.is_category, believed.trend)
            c, dc = c + trend(V, self.U, self.is_category, believed.trend), dc + dt
        W, _ = lapack.dpotrs(self._L, c.T, lower=1)
        s = np.sqrt(np.maximum(self._prior_variance(V) - np.sum(c * W.T, axis=1), _LEAST_VARIANCE))
        dmu = np.einsum("mnd,n->md", dc, self._alpha)
        ds = (0.5 * dprior - np.einsum("mnd,nm->md", dc, W)) / s[:, None]
        return c @ self._alpha, s, dmu, ds

    def conditioned(self, U: Array, z: Array) -> "GaussianProcess":
        """Give the posterior if the objective is known to be z (m,) at U (m, d), with the same hyperparameters."""
        points, targets = np.concatenate([self.U, U]), np.concatenate([self.z, z])
        return GaussianProcess(self.hyperparameters, self.is_category, points, targets, self.exact + len(U))

    def left_out(self) -> Array:
        """
        Give the logarithm of the density of every target, predicted from all others: (n,), less a constant.

        Source: Rasmussen and Williams, section 5.4.2, equations 5.10 to 5.12.
        """
        lower, _ = lapack.dpotri(self._L, lower=1)
        precision = np.diag(lower)
        return np.asarray(0.5 * np.log(precision) - 0.5 * self._alpha**2 / precision)

    def _covariance(self, A: Array, B: Array) -> Array:
        believed = self.hyperparameters
        c = believed.amplitude * matern(squared_distances(A, B, self.is_category, believed.length_scales))[0]
        return c + trend(A, B, self.is_category, believed.trend) if believed.trend else c

    def _prior_variance(self, V: Array) -> Array:
        believed = self.hyperparameters
        return believed.amplitude + trend_variance(V, self.is_category, believed.trend)

    def _kernel_slopes(self, V: Array, g: Array) -> Array:
        """Give the gradients of k(V, U) in V (m, d), from the kernel's g (m, n): (m, n, d)."""
        weights = np.where(self.is_category, 0.0, self.hyperparameters.length_scales**-2)
        return np.asarray(-self.hyperparameters.amplitude * g[:, :, None] * (V[:, None, :] - self.U) * weights)


def cholesky(K: Array) -> Array:
    """
    Factorise a symmetric matrix K (n, n), of which the lower half is read: L, of which the lower half counts.

    No eigenvalue of K may be below 0 but for rounding. Raises LinAlgError if K is not finite.
    """
    mean = float(np.mean(np.diag(K)))
    for share in JITTER:
        L, trouble = lapack.dpotrf(K + np.diag(np.full(len(K), share * mean)) if share else K, lower=1)
        if not trouble and np.isfinite(L[-1, -1]):
            return np.asarray(L)
    raise np.linalg.LinAlgError("the covariance matrix is not finite")
