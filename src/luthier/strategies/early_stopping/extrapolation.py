"""
What is left of a curve after its first knots: one linear-Gaussian model for every shape and roughness, all at once.

    y_t = ψ_t a + (1 - ψ_t) e + r_t + ε_t         t = 1 ... T
    (a, e) ~ N(μ, Σ)                              where curves start and end, in this tuning job
    r_t    ~ ρ · Brownian motion in ln t / ln T   what no shape is right about; its deviation is ρ at the end
    ε_t    ~ N(0, 1)                              noise, the unit of y

For a shape ψ and a roughness ρ, with C = I + Cov(r) = L Lᵀ and X = [ψ | 1 - ψ], everything is least squares of
z = L⁻¹ y on L⁻¹ X. L is triangular, so the first t rows are those of the first t knots: running sums over the rows
answer for every prefix of a curve, and those of X hold for all curves. With P = Λ + Σ_{s≤t} X_s X_sᵀ, Λ = Σ⁻¹, and
v = L⁻¹ Cov(r, r_T), all rows taken of L⁻¹:

    (a, e) | y_1..t  ~  N(m, P⁻¹),     m = P⁻¹ (Λ μ + Σ X_s z_s)
    f_T    | y_1..t  ~  N(g·m + Σ v_s z_s, gᵀ P⁻¹ g + ρ² - Σ v_s²),     g = (0, 1) - Σ v_s X_s
    ln p(y_1..t)      =  -½ (Σ z_s² + μᵀΛμ - mᵀPm) - ½ ln |P| + ½ ln |Λ| - Σ ln L_ss  + constant

Shapes: axis S; roughnesses: axis R; curves or prefixes: axis N.

Source: Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006, section 2.7, on a Gaussian process
beside explicit basis functions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from luthier.strategies.early_stopping.shapes import shapes
from luthier.strategies.scale import Array

ROUGHNESSES = (0.5, 2.0, 8.0)


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """The running sums of N curves, each up to a prefix of its own of *lengths* (N,) knots."""

    lengths: tuple[int, ...]
    square: Array  # Σ z², (N, R)
    product: Array  # Σ X z, (N, R, S, 2)
    drift: Array  # Σ v z, (N, R)


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """What is expected of a curve before it is seen."""

    mean: Array  # μ (2,)
    covariance: Array  # Σ (2, 2)
    weights: Array  # of the shapes and roughnesses (R, S); they add up to 1


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """What is believed of N curves, for each roughness and shape: all are (N, R, S), with more axes at the end."""

    weights: Array  # each curve's add up to 1
    start_end: Array  # m, (N, R, S, 2)
    covariance: Array  # P⁻¹, (N, R, S, 2, 2)
    last: Array  # the mean of f_T, the curve without noise at its last knot
    variance: Array  # of f_T

    def average(self, values: Array) -> Array:
        """Average *values* (N, R, S, ...) over roughnesses and shapes: (N, ...)."""
        return np.asarray(np.einsum("nrs,nrs...->n...", self.weights, values))

    def ends(self) -> tuple[Array, Array]:
        """Give mean and deviation of f_T, (N,) each."""
        means = self.average(self.last)
        return means, np.sqrt(self.average(self.variance + (self.last - means[:, None, None]) ** 2))


class Extrapolation:
    """The model for whole curves of a number of knots, with all that does not depend on any curve worked out."""

    def __init__(self, knots: int) -> None:
        psi, rho = shapes(knots), np.array(ROUGHNESSES)
        x = np.log(np.arange(1.0, knots + 1.0)) / np.log(knots)
        motion = rho[:, None, None] ** 2 * np.minimum(x[:, None], x)
        L = np.linalg.cholesky(np.eye(knots) + motion)
        self._whitening = np.linalg.inv(L)  # (R, T, T)
        design = np.einsum("rtu,usi->trsi", self._whitening, np.stack([psi, 1.0 - psi], axis=-1))
        toward_end = np.einsum("rtu,ru->tr", self._whitening, motion[:, :, -1])
        self._design, self._toward_end = design, toward_end  # L⁻¹ X (T, R, S, 2) and v (T, R)
        self._information = np.cumsum(design[..., :, None] * design[..., None, :], axis=0)
        self._g = np.array([0.0, 1.0]) - np.cumsum(toward_end[:, :, None, None] * design, axis=0)
        self._left = rho**2 - np.cumsum(toward_end**2, axis=0)
        self._log_det = np.cumsum(np.log(np.diagonal(L, axis1=1, axis2=2)), axis=1).T

    @property
    def components(self) -> tuple[int, int]:
        """How many roughnesses and shapes there are."""
        return self._design.shape[1], self._design.shape[2]

    def read(self, curve: Array, lengths: Sequence[int]) -> Evidence:
        """Sum *curve* (t,) up to every one of *lengths*, each between 1 and t."""
        z = np.einsum("rtu,u->tr", self._whitening[:, : len(curve), : len(curve)], curve)
        seen = np.array(lengths) - 1
        t = len(curve)
        return Evidence(
            lengths=tuple(lengths),
            square=np.cumsum(z**2, axis=0)[seen],
            product=np.cumsum(z[:, :, None, None] * self._design[:t], axis=0)[seen],
            drift=np.cumsum(z * self._toward_end[:t], axis=0)[seen],
        )

    def posterior(self, seen: Evidence, prior: Prior) -> Posterior:
        """Believe what the evidence says, each curve by itself."""
        at = np.array(seen.lengths) - 1
        precision = np.linalg.inv(prior.covariance)
        P = self._information[at] + precision
        inverse, determinant = _inverted(P)
        right = seen.product + precision @ prior.mean
        m = np.einsum("...ij,...j->...i", inverse, right)
        fit = np.einsum("...i,...i->...", m, right)
        log = 0.5 * (fit - np.log(determinant) - seen.square[..., None]) - self._log_det[at][..., None]
        log = log + np.log(prior.weights)
        weights = np.exp(log - log.max(axis=(1, 2), keepdims=True))
        g = self._g[at]
        return Posterior(
            weights=weights / weights.sum(axis=(1, 2), keepdims=True),
            start_end=m,
            covariance=inverse,
            last=np.einsum("...i,...i->...", g, m) + seen.drift[..., None],
            variance=np.einsum("...i,...ij,...j->...", g, inverse, g) + self._left[at][..., None],
        )


@lru_cache(maxsize=8)
def extrapolation(knots: int) -> Extrapolation:
    """Give the model for whole curves of *knots* knots, 2 at least."""
    return Extrapolation(knots)


def joined(parts: Sequence[Evidence]) -> Evidence:
    """Put the evidence of several curves one after the other."""
    return Evidence(
        lengths=tuple(length for part in parts for length in part.lengths),
        square=np.concatenate([part.square for part in parts]),
        product=np.concatenate([part.product for part in parts]),
        drift=np.concatenate([part.drift for part in parts]),
    )


def _inverted(P: Array) -> tuple[Array, Array]:
    """Invert symmetric matrices (..., 2, 2), and give their determinants (...)."""
    determinant = P[..., 0, 0] * P[..., 1, 1] - P[..., 0, 1] ** 2
    adjugate = np.empty_like(P)
    adjugate[..., 0, 0], adjugate[..., 1, 1] = P[..., 1, 1], P[..., 0, 0]
    adjugate[..., 0, 1] = adjugate[..., 1, 0] = -P[..., 0, 1]
    return adjugate / determinant[..., None, None], determinant
