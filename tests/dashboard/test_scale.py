"""Axes: round ticks, and everything that matters within."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luthier.dashboard.scale import axis

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(FINITE, min_size=1, max_size=40), st.integers(0, 39))
def test_any_finite_values_get_an_axis_with_the_one_to_keep_on_it(values: list[float], place: int) -> None:
    keep = values[place % len(values)]

    found = axis(values, keep)

    assert math.isfinite(found.low)
    assert math.isfinite(found.high)
    assert found.low < found.high
    assert found.shows(keep)
    assert all(0.0 <= found.place(value) <= 1.0 for value in values)
    assert all(found.shows(tick) for tick in found.ticks)
    assert len(found.ticks) < 20


def test_ticks_are_round() -> None:
    assert axis([0.83, 0.91], keep=0.91).ticks == pytest.approx([0.82, 0.84, 0.86, 0.88, 0.9, 0.92])


def test_an_extreme_outlier_is_left_beyond() -> None:
    values = [0.1, 0.2, 0.15, 0.12, 0.18, 0.22, 0.17, 0.11, 1e9]

    assert axis(values, keep=0.1).high < 1.0


def test_what_makes_the_axis_little_longer_is_on_it() -> None:
    """A curve that falls fast at first has its first values far above the quartiles, and is shown whole."""
    values = [0.2 + 0.8 / step**0.9 for step in range(1, 31)]

    assert axis(values, keep=values[-1]).shows(1.0)


def test_the_best_is_never_left_beyond() -> None:
    values = [0.1, 0.2, 0.15, 0.12, 0.18, 0.22, 0.17, 0.11, -1e9]

    assert axis(values, keep=-1e9).low <= -1e9


def test_ticks_of_equal_values_can_be_told_apart() -> None:
    ticks = axis([0.24357, 0.24357], keep=0.24357).ticks

    assert len({f"{tick:.5g}" for tick in ticks}) == len(ticks) > 1


def test_equal_values_lie_in_the_middle() -> None:
    assert axis([0.5, 0.5], keep=0.5).place(0.5) == pytest.approx(0.5, abs=0.2)
