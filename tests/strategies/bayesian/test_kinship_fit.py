"""Tests of learning how alike tasks are."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from luthier.strategies.bayesian.evidence import FITTED
from luthier.strategies.bayesian.kinship import Kinship
from luthier.strategies.bayesian.kinship_fit import ALIKE, CONTRARY, KinshipEvidence, fit_together, looked_at

NUMBERS = np.array([False, False])
WEIGHT = 0.5


def slope(U: np.ndarray) -> np.ndarray:
    return np.asarray(np.sin(4.0 * U[:, 0]) - U[:, 1])


def standardised(z: np.ndarray) -> np.ndarray:
    return np.asarray((z - z.mean()) / z.std())


def learned(own: np.ndarray, *others: np.ndarray, expected: float = ALIKE) -> Kinship:
    """What is learned of tasks with these targets, each at points of its own."""
    rng = np.random.default_rng(1)
    tasks = np.repeat(np.arange(1.0 + len(others)), [len(own), *map(len, others)])
    z = np.concatenate([own, *others])
    U = np.concatenate([points(len(each), place) for place, each in enumerate([own, *others])])
    noisy = z + 0.02 * rng.standard_normal(len(z))
    return fit_together(U, tasks, noisy, NUMBERS, WEIGHT, expected)[1]


def points(count: int, task: int) -> np.ndarray:
    return np.random.default_rng(task).random((count, 2))


def noise(count: int) -> np.ndarray:
    return np.random.default_rng(9).standard_normal(count)


def test_the_gradient_is_that_of_the_evidence() -> None:
    """Whatever the kernel, and however the tasks relate."""
    rng = np.random.default_rng(0)
    U, tasks = rng.random((15, 3)), np.repeat([0.0, 1.0, 2.0], 5)
    U[:, 2] = np.round(U[:, 2])
    f = KinshipEvidence(
        U, tasks, rng.standard_normal(15), np.array([False, False, True]), 0.3, np.array([-0.8, 0.5, 0.9])
    )
    theta = 0.3 * rng.standard_normal(9)

    assert f(theta)[1] == pytest.approx(approx_fprime(theta, lambda x: f(x)[0], 1e-6), rel=1e-3, abs=1e-4)


def test_like_tasks_are_seen_to_be_alike() -> None:
    kinship = learned(standardised(slope(points(12, 0))), standardised(slope(points(30, 1))))

    assert kinship.loadings.min() > 0.8


def test_a_contrary_task_is_seen_to_be_contrary() -> None:
    kinship = learned(standardised(-slope(points(12, 0))), standardised(slope(points(30, 1))))

    assert kinship.loadings[0] * kinship.loadings[1] < -0.5


@pytest.mark.parametrize("expected", [ALIKE, CONTRARY])
def test_few_own_observations_leave_what_was_expected(expected: float) -> None:
    few = noise(2) / 10.0

    assert learned(few, standardised(slope(points(30, 1))), expected=expected).loadings[0] * expected > 0.5


def test_a_task_that_misleads_takes_nothing_from_one_that_does_not() -> None:
    good, bad = standardised(slope(points(30, 1))), noise(30)

    kinship = learned(standardised(slope(points(12, 0))), good, bad)

    assert kinship.loadings[1] > 0.7
    assert kinship.loadings[2] < 0.5


def test_like_others_do_not_make_a_stranger_of_the_own_task_one_of_them() -> None:
    others = [standardised(slope(points(30, place))) for place in (1, 2, 3)]

    assert abs(learned(noise(12), *others).loadings[0]) < 0.5


def test_kinship_is_guessed_before_the_own_task_has_observations() -> None:
    """That of the others is told apart already."""
    alike = [standardised(slope(points(30, place))) for place in (1, 2)]

    kinship = learned(np.empty(0), *alike, noise(30))

    assert kinship.loadings[1] > kinship.loadings[3]
    assert kinship.loadings[2] > kinship.loadings[3]


def test_own_observations_are_looked_at_first() -> None:
    tasks, z = np.repeat([0.0, 1.0], [40, 200]), noise(240)

    chosen = looked_at(tasks, z, FITTED)

    assert chosen.sum() == FITTED
    assert chosen[:40].all()


def test_many_own_ones_leave_half_of_the_places_to_others() -> None:
    tasks, z = np.repeat([0.0, 1.0], [200, 200]), noise(400)

    chosen = looked_at(tasks, z, FITTED)

    assert chosen.sum() == FITTED
    assert chosen[:200].sum() == FITTED // 2


def test_places_that_others_do_not_need_are_the_own_ones() -> None:
    tasks, z = np.repeat([0.0, 1.0], [200, 10]), noise(210)

    assert looked_at(tasks, z, FITTED)[:200].sum() == FITTED - 10
