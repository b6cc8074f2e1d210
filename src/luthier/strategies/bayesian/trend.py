"""
What the objective does on the whole: a slope and a bend along every number, and a level for every category.

    t(u, v) = w Σ_j φ_j(u)·φ_j(v),   w = τ² / d,   φ_j(u) = (x_j, x_j²) with x_j = 2 u_j - 1 on a numeric axis,
                                                            the indicator of the category on a categorical one

is the covariance of Σ_j β_j·φ_j(u) with independent weights β ~ N(0, w); added to the kernel it has the model fit them
and the bumps between them together, which costs no hyperparameter. A stationary kernel knows nothing far from the
trials, hence promises most in the corners of the cube, of which there are many; with the trend every trial says
something of the far end of each axis.

    t(u, u) = w Σ_j |φ_j(u)|²,   ∂t(u, v)/∂u_j = 2 w (y_j + 2 x_j y_j²),   ∂t(u, u)/∂u_j = 2 w (2 x_j + 4 x_j³)

with y_j = 2 v_j - 1, and 0 along categorical axes.

Sources: Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006, section 2.7 (explicit basis
functions); a quadratic mean against the corners: Snoek et al., "Scalable Bayesian Optimization Using Deep Neural
Networks", ICML 2015, section 3.2.
"""

import numpy as np

from luthier.strategies.bayesian.kernel import Mask
from luthier.strategies.scale import Array

TREND = 1.0
"""τ², the variance of the weights of all axes together, as that of the targets. Up to 4 all are as good."""


def trend(A: Array, B: Array, is_category: Mask, weight: float) -> Array:
    """Give t between all rows of A (m, d) and all rows of B (n, d): (m, n)."""
    x, y = _centred(A, is_category), _centred(B, is_category)
    covariance = x @ y.T + (x * x) @ (y * y).T
    for j in np.flatnonzero(is_category):
        covariance += A[:, j, None] == B[:, j]
    return np.asarray(weight * covariance)


def trend_variance(A: Array, is_category: Mask, weight: float) -> Array:
    """Give t(u, u) for the rows u of A (m, d): (m,)."""
    squares = _centred(A, is_category) ** 2
    return np.asarray(weight * (np.sum(squares + squares * squares, axis=1) + np.count_nonzero(is_category)))


def trend_slopes(A: Array, B: Array, is_category: Mask, weight: float) -> tuple[Array, Array]:
    """Give the gradients in the rows of A (m, d) of t with the rows of B (n, d), (m, n, d), and of t(u, u), (m, d)."""
    numeric = np.flatnonzero(~is_category)
    x, y = _centred(A, is_category), _centred(B, is_category)
    slopes, own = np.zeros((len(A), len(B), A.shape[1])), np.zeros_like(A)
    slopes[:, :, numeric] = 2.0 * weight * (y + 2.0 * x[:, None, :] * (y * y))
    own[:, numeric] = 4.0 * weight * x * (1.0 + 2.0 * x * x)
    return slopes, own


def _centred(A: Array, is_category: Mask) -> Array:
    """Give the numeric coordinates of points from -1 to 1."""
    return np.asarray(2.0 * A[:, ~is_category] - 1.0)
