"""Tests of the Gaussian process: its posterior, its fit and their gradients."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from luthier.strategies.bayesian.evidence import Evidence, fit, telling
from luthier.strategies.bayesian.gaussian_process import GaussianProcess, cholesky
from luthier.strategies.bayesian.kernel import (
    Hyperparameters,
    correlation,
    matern,
    squared_differences,
    squared_distances,
)

CATEGORY = np.array([False, False, True])
SCALES = np.array([0.4, 0.9, 1.3])


def some_points(count: int, seed: int = 0) -> np.ndarray:
    """Points with two numbers and a category of three."""
    U = np.random.default_rng(seed).random((count, 3))
    U[:, 2] = (np.floor(U[:, 2] * 3) + 0.5) / 3
    return U


def some_targets(U: np.ndarray) -> np.ndarray:
    z = np.sin(5 * U[:, 0]) + U[:, 1] ** 2 + (U[:, 2] > 0.5)
    return np.asarray((z - z.mean()) / z.std())


def a_process(count: int = 15, noise: float = 1e-8) -> GaussianProcess:
    U = some_points(count)
    return GaussianProcess(Hyperparameters(SCALES, 1.3, noise), CATEGORY, U, some_targets(U))


def test_both_ways_to_a_distance_agree() -> None:
    """Pair by pair, and by matrix product."""
    A, B = some_points(6), some_points(4, seed=1)

    expected = (squared_differences(A[:, None], B[None], CATEGORY) / SCALES**2).sum(axis=2)

    assert squared_distances(A, B, CATEGORY, SCALES) == pytest.approx(expected, abs=1e-12)


def test_the_matern_function_falls_from_one() -> None:
    """m(0) = 1 and m(1) = (1 + √5 + 5/3) exp(-√5)."""
    assert matern(np.array([0.0, 1.0]))[0] == pytest.approx([1.0, 0.5239941088318203])


def test_the_matern_function_alone_is_the_one_of_both() -> None:
    r2 = np.linspace(0.0, 9.0, 50)

    assert correlation(r2).tolist() == matern(r2)[0].tolist()


def test_the_posterior_interpolates_without_noise() -> None:
    """At its observations the mean is the target, and the deviation next to nothing."""
    process = a_process()

    mean, deviation = process.predict(process.U)

    assert mean == pytest.approx(process.z, abs=1e-5)
    assert deviation.max() < 1e-3


def test_far_from_everything_the_posterior_is_the_prior() -> None:
    """Mean 0, and the amplitude as variance."""
    U = some_points(5)
    process = GaussianProcess(Hyperparameters(SCALES / 1000, 1.3, 1e-4), CATEGORY, U, some_targets(U))

    mean, deviation = process.predict(some_points(3, seed=9))

    assert (mean, deviation**2) == (pytest.approx(0.0, abs=1e-9), pytest.approx(1.3))


def test_a_mean_alone_is_the_mean_of_a_prediction() -> None:
    process, V = a_process(), some_points(7, seed=2)

    assert process.mean(V).tolist() == process.predict(V)[0].tolist()


def test_conditioning_is_knowing() -> None:
    """Where the objective is assumed to be known, mean and deviation say so, noise or not."""
    process, V = a_process(noise=0.1), some_points(2, seed=7)

    mean, deviation = process.conditioned(V[:1], np.array([2.0])).conditioned(V[1:], np.array([-1.0])).predict(V)

    assert mean == pytest.approx([2.0, -1.0], abs=1e-3)
    assert deviation.max() < 2e-3


def test_the_slopes_of_the_posterior_are_its_slopes() -> None:
    """Against finite differences along the numbers; 0 along the category."""
    process, v = a_process(noise=1e-3), some_points(1, seed=4)[0]

    mean, deviation, mean_slope, deviation_slope = process.slopes(v[None])

    assert [mean, deviation] == [pytest.approx(each) for each in process.predict(v[None])]
    for k, slope in enumerate((mean_slope, deviation_slope)):
        numeric = approx_fprime(v, lambda u, k=k: process.predict(u[None])[k][0], 1e-7)
        assert slope[0, :2] == pytest.approx(numeric[:2], rel=1e-4)
        assert slope[0, 2] == 0.0


def test_the_gradient_of_the_evidence_is_its_slope() -> None:
    """Against finite differences, in every hyperparameter."""
    U = some_points(20)
    evidence = Evidence(U, some_targets(U), CATEGORY)
    theta = np.array([-0.7, 0.3, 0.5, 0.2, -3.0])

    assert evidence(theta)[1] == pytest.approx(approx_fprime(theta, lambda t: evidence(t)[0], 1e-6), rel=1e-4)


def test_the_fit_finds_out_which_axes_matter() -> None:
    """An axis that changes nothing gets a longer length scale than one that does."""
    U = np.random.default_rng(0).random((40, 2))
    z = np.sin(6 * U[:, 0])

    scales = fit(U, (z - z.mean()) / z.std(), np.zeros(2, dtype=bool)).length_scales

    assert scales[1] > 3 * scales[0]


def test_the_fit_tells_noise_from_signal() -> None:
    """Targets that have nothing to do with the points are noise for the most part."""
    U = some_points(60)

    found = fit(U, np.random.default_rng(1).standard_normal(60), CATEGORY)

    assert found.noise > 10 * fit(U, some_targets(U), CATEGORY).noise


def test_a_fit_to_many_looks_at_the_best_and_at_some_of_the_rest() -> None:
    """Half of its observations are the lowest targets; the others reach up to the highest ones."""
    z = np.random.default_rng(2).permutation(1000).astype(float)

    chosen = np.sort(z[telling(z, 100)])

    assert list(chosen[:50]) == list(range(50))
    assert np.diff(chosen[50:]) == pytest.approx(19.0)


def test_a_fit_to_few_looks_at_all() -> None:
    assert list(telling(np.array([3.0, 1.0, 2.0]), 3)) == [0, 1, 2]


def test_a_singular_matrix_is_factorised_all_the_same() -> None:
    """With as little jitter as it takes."""
    L = np.tril(cholesky(np.ones((5, 5))))

    assert pytest.approx(np.ones((5, 5)), abs=1e-6) == L @ L.T


def test_a_matrix_that_is_not_finite_is_refused() -> None:
    """Rather than answered with nonsense."""
    with pytest.raises(np.linalg.LinAlgError, match="not finite"):
        cholesky(np.full((2, 2), np.nan))
