"""Maps of two hyperparameters: where they lie, what they hold, and which pairs there are."""

import numpy as np
import pytest

from luthier.records.search_space import (
    Assignment,
    CategoricalRange,
    ContinuousRange,
    IntegerRange,
    ScalingType,
    SearchSpace,
)
from luthier.strategies.bayesian.portrait.surfaces import STOPS, surfaces_through
from luthier.strategies.bayesian.portrait.unwarping import Unwarping
from luthier.strategies.encoding import Encoding
from luthier.strategies.scale import Array

ENCODING = Encoding(
    SearchSpace(
        ranges=(
            ContinuousRange(name="eta", low=0.001, high=1.0, scaling=ScalingType.LOGARITHMIC),
            IntegerRange(name="depth", low=1, high=10),
            CategoricalRange(name="booster", choices=("gbtree", "dart")),
            IntegerRange(name="fixed", low=3, high=3),
        )
    )
)
BEST: Assignment = {"eta": 0.01, "depth": 4, "booster": "dart", "fixed": 3}
PLAIN = Unwarping([0.0, 1.0, 2.0], np.array([0.0, 1.0, 2.0]), 1.0)  # values are targets


def first_plus_ten_seconds(U: Array) -> Array:
    return np.asarray((U[:, 0] + 0.1 * U[:, 1]) / 2.0)


def test_pairs_are_made_of_the_most_important_that_have_more_than_one_value() -> None:
    found = surfaces_through(BEST, [2, 3, 0, 1], ENCODING, first_plus_ten_seconds, PLAIN)

    assert [each.names for each in found] == [("booster", "eta")]


def test_three_hyperparameters_make_three_pairs_in_their_order() -> None:
    found = surfaces_through(BEST, [0, 1, 2, 3], ENCODING, first_plus_ten_seconds, PLAIN)

    assert [each.names for each in found] == [("eta", "depth"), ("eta", "booster"), ("depth", "booster")]


def test_sides_go_from_end_to_end_and_show_every_whole_number_and_category() -> None:
    eta_depth, eta_booster, _ = surfaces_through(BEST, [0, 1, 2], ENCODING, first_plus_ten_seconds, PLAIN)

    assert len(eta_depth.across) == STOPS + 1
    assert [stop.value for stop in (eta_depth.across[0], eta_depth.across[-1])] == pytest.approx([0.001, 1.0])
    assert [stop.value for stop in eta_depth.upward] == list(range(1, 11))
    assert [stop.value for stop in eta_booster.upward] == ["gbtree", "dart"]


def test_a_row_is_one_value_of_the_second_hyperparameter() -> None:
    surface, *_ = surfaces_through(BEST, [0, 1], ENCODING, first_plus_ten_seconds, PLAIN)

    expected = [[(one.at + 0.1 * other.at) / 2.0 for one in surface.across] for other in surface.upward]
    np.testing.assert_allclose(surface.values, expected)


def test_the_best_point_is_one_of_the_stops() -> None:
    surface, *_ = surfaces_through(BEST, [0, 1], ENCODING, first_plus_ten_seconds, PLAIN)

    across, upward = surface.best
    assert surface.across[across].value == pytest.approx(0.01)
    assert surface.upward[upward].value == 4


def test_a_single_hyperparameter_has_no_pair() -> None:
    assert surfaces_through(BEST, [0], ENCODING, first_plus_ten_seconds, PLAIN) == []
