"""Tests of the trend: its covariance is that of a sum of slopes, bends and levels, and so are its gradients."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from luthier.strategies.bayesian.evidence import Evidence, fit
from luthier.strategies.bayesian.gaussian_process import GaussianProcess
from luthier.strategies.bayesian.kernel import Hyperparameters
from luthier.strategies.bayesian.trend import trend, trend_slopes, trend_variance

CATEGORY = np.array([False, False, True])
WEIGHT = 0.7
RNG = np.random.default_rng(0)


def some_points(count: int) -> np.ndarray:
    """Points with two numbers and a category of three."""
    U = RNG.random((count, 3))
    U[:, 2] = (np.floor(U[:, 2] * 3) + 0.5) / 3
    return U


def basis(U: np.ndarray) -> np.ndarray:
    """Slopes and bends of the numbers, and the indicators of the categories, one after another."""
    x = 2 * U[:, :2] - 1
    return np.column_stack([x, x**2, np.floor(U[:, 2] * 3)[:, None] == np.arange(3)])


def test_the_covariance_is_that_of_a_weighted_sum() -> None:
    A, B = some_points(5), some_points(4)

    assert trend(A, B, CATEGORY, WEIGHT) == pytest.approx(WEIGHT * basis(A) @ basis(B).T)


def test_the_variance_is_the_covariance_of_a_point_with_itself() -> None:
    A = some_points(6)

    assert trend_variance(A, CATEGORY, WEIGHT) == pytest.approx(np.diag(trend(A, A, CATEGORY, WEIGHT)))


def test_the_gradients_are_the_slopes() -> None:
    """Against finite differences along the numbers; 0 along the category."""
    A, B = some_points(1), some_points(4)

    slopes, own = trend_slopes(A, B, CATEGORY, WEIGHT)

    for k in range(4):
        numeric = approx_fprime(A[0], lambda u, k=k: trend(u[None], B, CATEGORY, WEIGHT)[0, k], 1e-7)
        assert slopes[0, k, :2] == pytest.approx(numeric[:2], rel=1e-5, abs=1e-5)
    numeric = approx_fprime(A[0], lambda u: trend_variance(u[None], CATEGORY, WEIGHT)[0], 1e-7)
    assert own[0, :2] == pytest.approx(numeric[:2], rel=1e-5)
    assert not slopes[:, :, 2].any()
    assert not own[:, 2].any()


def test_the_slopes_of_a_posterior_with_a_trend_are_its_slopes() -> None:
    U, v = some_points(15), some_points(1)[0]
    z = np.sin(5 * U[:, 0]) + U[:, 1]
    process = GaussianProcess(Hyperparameters(np.array([0.4, 0.9, 1.3]), 0.5, 1e-2, WEIGHT), CATEGORY, U, z)

    mean, deviation, mean_slope, deviation_slope = process.slopes(v[None])

    assert [mean, deviation] == [pytest.approx(each) for each in process.predict(v[None])]
    for k, slope in enumerate((mean_slope, deviation_slope)):
        numeric = approx_fprime(v, lambda u, k=k: process.predict(u[None])[k][0], 1e-7)
        assert slope[0, :2] == pytest.approx(numeric[:2], rel=1e-4, abs=1e-6)


def test_the_gradient_of_the_evidence_with_a_trend_is_its_slope() -> None:
    U = some_points(20)
    evidence = Evidence(U, np.sin(5 * U[:, 0]), CATEGORY, WEIGHT)
    theta = np.array([-0.7, 0.3, 0.5, 0.2, -3.0])

    assert evidence(theta)[1] == pytest.approx(approx_fprime(theta, lambda t: evidence(t)[0], 1e-6), rel=1e-4)


def test_the_far_end_of_an_axis_is_foretold_by_its_trend() -> None:
    """Trials of one half of it, on a slope: the other half goes on, instead of falling back to the mean."""
    U = np.column_stack([np.linspace(0.0, 0.5, 12), RNG.random(12)])
    z = (U[:, 0] - U[:, 0].mean()) / U[:, 0].std()
    numbers = np.zeros(2, dtype=bool)

    means = [
        GaussianProcess(fit(U, z, numbers, weight), numbers, U, z).predict(np.array([[1.0, 0.5]]))[0][0]
        for weight in (0.0, 0.5)
    ]

    assert means[0] < means[1]
    assert means[1] == pytest.approx(4.6, abs=1.0)
