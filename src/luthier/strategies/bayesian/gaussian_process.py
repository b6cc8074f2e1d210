"""
What the trials say of the points between them: the posterior of a Gaussian process.

With U (n, d) the points observed, z (n,) their targets, σ² the noise, c = k + t the sum of kernel and trend, and
C = c(U, U) + σ² I = L Lᵀ, α = C⁻¹ z,

    μ(u) = c(u, U) α,      s²(u) = c(u, u) - |L⁻¹ c(U, u)|²,      c(u, u) = a + t(u, u)

is the objective without its noise. Where several tasks are known, the last column of a point is its task, and what two
points have in common is what `kinship` leaves of c.

Source: Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006, algorithm 2.1.
"""

import numpy as np
from scipy.linalg import lapack

from luthier.strategies.bayesian.kernel import Hyperparameters, Mask, correlation, matern, squared_distances
from luthier.strategies.bayesian.kinship import Kinship
from luthier.strategies.bayesian.trend import trend, trend_slopes, trend_variance
from luthier.strategies.scale import Array

JITTER = (0.0, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2, 1.0)
"""Added to the diagonal, as shares of its mean, until the matrix can be factorised; the last one always does."""

_LEAST_VARIANCE = 1e-10
_NEXT_TO_NOTHING = 1e-6  # keeps the matrix regular


class GaussianProcess:
    """The posterior after n observations, the last *exact* of them free of noise, with its hyperparameters settled."""

    def __init__(
        self,
        hyperparameters: Hyperparameters,
        is_category: Mask,
        U: Array,
        z: Array,
        exact: int = 0,
        kinship: Kinship | None = None,
    ) -> None:
        self.hyperparameters = hyperparameters
        self.is_category = is_category
        self.U = U
        self.z = z
        self.exact = exact
        self.kinship = kinship
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

    def mean(self, V: Array) -> Array:
        """Give `predict`'s mean alone, (m,): without a deviation there is no triangular system to solve."""
        return np.asarray(self._covariance(V, self.U) @ self._alpha)

    def slopes(self, V: Array) -> tuple[Array, Array, Array, Array]:
        """Give `predict`'s answers and their gradients in V, (m, d) each; gradients along categorical axes are 0."""
        believed, A, B = self.hyperparameters, self._places(V), self._places(self.U)
        m, g = matern(squared_distances(A, B, self.is_category, believed.length_scales))
        c, dc, dprior = believed.amplitude * m, self._kernel_slopes(A, B, g), np.zeros_like(A)
        if believed.trend:
            dt, dprior = trend_slopes(A, B, self.is_category, believed.trend)
            c, dc = c + trend(A, B, self.is_category, believed.trend), dc + dt
        if self.kinship is not None:
            tasks, others = V[:, -1], self.U[:, -1]
            c, dc = self.kinship.joined(c, tasks, others), self.kinship.shares(tasks, others)[:, :, None] * dc
            dprior = self.kinship.squares(tasks)[:, None] * dprior
        W, _ = lapack.dpotrs(self._L, c.T, lower=1)
        s = np.sqrt(np.maximum(self._prior_variance(V) - np.sum(c * W.T, axis=1), _LEAST_VARIANCE))
        dmu = np.einsum("mnd,n->md", dc, self._alpha)
        ds = (0.5 * dprior - np.einsum("mnd,nm->md", dc, W)) / s[:, None]
        return c @ self._alpha, s, dmu, ds

    def conditioned(self, U: Array, z: Array) -> "GaussianProcess":
        """Give the posterior if the objective is known to be z (m,) at U (m, d), with the same hyperparameters."""
        points, targets = np.concatenate([self.U, U]), np.concatenate([self.z, z])
        return GaussianProcess(
            self.hyperparameters, self.is_category, points, targets, self.exact + len(U), self.kinship
        )

    def evidence(self) -> float:
        """
        Give the logarithm of the density of all targets, less what depends on their number alone.

        Source: Rasmussen and Williams, equation 2.30.
        """
        return -0.5 * float(self.z @ self._alpha) - float(np.sum(np.log(np.diag(self._L))))

    def _places(self, A: Array) -> Array:
        """Give points without their tasks: (m, d)."""
        return A if self.kinship is None else A[:, :-1]

    def _covariance(self, A: Array, B: Array) -> Array:
        believed, a, b = self.hyperparameters, self._places(A), self._places(B)
        c = believed.amplitude * correlation(squared_distances(a, b, self.is_category, believed.length_scales))
        if believed.trend:
            c = c + trend(a, b, self.is_category, believed.trend)
        return c if self.kinship is None else self.kinship.joined(c, A[:, -1], B[:, -1])

    def _prior_variance(self, V: Array) -> Array:
        believed = self.hyperparameters
        variance = believed.amplitude + trend_variance(self._places(V), self.is_category, believed.trend)
        return variance if self.kinship is None else self.kinship.variances(variance, V[:, -1])

    def _kernel_slopes(self, A: Array, B: Array, g: Array) -> Array:
        """Give the gradients of k(A, B) in A (m, d), from the kernel's g (m, n): (m, n, d)."""
        weights = np.where(self.is_category, 0.0, self.hyperparameters.length_scales**-2)
        return np.asarray(-self.hyperparameters.amplitude * g[:, :, None] * (A[:, None, :] - B) * weights)


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
