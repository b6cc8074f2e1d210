"""Tests of the two views of curves."""

import numpy as np
import pytest

from luthier.strategies.early_stopping.views import PLAIN, View, perfection_of


@pytest.mark.parametrize(
    ("curve", "perfection"),
    [
        ((0.0, 0.5), 0.0),
        ((30.0, 4000.0), 0.0),
        ((-0.5, -1.0), -1.0),
        ((-0.5, 0.0), -1.0),
        ((-1.5, -99.0), -100.0),
        ((-0.5, 0.5), None),
        ((-101.0, -5.0), None),
        ((-50.0, 2.0), None),
    ],
)
def test_values_say_what_perfection_is(curve: tuple[float, ...], perfection: float | None) -> None:
    assert perfection_of([curve, curve[:1]]) == perfection


def test_ratios_of_distances_are_differences() -> None:
    """Of accuracies, turned: from 0.8 to 0.9, and on to 0.95, the error is halved."""
    seen = View(perfection=-1.0, nearest=1e-3).forward(np.array([-0.8, -0.9, -0.95]))

    assert np.diff(seen) == pytest.approx([-np.log(2.0)] * 2)


def test_nothing_is_nearer_to_perfection_than_the_nearest() -> None:
    view = View(perfection=0.0, nearest=0.01)

    assert view.inverse(float(view.forward(np.array([0.0]))[0])) == pytest.approx(0.01)


@pytest.mark.parametrize("view", [PLAIN, View(perfection=0.0, nearest=0.01)])
def test_a_value_is_read_back(view: View) -> None:
    assert view.inverse(float(view.forward(np.array([0.3]))[0])) == pytest.approx(0.3)
