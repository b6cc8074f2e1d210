"""Tests of where a search begins that knows other tasks."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from luthier.records.search_space import Assignment
from luthier.records.trial import Trial
from luthier.strategies.bayesian import Bayesian
from luthier.strategies.bayesian.belief import learn
from luthier.strategies.encoding import Encoding
from strategies.spaces import PLANE, branin, over, running

MIDDLE = {"x": 2.5, "y": 7.5}


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def of_task(task: str, objective: Callable[[Assignment], float], seed: int) -> list[Trial]:
    places = map(Encoding(PLANE).decode, rng(seed).random((15, 2)))
    return [replace(over(point, objective(point)), is_inherited=True, task=task) for point in places]


def valley(point: Assignment) -> float:
    """Best at x = 8, y = 3."""
    return (float(point["x"]) - 8.0) ** 2 + (float(point["y"]) - 3.0) ** 2


def best_of(trials: list[Trial]) -> Assignment:
    return min(trials, key=lambda trial: trial.value or 0.0).assignment


def proposed(trials: list[Trial], count: int = 1) -> list[Assignment]:
    return [pytest.approx(dict(point), abs=1e-6) for point in Bayesian().propose(PLANE, trials, count, rng())]


def test_what_was_best_in_another_task_is_tried_first() -> None:
    earlier = of_task("a", branin, 1)

    assert proposed(earlier) == [best_of(earlier)]


def test_of_several_tasks_the_best_point_of_which_most_is_expected_goes_first() -> None:
    """Two of three agree."""
    first, second, third = of_task("a", branin, 1), of_task("b", valley, 2), of_task("c", valley, 3)

    assert proposed([*first, *second, *third])[0] in (best_of(second), best_of(third))


def test_the_second_point_is_where_a_search_without_other_tasks_opens() -> None:
    earlier = of_task("a", branin, 1)

    assert proposed([*earlier, running(best_of(earlier))]) == [MIDDLE]


def test_a_batch_goes_on_in_the_same_order() -> None:
    earlier = of_task("a", branin, 1)

    assert proposed(earlier, 2) == [best_of(earlier), MIDDLE]


def after(*values: float | None) -> tuple[list[Assignment], list[Assignment]]:
    """The next point of a search with three other tasks, and their best points, when own trials ended with *values*."""
    earlier = [of_task(task, valley, seed) for task, seed in (("a", 1), ("b", 2), ("c", 3))]
    inherited = [trial for each in earlier for trial in each]
    own: list[Trial] = []
    for value in values:
        [point] = Bayesian().propose(PLANE, [*inherited, *own], 1, rng())
        own.append(over(point, value))
    return proposed([*inherited, *own]), list(map(best_of, earlier))


def test_the_other_tasks_best_points_follow() -> None:
    point, bests = after(1.0, 60.0)

    assert point[0] in bests


def test_one_that_was_worse_than_the_opening_is_forgiven() -> None:
    point, bests = after(60.0, 1.0)

    assert point[0] in bests


def test_two_that_were_worse_are_not() -> None:
    point, bests = after(60.0, 1.0, 70.0)

    assert point[0] not in bests


def test_of_contrary_tasks_none_is_tried() -> None:
    """They are known for it after a few trials, and still believed."""
    earlier = [of_task(task, valley, seed) for task, seed in (("a", 1), ("b", 2), ("c", 3), ("d", 4))]
    inherited = [trial for each in earlier for trial in each]
    best, middling, worst = sorted(
        (over(each.assignment, -valley(each.assignment)) for each in of_task("e", valley, 6)[:3]),
        key=lambda each: each.value or 0.0,
    )
    own = [best, worst, middling]
    belief = learn(Encoding(PLANE), [*inherited, *own])

    assert belief is not None
    assert belief.knows_tasks
    assert not belief.follows_tasks
    assert proposed([*inherited, *own])[0] not in list(map(best_of, earlier))


def test_a_failure_is_worse() -> None:
    point, bests = after(None, 1.0, None)

    assert point[0] not in bests


def test_each_is_tried_once() -> None:
    point, bests = after(1.0, 60.0, 2.0, 3.0)

    assert point[0] not in bests


def test_an_opening_that_was_the_best_of_another_task_is_tried_once() -> None:
    earlier = [*of_task("a", valley, 1), replace(over(MIDDLE, -1.0), is_inherited=True, task="a")]

    first, second = Bayesian().propose(PLANE, earlier, 2, rng())

    assert first == pytest.approx(MIDDLE)
    assert second != pytest.approx(MIDDLE, abs=1e-3)


def test_tasks_with_too_few_evaluations_for_a_model_are_tried_in_their_order() -> None:
    earlier = [
        replace(over({"x": x, "y": 1.0}, x), is_inherited=True, task=task) for x, task in ((7.0, "a"), (3.0, "b"))
    ]

    assert proposed(earlier, 3) == [{"x": 7.0, "y": 1.0}, MIDDLE, {"x": 3.0, "y": 1.0}]
