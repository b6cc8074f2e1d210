"""Tests of learning from other tasks."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from luthier.records.search_space import Assignment, IntegerRange, SearchSpace
from luthier.records.trial import Trial
from luthier.strategies.bayesian import Bayesian
from luthier.strategies.bayesian.tasks import model_of, observe
from luthier.strategies.encoding import Encoding
from strategies.spaces import PLANE, best, branin, over

ENCODING = Encoding(PLANE)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def run(objective: Callable[[Assignment], float], count: int, inherited: list[Trial], seed: int = 0) -> list[Trial]:
    """Search the plane one trial at a time, knowing inherited ones; gives the own."""
    own: list[Trial] = []
    for place in range(count):
        [point] = Bayesian().propose(PLANE, [*inherited, *own], 1, rng(100 * seed + place))
        own.append(over(point, objective(point)))
    return own


def elsewhere(trials: list[Trial], task: str | None) -> list[Trial]:
    return [replace(trial, is_inherited=True, task=task) for trial in trials]


def on_other_data(point: Assignment) -> float:
    """Branin as it would be on other data: on another scale, and its valley a little aside."""
    return 100.0 + 7.0 * branin({"x": float(point["x"]) - 0.3, "y": float(point["y"]) + 0.3})


def upside_down(point: Assignment) -> float:
    return -branin(point)


def test_identical_evaluations_are_known_from_the_start() -> None:
    earlier = elsewhere(run(branin, 25, [], seed=1), None)

    assert best(run(branin, 4, earlier)) < 0.5 * best(run(branin, 4, []))


def test_the_best_of_each_other_task_is_tried_first() -> None:
    first, second = run(on_other_data, 8, [], seed=1), run(branin, 8, [], seed=2)
    inherited = [*elsewhere(first, "a"), *elsewhere(second, "b")]

    points = Bayesian().propose(PLANE, inherited, 3, rng())

    bests = [min(each, key=lambda trial: trial.value or 0.0).assignment for each in (first, second)]
    for point, expected in zip(points, bests, strict=False):
        assert np.allclose([float(point["x"]), float(point["y"])], [float(expected["x"]), float(expected["y"])])


def test_a_task_s_best_is_tried_once() -> None:
    inherited = elsewhere(run(on_other_data, 8, [], seed=1), "a")
    [first] = Bayesian().propose(PLANE, inherited, 1, rng())

    [second] = Bayesian().propose(PLANE, [*inherited, over(first, branin(first))], 1, rng())

    assert second != first


def test_a_task_like_the_own_one_helps() -> None:
    """Over five searches of eight trials each."""
    helped, alone = [], []
    for seed in range(5):
        earlier = elsewhere(run(on_other_data, 20, [], seed=10 + seed), "a")
        helped.append(best(run(branin, 8, earlier, seed)))
        alone.append(best(run(branin, 8, [], seed)))

    assert np.mean(helped) < 0.5 * np.mean(alone)


def test_a_task_that_misleads_is_recovered_from() -> None:
    """Its worst is the own task's best."""
    earlier = elsewhere(run(upside_down, 20, [], seed=1), "a")

    assert best(run(branin, 30, earlier)) < 1.0


def test_a_task_unlike_the_own_one_is_left_out() -> None:
    """Random values say nothing of the own task, whose twelve trials are predictable by themselves."""
    values = rng(3)
    places = [ENCODING.decode(u) for u in values.random((12, 2))]
    noise = [replace(over(point, float(values.standard_normal())), is_inherited=True, task="a") for point in places]
    own = [over(point, float(point["x"]) + float(point["y"])) for point in map(ENCODING.decode, values.random((12, 2)))]
    seen = observe(ENCODING, [*noise, *own])
    assert seen is not None

    assert model_of(ENCODING, seen).U.shape == (12, 2)


def test_a_task_like_the_own_one_is_kept() -> None:
    places = [ENCODING.decode(u) for u in rng(3).random((40, 2))]
    earlier = elsewhere([over(point, on_other_data(point)) for point in places[:30]], "a")
    seen = observe(ENCODING, [*earlier, *(over(point, branin(point)) for point in places[30:])])
    assert seen is not None

    assert model_of(ENCODING, seen).U.shape == (40, 3)


def test_every_task_is_warped_by_itself() -> None:
    places = [ENCODING.decode(u) for u in rng(3).random((10, 2))]
    values = list(map(branin, places))
    own = [over(point, value) for point, value in zip(places, values, strict=True)]
    other = [over(point, 1000.0 + 50.0 * value) for point, value in zip(places, values, strict=True)]

    seen = observe(ENCODING, [*own, *elsewhere(other, "a")])

    assert seen is not None
    assert np.allclose(seen.z[:10], seen.z[10:])


def test_a_task_without_contrast_is_level() -> None:
    places = [ENCODING.decode(u) for u in rng(3).random((5, 2))]

    seen = observe(ENCODING, [over(places[0], 3.0), *elsewhere([over(each, branin(each)) for each in places], "a")])

    assert seen is not None
    assert seen.z[0] == 0.0


def test_nothing_is_learnt_from_tasks_without_any_contrast() -> None:
    places = [ENCODING.decode(u) for u in rng(3).random((5, 2))]

    assert observe(ENCODING, elsewhere([over(each, 1.0) for each in places], "a")) is None


def test_what_parents_tried_may_be_run_again_once_nothing_else_is_left() -> None:
    space = SearchSpace(ranges=(IntegerRange(name="depth", low=1, high=6),))
    known = [replace(over({"depth": depth}, float(depth)), is_inherited=True) for depth in range(1, 5)]

    points = Bayesian().propose(space, known, 6, rng())

    depths = [int(point["depth"]) for point in points]
    assert sorted(depths[:2]) == [5, 6]
    assert sorted(depths) == [1, 2, 3, 4, 5, 6]
