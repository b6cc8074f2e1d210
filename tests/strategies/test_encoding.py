"""Tests of the map between search spaces and the unit cube."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luthier.records.search_space import CategoricalRange, ContinuousRange, IntegerRange, ScalingType, SearchSpace
from luthier.strategies.encoding import Encoding
from strategies.spaces import MIXED, SMALL, is_inside, spaces

any_space = given(space=spaces(), seed=st.integers(0, 2**32))
quickly = settings(max_examples=60, deadline=None)


def snapped(space: SearchSpace, seed: int) -> tuple[Encoding, np.ndarray]:
    encoding = Encoding(space)
    return encoding, encoding.snap(np.random.default_rng(seed).random((5, encoding.dimensions)))


@any_space
@quickly
def test_every_point_of_the_cube_is_a_point_of_the_space(space: SearchSpace, seed: int) -> None:
    """Of the right types, inside the bounds; the cube's corners too."""
    encoding, U = snapped(space, seed)
    corners = encoding.snap(np.array([[0.0], [1.0]]) * np.ones(encoding.dimensions))

    assert all(is_inside(space, encoding.decode(u)) for u in [*U, *corners])


@any_space
@quickly
def test_snapping_twice_changes_nothing(space: SearchSpace, seed: int) -> None:
    """Bit for bit, so that coordinates can be compared."""
    encoding, U = snapped(space, seed)

    assert np.array_equal(encoding.snap(U), U)


@given(space=spaces(discrete=True), seed=st.integers(0, 2**32))
@quickly
def test_encoding_undoes_decoding_bit_for_bit(space: SearchSpace, seed: int) -> None:
    """A trial's whole numbers and choices come back to the very point that was proposed."""
    encoding, U = snapped(space, seed)

    assert np.array_equal(encoding.encode(encoding.decode(u) for u in U), U)


def test_encoding_undoes_decoding_on_every_scale() -> None:
    """Up to rounding, for real numbers."""
    encoding, U = snapped(MIXED, 3)

    assert encoding.encode(encoding.decode(u) for u in U) == pytest.approx(U)


def test_whole_numbers_have_cells_of_equal_width() -> None:
    """A linear integer axis from 1 to 4 has four cells, and each stands for its middle."""
    encoding = Encoding(SearchSpace(ranges=(IntegerRange(name="n", low=1, high=4),)))

    assert encoding.snap(np.array([[0.0], [0.3], [0.6], [0.99]])).ravel().tolist() == [0.125, 0.375, 0.625, 0.875]


def test_a_logarithmic_integer_axis_is_even_in_the_logarithm() -> None:
    """The low numbers have the wide cells."""
    space = SearchSpace(ranges=(IntegerRange(name="n", low=1, high=1000, scaling=ScalingType.LOGARITHMIC),))

    assert Encoding(space).decode(np.array([0.5])) == {"n": 22}  # √(0.5 · 1000.5)


def test_choices_keep_their_text() -> None:
    """Byte for byte, spaces and all."""
    encoding = Encoding(SearchSpace(ranges=(CategoricalRange(name="c", choices=(" a", "a ", "ä")),)))

    assert [encoding.decode(u)["c"] for u in encoding.everything()] == [" a", "a ", "ä"]


def test_numbers_outside_their_range_go_to_its_edge() -> None:
    """A warm start's parent may have had wider bounds."""
    encoding = Encoding(SearchSpace(ranges=(ContinuousRange(name="x", low=0.001, high=1.0),)))

    assert encoding.encode([{"x": -5.0}, {"x": 7.0}]).ravel() == pytest.approx([0.0, 1.0])


def test_discrete_spaces_count_their_points() -> None:
    """Three depths times two boosters."""
    encoding = Encoding(SMALL)

    assert encoding.cardinality == len(set(encoding.cells(encoding.everything()))) == 6


def test_a_continuous_range_has_no_end_of_points() -> None:
    """Cardinality is for discrete spaces."""
    assert Encoding(MIXED).cardinality is None


@any_space
@quickly
def test_a_point_beside_another_differs_in_one_whole_number_or_category(space: SearchSpace, seed: int) -> None:
    """By one, or by another choice; snapped, and with all else bit for bit the same."""
    encoding, U = snapped(space, seed)
    beside = encoding.beside(U[0])

    assert np.array_equal(encoding.snap(beside), beside)
    assert np.all(np.count_nonzero(beside != U[0], axis=1) == 1)
    assert np.array_equal(beside[:, ~encoding.is_whole], np.tile(U[0, ~encoding.is_whole], (len(beside), 1)))


def test_every_step_from_a_point_is_listed() -> None:
    """Both whole numbers next to it, and the other choices."""
    encoding = Encoding(
        SearchSpace(
            ranges=(IntegerRange(name="n", low=1, high=9), CategoricalRange(name="c", choices=("a", "b", "c", "d")))
        )
    )
    [here] = encoding.encode([{"n": 5, "c": "b"}])

    found = [tuple(encoding.decode(u).values()) for u in encoding.beside(here)]

    assert found == [(4, "b"), (6, "b"), (5, "a"), (5, "c"), (5, "d")]
