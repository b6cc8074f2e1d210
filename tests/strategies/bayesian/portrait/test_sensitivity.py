"""Sobol indices of functions that have known ones."""

import numpy as np
import pytest

from luthier.records.search_space import CategoricalRange, ContinuousRange, SearchSpace
from luthier.strategies.bayesian.portrait.sensitivity import POINTS, richtmyer, sensitivity
from luthier.strategies.encoding import Encoding
from luthier.strategies.scale import Array


def cube(dimensions: int) -> Encoding:
    return Encoding(
        SearchSpace(ranges=tuple(ContinuousRange(name=f"x{j}", low=0.0, high=1.0) for j in range(dimensions)))
    )


def ishigami(U: Array) -> Array:
    """The test function of Ishigami and Homma, 1990, with the usual constants 7 and 0.1."""
    x = (2.0 * U - 1.0) * np.pi
    return np.asarray(np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def test_the_first_order_indices_are_those_of_the_literature() -> None:
    assert sensitivity(ishigami, cube(3)).alone == pytest.approx([0.314, 0.442, 0.0], abs=0.04)


def test_the_total_indices_are_those_of_the_literature() -> None:
    assert sensitivity(ishigami, cube(3)).total == pytest.approx([0.558, 0.442, 0.244], abs=0.06)


def test_the_interactions_are_those_of_the_literature() -> None:
    pairs = sensitivity(ishigami, cube(3)).pairs

    assert pairs == pytest.approx({(0, 1): 0.0, (0, 2): 0.244, (1, 2): 0.0}, abs=0.05)


def test_the_indices_of_a_sum_of_many_inputs_are_its_parts() -> None:
    weights = np.sqrt(np.linspace(0.0, 2.0, 30) / 30.0)

    found = sensitivity(lambda U: U @ weights, cube(30))

    assert found.alone == pytest.approx(weights**2, abs=0.03)
    assert found.total == pytest.approx(weights**2, abs=0.03)


def test_a_flat_function_has_nothing_to_share_out() -> None:
    found = sensitivity(lambda U: np.full(len(U), 3.0), cube(2))

    assert not found.alone.any()
    assert not found.total.any()
    assert found.pairs == {}


def test_an_input_of_one_value_has_no_share() -> None:
    space = SearchSpace(
        ranges=(CategoricalRange(name="only", choices=("a",)), ContinuousRange(name="x", low=0.0, high=1.0))
    )

    assert sensitivity(lambda U: U.sum(axis=1), Encoding(space)).total.tolist() == pytest.approx([0.0, 1.0], abs=0.02)


def test_the_sample_fills_every_axis_evenly() -> None:
    sample = np.sort(richtmyer(POINTS, 60), axis=0)

    assert np.abs(sample - np.linspace(0.0, 1.0, POINTS)[:, None]).max() < 0.03
