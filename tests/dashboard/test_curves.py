"""The curves of a training job's metrics."""

import math
from itertools import pairwise

import pytest

from luthier.dashboard.curves import BOTTOM, LEFT, MOST, RIGHT, TOP, curves, thinned
from luthier.records.training_job import MetricPoint


def points(values: list[float], name: str = "loss", step_s: float = 10.0) -> list[MetricPoint]:
    return [
        MetricPoint(name=name, value=value, at=1000.0 + step_s * place, sequence=place + 1)
        for place, value in enumerate(values)
    ]


def corners(line: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in line.split())]


def test_each_metric_has_a_curve_of_its_own() -> None:
    mixed = [*points([1.0, 0.5]), *points([0.1], "accuracy")]

    assert [(each.name, each.count) for each in curves(mixed, "report", 900.0)] == [("accuracy", 1), ("loss", 2)]


def test_a_curve_goes_from_the_left_to_the_right_in_the_order_reported() -> None:
    (curve,) = curves(points([3.0, 1.0, 2.0]), "report", 900.0)

    drawn = corners(curve.line)

    assert (drawn[0][0], drawn[-1][0]) == (LEFT, RIGHT)
    assert drawn[0][1] < drawn[2][1] < drawn[1][1]


def test_over_time_a_curve_begins_so_long_after_the_job_was_created() -> None:
    (curve,) = curves(points([3.0, 1.0]), "time", 900.0)

    assert (curve.first, curve.until) == (100.0, 110.0)


def test_a_clock_that_goes_back_does_not_turn_a_curve_round() -> None:
    (curve,) = curves(points([3.0, 1.0, 2.0], step_s=-50.0), "time", 2000.0)

    assert all(one[0] <= other[0] for one, other in pairwise(corners(curve.line)))


def test_a_single_value_is_a_dot_in_the_middle() -> None:
    (curve,) = curves(points([0.5]), "report", 900.0)

    assert [(dot.x, dot.at, dot.value) for dot in curve.dots] == [((LEFT + RIGHT) / 2, 1.0, 0.5)]


def test_the_figures_are_those_of_all_values() -> None:
    (curve,) = curves(points([3.0, 1.0, 2.0]), "report", 900.0)

    assert (curve.lowest, curve.highest, curve.last, curve.count) == (1.0, 3.0, 2.0, 3)


def test_a_value_far_out_is_counted_and_does_not_press_the_others_flat() -> None:
    (curve,) = curves(points([1e9, *(1.0 - 0.01 * step for step in range(50))]), "report", 900.0)

    assert curve.beyond == 1
    assert curve.upward[-1].value < 2


@pytest.mark.parametrize("values", [[0.0] * 3, [1.7e308, -1.7e308], [5e-324, 0.0], [1e300] * 2000])
def test_any_finite_values_are_drawn_within_the_drawing(values: list[float]) -> None:
    for across in ("report", "time"):
        (curve,) = curves(points(values), across, 900.0)  # type: ignore[arg-type]  # the two words there are

        assert all(LEFT <= x <= RIGHT and TOP <= y <= BOTTOM for x, y in corners(curve.line))


def test_a_long_curve_is_thinned_and_keeps_every_peak() -> None:
    values = [math.sin(step / 50) for step in range(100_000)]
    values[77_777], values[33_333] = 9.0, -9.0

    kept = thinned([(float(place), value) for place, value in enumerate(values)])

    assert len(kept) <= MOST
    assert {(77_777.0, 9.0), (33_333.0, -9.0), (0.0, values[0]), (99_999.0, values[-1])} <= set(kept)
    assert kept == sorted(kept)


def test_values_that_are_all_alike_have_one_tick() -> None:
    (curve,) = curves(points([0.01, 0.01]), "report", 900.0)

    assert [tick.value for tick in curve.upward] == [0.01]


def test_many_values_have_no_dots() -> None:
    (curve,) = curves(points([1.0] * 41), "report", 900.0)

    assert curve.dots == ()


def test_without_values_there_is_no_curve() -> None:
    assert curves([], "report", 0.0) == ()
