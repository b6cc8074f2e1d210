"""Warped targets read back."""

import sys

import numpy as np
import pytest

from luthier.strategies.bayesian.portrait.unwarping import Unwarping
from luthier.strategies.bayesian.targets import half_rank
from luthier.strategies.scale import Array

VALUES = [0.1, 5.0, 0.4, 80.0, 0.2, 1.0, 0.3]


def warped(values: list[float]) -> Array:
    z = half_rank(values)
    assert z is not None
    return z


def test_what_was_observed_comes_back() -> None:
    z = warped(VALUES)

    assert Unwarping(VALUES, z, 1.0).values(z).tolist() == pytest.approx(VALUES)


def test_the_order_is_kept() -> None:
    z = np.linspace(-5.0, 5.0, 200)

    assert (np.diff(Unwarping(VALUES, warped(VALUES), 1.0).values(z)) >= 0.0).all()


def test_beyond_the_worst_the_worst_stands() -> None:
    assert Unwarping(VALUES, warped(VALUES), 1.0).values(np.array([9.0])).tolist() == [80.0]


def test_beyond_the_best_the_line_of_the_better_half_goes_on() -> None:
    z = warped(VALUES)
    step = z[4] - z[0]

    assert Unwarping(VALUES, z, 1.0).values(np.array([z[0] - step]))[0] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(("mean", "is_beyond"), [(0.0, False), (-3.0, True), (9.0, True)])
def test_an_estimate_says_whether_it_leaves_what_was_seen(mean: float, is_beyond: bool) -> None:
    [found] = Unwarping(VALUES, warped(VALUES), 1.0).estimates(np.array([mean]), np.array([0.1]))

    assert found.is_beyond is is_beyond


def test_a_turned_sign_turns_low_and_high_too() -> None:
    [found] = Unwarping(VALUES, warped(VALUES), -1.0).estimates(np.array([0.0]), np.array([0.5]))

    assert found.low < found.value < found.high < 0.0


@pytest.mark.parametrize("largest", [1.7e308, 1.7976931214684583e308, sys.float_info.max])
def test_the_largest_numbers_stay_finite(largest: float) -> None:
    values = [-largest, 0.0, largest, 1.0]

    found = Unwarping(values, warped(values), 1.0).values(np.array([-50.0, 50.0]))

    assert np.isfinite(found).all()
