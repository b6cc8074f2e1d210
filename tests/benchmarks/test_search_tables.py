"""Tests of the tables of recorded trainings, on one made by hand."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from benchmarks.search.catalogue import make
from benchmarks.search.preparation import table
from benchmarks.search.problem import Problem

POINT = {f"op{i}": "0" for i in range(6)}


@pytest.fixture
def problem(tmp_path: Path) -> Problem:
    """Networks that all have accuracy 50, but the first: 90 and 80, the third seed missing."""
    keys = ["".join(key) for key in product("01234", repeat=6)]
    values = np.full((len(keys), 3), 50.0)
    values[0] = [90.0, 80.0, np.nan]
    (tmp_path / "tables").mkdir()
    np.savez(tmp_path / "tables/nasbench201_made.npz", keys=keys, values=values)
    return make("nasbench201:made", tmp_path)


def test_the_truth_is_the_mean_error_of_the_recorded_seeds(problem: Problem) -> None:
    """100 - (90 + 80) / 2."""
    assert problem.truth([POINT, {**POINT, "op5": "1"}]).tolist() == [15.0, 50.0]


def test_the_optimum_is_the_best_of_the_table(problem: Problem) -> None:
    """Nothing else can be found."""
    assert problem.optimum == 15.0


def test_an_observation_is_one_recorded_training(problem: Problem) -> None:
    """Never the missing one."""
    observed = {problem.observe(POINT, np.random.default_rng(seed)) for seed in range(20)}

    assert observed == {10.0, 20.0}


def test_seeds_that_were_not_trained_are_missing_in_a_prepared_table() -> None:
    """NaN, in rows sorted by key."""
    keys, values = table({"1": {"val_acc": [0.5]}, "0": {"val_acc": [0.1, 0.2]}}, "val_acc")

    assert keys == ["0", "1"]
    assert np.array_equal(values, [[0.1, 0.2], [0.5, np.nan]], equal_nan=True)
