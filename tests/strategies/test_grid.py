"""Tests of grid search."""

from dataclasses import replace

import numpy as np
import pytest

from luthier.records.search_space import Assignment, CategoricalRange, ContinuousRange, IntegerRange, SearchSpace
from luthier.records.trial import Trial
from luthier.strategies.grid import Grid
from strategies.spaces import over, running, search

SPACE = SearchSpace(
    ranges=(CategoricalRange(name="learner", choices=("tree", "line")), IntegerRange(name="depth", low=2, high=4))
)


def proposed(trials: list[Trial], count: int, space: SearchSpace = SPACE) -> list[Assignment]:
    return list(Grid().propose(space, trials, count, np.random.default_rng(0)))


def point(learner: str, depth: int) -> Assignment:
    return {"learner": learner, "depth": depth}


def test_combinations_come_in_their_order_with_the_last_range_fastest() -> None:
    assert proposed([], 4) == [point("tree", 2), point("tree", 3), point("tree", 4), point("line", 2)]


def test_every_combination_is_tried_once() -> None:
    trials = search(Grid(), SPACE, lambda _: 1.0, budget=9)

    assert [trial.assignment for trial in trials] == [point(a, n) for a in ("tree", "line") for n in (2, 3, 4)]


def test_what_was_tried_in_any_order_is_not_tried_again() -> None:
    """Be it running, over or failed."""
    trials = [running(point("tree", 4)), over(point("tree", 2), 1.0), over(point("line", 3), None)]

    assert proposed(trials, 9) == [point("tree", 3), point("line", 2), point("line", 4)]


def test_a_gap_is_filled_first() -> None:
    """What was lost by the service's own fault is no trial, and its combination is tried again."""
    assert proposed([over(point("tree", 2), 1.0), over(point("tree", 4), 1.0)], 1) == [point("tree", 3)]


def test_what_parents_have_tried_is_tried_all_the_same() -> None:
    inherited = [replace(over(point("tree", 2), 1.0), is_inherited=True)]

    assert proposed(inherited, 1) == [point("tree", 2)]


def test_the_seed_does_not_matter() -> None:
    answers = [Grid().propose(SPACE, [], 6, np.random.default_rng(seed)) for seed in range(2)]

    assert answers[0] == answers[1]


def test_a_grid_that_nobody_could_list_is_begun_all_the_same() -> None:
    wide = SearchSpace(ranges=tuple(IntegerRange(name=f"n{j}", low=0, high=10**6) for j in range(10)))

    assert proposed([], 2, wide) == [{f"n{j}": int(j == 9) * last for j in range(10)} for last in (0, 1)]


def test_one_value_is_one_value_whatever_its_type() -> None:
    fixed = replace(SPACE, ranges=(*SPACE.ranges, ContinuousRange(name="rate", low=0.5, high=0.5)))

    assert proposed([], 1, fixed) == [{**point("tree", 2), "rate": 0.5}]


def test_a_range_without_end_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="rate: a continuous range has no end"):
        proposed([], 1, SearchSpace(ranges=(ContinuousRange(name="rate", low=0.0, high=1.0),)))
