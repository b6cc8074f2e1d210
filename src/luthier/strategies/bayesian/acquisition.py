"""
What a point promises: the logarithm of the augmented expected improvement.

With incumbent b, mean μ, deviation s and noise deviation σ, and z = (b - μ) / s, the objective being minimised,

    EI = s h(z),   h(z) = φ(z) + z Φ(z),   A = EI (1 - σ / √(s² + σ²)),   ln A = ln s + ln h(z) + ln(1 - σ / √(s² + σ²))
    ∇ ln EI = (φ(z) ∇s - Φ(z) ∇μ) / EI

The augmentation discounts points of which another look would teach little, being lost in noise: without it the search
settles on the incumbent and repeats it. It vanishes with the noise. EI itself underflows a few deviations from the
incumbent and leaves a search blind; its logarithm does not, when h is written with erfcx(x) = exp(x²) erfc(x) on the
negative side: h(z) = φ(z) (1 - t), t = |z| √(π/2) erfcx(|z| / √2), and 1 - t → 1/z² far out.

Sources: Ament et al., "Unexpected Improvements to Expected Improvement for Bayesian Optimization", NeurIPS 2023; Huang
et al., "Global Optimization of Stochastic Black-Box Systems via Sequential Kriging Meta-Models", 2006.
"""

import numpy as np
from scipy.special import erfcx, log_ndtr, ndtr

from luthier.strategies.scale import Array

_LN_ROOT_2PI = 0.5 * np.log(2.0 * np.pi)
_ROOT_HALF_PI = np.sqrt(0.5 * np.pi)
_FAR = 1e4  # from here on 1 - t has lost too many digits, and falls as 1/z²


def log_improvement(mu: Array, s: Array, incumbent: float, noise: float) -> Array:
    """Give ln A (m,) from means and deviations (m,) above 0, *noise* being σ²; finite for finite numbers."""
    return log_h((incumbent - mu) / s) + np.log(s) + np.log(_augmentation(s, noise))


def log_improvement_slope(
    mu: Array, s: Array, dmu: Array, ds: Array, incumbent: float, noise: float
) -> tuple[Array, Array]:
    """Give ln A (m,) and its gradient (m, d) from means and deviations (m,) and their gradients (m, d)."""
    z = (incumbent - mu) / s
    log_ei = log_h(z) + np.log(s)
    augmentation, variance = _augmentation(s, noise), s * s + noise
    ahead = np.exp(log_ndtr(z) - log_ei)
    beside = np.exp(-0.5 * z * z - _LN_ROOT_2PI - log_ei) + s * np.sqrt(noise / variance) / variance / augmentation
    return log_ei + np.log(augmentation), np.asarray(beside[:, None] * ds - ahead[:, None] * dmu)


def log_h(z: Array) -> Array:
    """Give ln h(z), finite down to z = -1e150."""
    distance = np.maximum(-z, 1.0)  # the formula for the negative side, wherever it is used
    near = np.minimum(distance, _FAR)
    t = near * _ROOT_HALF_PI * erfcx(near / np.sqrt(2.0))
    left = -0.5 * distance * distance - _LN_ROOT_2PI + np.log1p(-t) - 2.0 * np.log(distance / near)
    ahead = np.maximum(z, -1.0)
    right = np.log(np.exp(-0.5 * ahead * ahead - _LN_ROOT_2PI) + ahead * ndtr(ahead))
    return np.asarray(np.where(z > -1.0, right, left))


def _augmentation(s: Array, noise: float) -> Array:
    """Give 1 - σ / √(s² + σ²) without cancellation: s² / (v + σ √v), v = s² + σ²."""
    variance = s * s + noise
    return np.asarray(s * s / (variance + np.sqrt(noise * variance)))
