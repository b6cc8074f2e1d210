"""
How alike two points are: one Matérn-5/2 kernel over numbers and categories together.

    k(u, v) = a m(r),   m(r) = (1 + √5 r + 5 r²/3) exp(-√5 r),   r² = Σ_j δ_j² / ℓ_j²

with δ_j = u_j - v_j on a numeric axis and δ_j = [u_j ≠ v_j] (Hamming) on a categorical one, a length scale ℓ_j for
every axis (automatic relevance determination) and the amplitude a. With g(r) = (5/3) (1 + √5 r) exp(-√5 r),

    ∂m/∂ ln ℓ_j = g(r) δ_j² / ℓ_j²,      ∂m/∂u_j = -g(r) δ_j / ℓ_j²   (numeric axes)

Source: Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006, section 4.2.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from luthier.strategies.scale import Array

Mask = npt.NDArray[np.bool_]

_ROOT5 = 5.0**0.5


@dataclass(frozen=True, slots=True, eq=False)
class Hyperparameters:
    """What the model believes of the objective: ℓ (d,) on the unit cube; all others as variances of targets."""

    length_scales: Array
    amplitude: float
    noise: float
    trend: float = 0.0  # w, of each weight of the `trend`; 0: there is none


def squared_differences(A: Array, B: Array, is_category: Mask) -> Array:
    """Give δ² of the rows of A and B, which are broadcast: (..., d) each."""
    delta = A - B
    return np.where(is_category, delta != 0.0, delta * delta)


def matern(r2: Array) -> tuple[Array, Array]:
    """Give m(r) and g(r) for squared distances of any shape."""
    s = _ROOT5 * np.sqrt(r2)
    decay = np.exp(-s)
    return (1.0 + s + s * s / 3.0) * decay, (5.0 / 3.0) * (1.0 + s) * decay


def correlation(r2: Array) -> Array:
    """Give m(r) alone."""
    s = _ROOT5 * np.sqrt(r2)
    return np.asarray((1.0 + s + s * s / 3.0) * np.exp(-s))


def squared_distances(A: Array, B: Array, is_category: Mask, length_scales: Array) -> Array:
    """Give r² of all rows of A (m, d) with all rows of B (n, d): (m, n)."""
    weights = length_scales**-2
    numeric = ~is_category
    a, b = A[:, numeric] / length_scales[numeric], B[:, numeric] / length_scales[numeric]
    r2 = np.sum(a * a, axis=1)[:, None] + np.sum(b * b, axis=1) - 2.0 * (a @ b.T)
    for j in np.flatnonzero(is_category):
        r2 += weights[j] * (A[:, j, None] != B[:, j])
    return np.asarray(np.maximum(r2, 0.0))
