"""Tests of learning curves on common ground."""

import numpy as np
import pytest

from luthier.records.trial import Trial
from luthier.strategies.early_stopping.curves import KNOTS, Curve, Ruler, curves_of, make_rulers
from strategies.learning_curves import cut, earlier, ended, falling, going, noisy


def a_ruler(*curves: Curve) -> Ruler:
    """The one of the values themselves."""
    return make_rulers(curves)[0]


def whole(*reports: float) -> Curve:
    return Curve(reports=reports, is_whole=True)


def test_a_short_curve_keeps_every_report() -> None:
    assert a_ruler(whole(9.0, 7.0, 8.0, 5.0, 6.0, 4.0)).knots == 6


def test_a_long_curve_is_averaged_to_a_few_knots() -> None:
    ruler = a_ruler(whole(*np.linspace(3.0, 1.0, 10 * KNOTS).tolist()))

    filled = ruler.knots_of([3.0] * 5 + [1.0] * 5)

    assert (ruler.knots, [ruler.value(each) for each in filled.tolist()]) == (KNOTS, [pytest.approx(2.0)])


def test_a_knot_waits_for_its_last_report() -> None:
    ruler = a_ruler(whole(*np.linspace(3.0, 1.0, 10 * KNOTS).tolist()))

    assert [len(ruler.knots_of([1.0] * count)) for count in (9, 10, 19, 20)] == [0, 1, 1, 2]


def test_the_longest_of_the_finished_curves_is_a_whole_one() -> None:
    """One that was stopped is none, however long it was."""
    curves = (whole(*falling(0.1, epochs=20)), whole(*falling(0.2, epochs=30)))

    assert a_ruler(*curves, Curve(reports=falling(0.3, epochs=50), is_whole=False)).reports == 30


def test_what_comes_after_a_whole_curve_is_not_looked_at() -> None:
    ruler = a_ruler(whole(*falling(0.1, epochs=20)))

    assert len(ruler.knots_of(falling(0.1, epochs=25))) == 20


@pytest.mark.parametrize("noise", [0.003, 0.03])
def test_the_noise_is_found(noise: float) -> None:
    curves = [whole(*noisy(falling(0.2), seed, noise)) for seed in range(8)]

    assert a_ruler(*curves).noise == pytest.approx(noise, rel=0.25)


def test_a_diverging_curve_does_not_move_the_noise() -> None:
    calm = [whole(*noisy(falling(0.2), seed)) for seed in range(8)]
    wild = whole(*(1e6 * (-1.0) ** step for step in range(40)))

    assert a_ruler(*calm, wild).noise == pytest.approx(a_ruler(*calm).noise, rel=0.5)


def test_what_is_far_worse_than_all_else_is_drawn_in() -> None:
    ruler = a_ruler(*(whole(*noisy(falling(0.2), seed)) for seed in range(8)), whole(*falling(0.2, start=1e300)))

    assert ruler.value(float(ruler.knots_of([1e300])[0])) < 1e3


@pytest.mark.parametrize("reports", [(), (1.0, 0.9, 0.8), (0.5,) * 40], ids=["none", "short", "flat"])
def test_some_curves_teach_nothing(reports: tuple[float, ...]) -> None:
    assert make_rulers([whole(*reports)] if reports else []) == []


def test_values_over_the_whole_range_of_floating_point_teach_nothing() -> None:
    """Differences that overflow are no ruler, and no error either."""
    assert make_rulers([whole(*([1.7e308, -1.7e308] * 10))]) == []


def test_only_own_trials_that_are_over_and_have_a_value_count() -> None:
    others = [
        going(falling(0.1), 9),
        Trial(assignment={}, is_open=False, curve=falling(0.1)),
        Trial(assignment={}, is_open=False, curve=falling(0.1), value=0.1, task="another"),
        Trial(assignment={}, is_open=False, value=0.1),
    ]

    seen = curves_of([*earlier(2), *others, cut(falling(0.4), 5), ended(falling(0.3))])

    assert [(len(each.reports), each.is_whole) for each in seen] == [(40, True), (40, True), (5, False), (40, True)]


def test_a_ruler_of_ratios_is_as_long() -> None:
    """It reads values of the same curve, and its noise is what the same noise looks like there."""
    plain, ratios = make_rulers([whole(*noisy(falling(0.5), seed, 0.01)) for seed in range(8)])

    assert ratios.knots == plain.knots
    assert [ratios.value(each) for each in ratios.knots_of((0.9, 0.6)).tolist()] == pytest.approx([0.9, 0.6])
    assert ratios.noise == pytest.approx(0.01 / 0.53, rel=0.3)
