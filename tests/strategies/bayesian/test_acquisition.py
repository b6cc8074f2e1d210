"""Tests of the logarithm of the expected improvement."""

import numpy as np
import pytest
from scipy.integrate import quad

from luthier.strategies.bayesian.acquisition import log_h, log_improvement, log_improvement_slope


@pytest.mark.parametrize(("mu", "s"), [(0.0, 1.0), (-2.0, 0.3), (1.0, 0.7), (3.0, 1.5)])
def test_without_noise_it_is_the_logarithm_of_the_expected_improvement(mu: float, s: float) -> None:
    """Against the integral that defines it, for an incumbent of 0.5."""

    def improvement(y: float) -> float:
        return float((0.5 - y) * np.exp(-0.5 * ((y - mu) / s) ** 2) / (s * np.sqrt(2 * np.pi)))

    expected = np.log(quad(improvement, mu - 12 * s, 0.5)[0])

    assert log_improvement(np.array([mu]), np.array([s]), 0.5, 0.0) == pytest.approx(expected, rel=1e-6)


def test_it_rises_all_the_way_from_the_far_tail() -> None:
    """No plateau, no step where the formulas meet, nothing that is not finite."""
    z = np.concatenate([-np.logspace(9, -3, 4001), np.linspace(0, 10, 500)])

    values = log_h(z)

    assert np.isfinite(values).all()
    assert (np.diff(values) > 0).all()


@pytest.mark.parametrize("z", [-1.0, -1e4])
def test_its_formulas_meet(z: float) -> None:
    """On both sides of a seam the values agree to what a step of 1e-9 explains."""
    left, right = log_h(np.array([z * (1 + 1e-12), z * (1 - 1e-12)]))

    assert left == pytest.approx(right, rel=1e-9)


def test_it_falls_as_its_asymptote_says() -> None:
    """ln h(z) → -z²/2 - ln √(2π) - 2 ln |z|."""
    z = np.array([-1e3, -1e6])

    assert log_h(z) == pytest.approx(-0.5 * z**2 - 0.5 * np.log(2 * np.pi) - 2 * np.log(-z), rel=1e-9)


@pytest.mark.parametrize("noise", [0.0, 0.3])
@pytest.mark.parametrize("mu", [-3.0, 0.0, 2.0, 60.0])
def test_its_slope_is_its_slope(mu: float, noise: float) -> None:
    """Against finite differences, in the mean and in the deviation, far out too."""
    dmu, ds = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])

    value, slope = log_improvement_slope(np.array([mu]), np.array([0.7]), dmu, ds, 0.5, noise)

    def at(mu: float, s: float) -> float:
        return float(log_improvement(np.array([mu]), np.array([s]), 0.5, noise)[0])

    assert value[0] == at(mu, 0.7)
    assert slope[0, 0] == pytest.approx((at(mu + 1e-6, 0.7) - at(mu - 1e-6, 0.7)) / 2e-6, rel=1e-5, abs=1e-8)
    assert slope[0, 1] == pytest.approx((at(mu, 0.7 + 1e-6) - at(mu, 0.7 - 1e-6)) / 2e-6, rel=1e-5, abs=1e-8)


def test_points_known_as_well_as_noise_allows_are_discounted() -> None:
    """By 1 - σ / √(s² + σ²): a half where s² = 3 σ², and nearly all where s is far below σ."""
    s = np.array([3.0**0.5, 1e-3])

    discount = log_improvement(np.zeros(2), s, 0.0, 1.0) - log_improvement(np.zeros(2), s, 0.0, 0.0)

    assert np.exp(discount) == pytest.approx([0.5, 5e-7], rel=1e-5)
