"""Tests of the half-rank warp."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luthier.strategies.bayesian.targets import half_rank


@given(st.lists(st.none() | st.floats(), max_size=12))
def test_targets_are_finite_and_standardised_or_absent(values: list[float | None]) -> None:
    """Whatever the values, infinite ones and NaN among them, the model gets numbers it can bear."""
    z = half_rank(values)

    assert z is None or (abs(z.mean()) < 1e-9 and z.std() == pytest.approx(1.0))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_value_that_is_not_finite_is_a_failure(value: float) -> None:
    """Even one that would be better than all others."""
    z, failed = half_rank([value, 1.0, 2.0, 3.0]), half_rank([None, 1.0, 2.0, 3.0])

    assert z is not None
    assert failed is not None
    assert np.array_equal(z, failed)


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=12))
def test_targets_keep_the_order(values: list[int]) -> None:
    """Better stays better and equal stays equal."""
    z = half_rank([float(value) for value in values])

    assert z is None or np.array_equal(np.argsort(np.argsort(np.unique(values))), np.argsort(np.unique(z.round(9))))


def test_values_without_contrast_teach_nothing() -> None:
    """No value, one value, one value many times, or nothing but failures."""
    assert [half_rank(values) for values in ([], [3.0], [0.1] * 7, [None, None])] == [None] * 4


def test_the_better_half_keeps_its_proportions() -> None:
    """Differences between good values are differences between targets."""
    z = half_rank([1.0, 2.0, 4.0, 10.0, 11.0, 12.0, 13.0])

    assert z is not None
    assert (z[2] - z[1]) / (z[1] - z[0]) == pytest.approx(2.0)


def test_how_bad_the_bad_ones_are_does_not_matter() -> None:
    """A diverged trial is a bad trial, no more."""
    assert half_rank([1.0, 2.0, 3.0, 4.0, 5.0]) == pytest.approx(half_rank([1.0, 2.0, 3.0, 4.0, 1e300]))


def test_failed_trials_share_the_last_place() -> None:
    """Behind the worst value, alike."""
    z = half_rank([1.0, None, 2.0, 3.0, None])

    assert z is not None
    assert z[1] == z[4] > z[3]


def test_a_failure_beside_equal_values_is_a_contrast() -> None:
    """Where trials fail is worth knowing even if nothing else is."""
    assert half_rank([1.0, 1.0, None]) is not None


def test_the_unit_of_the_values_does_not_matter() -> None:
    """Accuracy in percent or in parts of one."""
    values = np.array([0.7, 0.1, 0.4, 0.35, 0.9])

    assert half_rank(list(100 * values - 3)) == pytest.approx(half_rank(list(values)))
