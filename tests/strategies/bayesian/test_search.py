"""Tests of the search for the point that promises most."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from luthier.records.search_space import CategoricalRange, IntegerRange, SearchSpace
from luthier.strategies.bayesian.search import maximise
from luthier.strategies.encoding import Encoding
from luthier.strategies.scale import Array
from strategies.spaces import MIXED, SMALL


@dataclass(frozen=True)
class Hill:
    """An acquisition from a function of points, whose slope is taken by differences."""

    promise: Callable[[Array], Array]

    def slope(self, U: Array) -> tuple[Array, Array]:
        steps = 1e-7 * np.eye(U.shape[1])
        values = self.promise(U)
        return values, np.array([(self.promise(U + step) - values) / 1e-7 for step in steps]).T


def test_a_smooth_peak_is_found_among_numbers_and_categories() -> None:
    """Exactly but for the continuous axes, to a millionth there, from a start far away."""
    encoding = Encoding(MIXED)
    peak = encoding.encode(
        [{"rate": 0.01, "momentum": 0.97, "shift": 2.5, "depth": 3, "width": 100, "booster": "dart"}]
    )[0]

    def acquisition(U: Array) -> Array:
        gaps = np.where(encoding.is_category, peak != U, np.abs(U - peak))
        return np.asarray(-np.sum(gaps**2, axis=1))

    found = maximise(Hill(acquisition), encoding, np.zeros((1, 6)), set(), np.random.default_rng(0))

    assert found == pytest.approx(peak, abs=1e-6)


def test_a_small_space_is_looked_through_completely() -> None:
    """The one point that promises something is found."""
    encoding = Encoding(SMALL)
    everything = encoding.everything()

    def acquisition(U: Array) -> Array:
        return np.all(everything[4] == U, axis=1).astype(float)

    found = maximise(Hill(acquisition), encoding, everything[:1], set(), np.random.default_rng(0))

    assert np.array_equal(found, everything[4])


def test_only_free_points_are_judged() -> None:
    """A space with everything taken has nothing to offer."""
    encoding = Encoding(SMALL)
    everything = encoding.everything()

    assert (
        maximise(
            Hill(lambda U: U[:, 0]), encoding, everything, set(encoding.cells(everything)), np.random.default_rng(0)
        )
        is None
    )


def test_a_large_discrete_space_is_searched_on_its_grid() -> None:
    """The best free point, next to the taken optimum."""
    choices = tuple("abcdefgh")
    space = SearchSpace(
        ranges=(
            IntegerRange(name="n", low=0, high=200),
            IntegerRange(name="m", low=0, high=200),
            CategoricalRange(name="c", choices=choices),
        )
    )
    encoding = Encoding(space)
    peak = encoding.encode([{"n": 150, "m": 20, "c": "f"}])

    def acquisition(U: Array) -> Array:
        return np.asarray(-np.sum((U[:, :2] - peak[:, :2]) ** 2, axis=1) - (U[:, 2] != peak[:, 2]))

    found = maximise(Hill(acquisition), encoding, np.zeros((1, 3)), set(encoding.cells(peak)), np.random.default_rng(0))

    assert encoding.decode(found) in [
        {"n": n, "m": m, "c": "f"} for n, m in ((149, 20), (151, 20), (150, 19), (150, 21))
    ]


def test_whole_numbers_are_stepped_to_their_best_value() -> None:
    """On a range so wide that mutations alone would end beside it."""
    encoding = Encoding(
        SearchSpace(ranges=(IntegerRange(name="n", low=1, high=100_000), IntegerRange(name="m", low=1, high=9)))
    )
    peak = encoding.encode([{"n": 61_803, "m": 4}])[0]

    def acquisition(U: Array) -> Array:
        return np.asarray(-np.sum(np.abs(U - peak), axis=1))

    close = encoding.encode([{"n": 61_801, "m": 4}])
    pool = maximise(Hill(acquisition), encoding, close, set(), np.random.default_rng(1))

    assert pool == pytest.approx(peak, abs=0)
