"""Tests of how tasks share what is learned."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from luthier.strategies.bayesian.gaussian_process import GaussianProcess
from luthier.strategies.bayesian.kernel import Hyperparameters
from luthier.strategies.bayesian.kinship import LEVEL, Kinship

CATEGORY = np.array([False, False, True])
KINSHIP = Kinship(np.array([0.9, 0.8, 0.0]), 2.0)
OWN, ALIKE, STRANGE = np.array([0.0]), np.array([1.0]), np.array([2.0])


def some_points(count: int, task: float, seed: int = 0) -> np.ndarray:
    """Points with two numbers, a category of three, and a task."""
    U = np.random.default_rng(seed).random((count, 3))
    U[:, 2] = (np.floor(U[:, 2] * 3) + 0.5) / 3
    return np.column_stack([U, np.full(count, task)])


def a_process(kinship: Kinship = KINSHIP, noise: float = 1e-4) -> GaussianProcess:
    """Observations of the tasks 1 and 2, and none of the own one; task 1 rises along its first axis."""
    U = np.concatenate([some_points(12, 1.0), some_points(12, 2.0, seed=1)])
    z = np.where(U[:, 3] == 1.0, 3.0 * (U[:, 0] - 0.5), 5.0 * np.sin(9.0 * U[:, 1]))
    believed = Hyperparameters(np.array([0.4, 0.9, 1.3]), 0.5, noise, 0.3)
    return GaussianProcess(believed, CATEGORY, U, z, kinship=kinship)


def test_points_of_one_task_share_all() -> None:
    assert KINSHIP.shares(ALIKE, ALIKE) == pytest.approx(1.0)


def test_points_of_two_tasks_share_as_much_as_their_loadings_say() -> None:
    """Times the own task's scale."""
    assert KINSHIP.shares(OWN, ALIKE) == pytest.approx(0.9 * 0.8 * 2.0)


def test_nothing_is_shared_with_a_task_without_loading() -> None:
    assert KINSHIP.shares(OWN, STRANGE) == pytest.approx(0.0)


def test_the_own_task_has_a_level_of_its_own() -> None:
    assert KINSHIP.variances(np.array([3.0]), OWN) == pytest.approx(2.0**2 * 3.0 + LEVEL)


def test_covariances_of_all_tasks_together_are_valid() -> None:
    """No eigenvalue is below zero."""
    t = np.repeat([0.0, 1.0, 2.0], 4)
    U = np.random.default_rng(0).random((12, 3))
    c = np.exp(-np.sum((U[:, None] - U) ** 2, axis=2))

    assert np.linalg.eigvalsh(KINSHIP.joined(c, t, t)).min() > 0.0


def test_what_is_known_of_a_like_task_is_expected_of_the_own_one() -> None:
    low, high = a_process().predict(np.array([[0.1, 0.5, 0.5, 0.0], [0.9, 0.5, 0.5, 0.0]]))[0]

    assert low < high - 0.5


def test_of_a_contrary_task_the_contrary_is_expected() -> None:
    contrary = Kinship(np.array([-0.9, 0.8, 0.0]), 2.0)

    low, high = a_process(contrary).predict(np.array([[0.1, 0.5, 0.5, 0.0], [0.9, 0.5, 0.5, 0.0]]))[0]

    assert low > high + 0.5


def test_a_strange_task_changes_nothing() -> None:
    process = a_process()
    alike = process.U[:, 3] == 1.0
    without = GaussianProcess(
        process.hyperparameters, CATEGORY, process.U[alike], process.z[alike], kinship=process.kinship
    )
    points = some_points(5, 0.0, seed=2)

    assert process.predict(points)[0] == pytest.approx(without.predict(points)[0], abs=1e-8)


def test_slopes_are_those_of_the_posterior() -> None:
    """Along the numbers, of mean and deviation."""
    process, point = a_process(), some_points(1, 0.0, seed=3)[0]

    def at(x: np.ndarray, place: int) -> float:
        return float(process.predict(np.array([[*x, *point[2:]]]))[place][0])

    means, deviations, dmu, ds = process.slopes(point[None])

    assert [means[0], deviations[0]] == pytest.approx([at(point[:2], 0), at(point[:2], 1)])
    assert dmu[0, :2] == pytest.approx(approx_fprime(point[:2], at, 1e-6, 0), rel=1e-3, abs=1e-5)
    assert ds[0, :2] == pytest.approx(approx_fprime(point[:2], at, 1e-6, 1), rel=1e-3, abs=1e-5)


def test_what_is_pending_is_of_the_own_task() -> None:
    """Its kinship stays, and what is known there is exact."""
    process, point = a_process(), some_points(1, 0.0, seed=4)

    after = process.conditioned(point, np.array([7.0]))

    assert after.predict(point)[0] == pytest.approx([7.0], abs=1e-3)
