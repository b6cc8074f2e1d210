"""Tests of the model of one curve."""

import numpy as np
import pytest

from luthier.strategies.early_stopping.extrapolation import Extrapolation, Posterior, Prior, extrapolation, joined
from luthier.strategies.early_stopping.shapes import shapes
from luthier.strategies.scale import Array
from strategies.learning_curves import falling, noisy

MODEL = extrapolation(40)


def a_prior(model: Extrapolation = MODEL, deviation: float = 300.0) -> Prior:
    even = np.full(model.components, 1.0 / np.prod(model.components))
    return Prior(mean=np.array([100.0, 50.0]), covariance=deviation**2 * np.eye(2), weights=even)


def seen(curve: Array, *lengths: int) -> Posterior:
    return MODEL.posterior(MODEL.read(curve, lengths), a_prior())


CURVE = np.array(noisy([100.0 * value for value in falling(0.3)], 1, 1.0))


def test_the_end_is_what_linear_algebra_says() -> None:
    """Against the joint normal distribution of curve and end, written out for one shape and one roughness."""
    psi, rho, prior = shapes(40)[:, [2]], 2.0, a_prior()
    X = np.column_stack([psi, 1.0 - psi])
    x = np.log(np.arange(1.0, 41.0)) / np.log(40.0)
    K = X @ prior.covariance @ X.T + rho**2 * np.minimum(x[:, None], x)
    of_the_seen = K[:15, :15] + np.eye(15)
    mean = X[-1] @ prior.mean + K[-1, :15] @ np.linalg.solve(of_the_seen, CURVE[:15] - X[:15] @ prior.mean)
    variance = K[-1, -1] - K[-1, :15] @ np.linalg.solve(of_the_seen, K[:15, -1])

    believed = seen(CURVE, 15)

    assert believed.last[0, 1, 2] == pytest.approx(mean)
    assert believed.variance[0, 1, 2] == pytest.approx(variance)


def test_shapes_are_weighed_by_the_density_of_what_was_seen() -> None:
    """Likewise: the ratio of two weights is that of two densities."""
    prior = a_prior()

    def log_density(shape: int) -> float:
        psi = shapes(40)[:15, [shape]]
        X = np.column_stack([psi, 1.0 - psi])
        x = np.log(np.arange(1.0, 16.0)) / np.log(40.0)
        K = X @ prior.covariance @ X.T + 4.0 * np.minimum(x[:, None], x) + np.eye(15)
        off = CURVE[:15] - X @ prior.mean
        return float(-0.5 * off @ np.linalg.solve(K, off) - 0.5 * np.linalg.slogdet(K)[1])

    weights = seen(CURVE, 15).weights[0, 1]

    assert np.log(weights[2] / weights[6]) == pytest.approx(log_density(2) - log_density(6))


def test_prefixes_are_answered_for_together_as_alone() -> None:
    together, alone = seen(CURVE, 5, 20, 40), seen(CURVE[:20], 20)

    assert together.last[1] == pytest.approx(alone.last[0])
    assert together.variance[1] == pytest.approx(alone.variance[0])


def test_several_curves_are_answered_for_together_as_alone() -> None:
    other = CURVE[::-1][:12]
    both = joined([MODEL.read(CURVE, [30]), MODEL.read(other, [12])])

    assert MODEL.posterior(both, a_prior()).last[1] == pytest.approx(seen(other, 12).last[0])


def test_the_more_is_seen_the_surer_the_end() -> None:
    _, deviations = seen(CURVE, 5, 10, 20, 39).ends()

    assert np.all(np.diff(deviations) < 0.0)


def test_the_end_of_a_curve_of_a_known_shape_is_foreseen_from_a_third() -> None:
    means, deviations = seen(CURVE, 14).ends()

    assert abs(means[0] - 30.0) < 2.0 * deviations[0] < 20.0


def test_a_whole_curve_ends_where_it_ended_but_for_noise() -> None:
    means, deviations = seen(CURVE, 40).ends()

    assert (abs(means[0] - 30.0) < 1.5, deviations[0] < 1.0) == (True, True)
