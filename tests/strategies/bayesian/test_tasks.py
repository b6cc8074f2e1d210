"""Tests of learning from other tasks."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from luthier.records.search_space import Assignment, IntegerRange, SearchSpace
from luthier.records.trial import Trial
from luthier.strategies.bayesian import Bayesian
from luthier.strategies.bayesian.kinship import OWN
from luthier.strategies.bayesian.tasks import COMPARED, DOUBT, MODELLED, TRUST, Observations, model_of, observe, trust
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


def test_a_misleading_task_does_not_discredit_a_good_one() -> None:
    """Over five searches of eight trials each."""
    helped, alone = [], []
    for seed in range(5):
        good = elsewhere(run(on_other_data, 20, [], seed=10 + seed), "a")
        bad = elsewhere(run(upside_down, 20, [], seed=10 + seed), "b")
        helped.append(best(run(branin, 8, [*bad, *good], seed)))
        alone.append(best(run(branin, 8, [], seed)))

    assert np.mean(helped) < 0.5 * np.mean(alone)


def seen_of(own: Callable[[Assignment], float], other: Callable[[Assignment], float], count: int = 10) -> Observations:
    """Thirty observations of another task, and *count* of the own one."""
    places = [ENCODING.decode(u) for u in rng(3).random((30 + count, 2))]
    earlier = elsewhere([over(point, other(point)) for point in places[:30]], "a")
    seen = observe(ENCODING, [*earlier, *(over(point, own(point)) for point in places[30:])])
    assert seen is not None
    return seen


def test_a_task_that_makes_the_own_one_unlikely_is_not_believed() -> None:
    """
    Both go by one coordinate alone, but not by the same.

    What matters to the other one is then believed to matter to the own one.
    """
    seen = seen_of(lambda point: float(point["x"]), lambda point: float(np.sin(float(point["y"]))))

    assert model_of(ENCODING, seen).kinship is None


def test_what_is_not_believed_does_not_change_the_search() -> None:
    places = [ENCODING.decode(u) for u in rng(3).random((40, 2))]
    earlier = elsewhere([over(point, float(np.sin(float(point["y"])))) for point in places[:30]], "a")
    own = [over(point, float(point["x"])) for point in places[30:]]

    assert Bayesian().propose(PLANE, [*earlier, *own], 2, rng()) == Bayesian().propose(PLANE, own, 2, rng())


def test_a_task_like_the_own_one_is_believed() -> None:
    kinship = model_of(ENCODING, seen_of(branin, on_other_data)).kinship

    assert kinship is not None
    assert not kinship.is_contrary


@pytest.mark.parametrize("own", [5, 10])
def test_a_contrary_task_is_believed_to_be_contrary(own: int) -> None:
    """What was good there is foreseen to be bad."""
    model = model_of(ENCODING, seen_of(upside_down, on_other_data, own))

    assert model.kinship is not None
    assert model.kinship.is_contrary
    inherited = model.U[:, -1] != OWN
    places = np.column_stack([model.U[inherited, :-1], np.full(inherited.sum(), OWN)])
    assert np.corrcoef(model.mean(places), model.z[inherited])[0, 1] < -0.8


def test_two_own_trials_are_too_few_to_call_others_contrary() -> None:
    """Whichever of them was better."""
    model = model_of(ENCODING, seen_of(upside_down, on_other_data, COMPARED - 1))

    assert model.kinship is not None
    assert not model.kinship.is_contrary


def test_more_is_asked_of_others_the_more_own_trials_there_are() -> None:
    asked = [trust(own) for own in range(20)]

    assert asked == sorted(asked, reverse=True)
    assert (asked[0], asked[-1]) == (TRUST, DOUBT)
    assert DOUBT < asked[5] < TRUST


def test_others_are_believed_before_there_is_anything_to_judge_by() -> None:
    places = [ENCODING.decode(u) for u in rng(3).random((20, 2))]
    seen = observe(ENCODING, [over(places[0], 1.0), *elsewhere([over(each, branin(each)) for each in places], "a")])
    assert seen is not None

    assert model_of(ENCODING, seen).kinship is not None


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


def test_of_very_many_trials_the_best_and_a_sample_are_modelled() -> None:
    """A model's cost is cubic in what it is made of."""
    values = rng().permutation(MODELLED + 500).astype(float)
    trials = [over({"x": -5.0 + 15.0 * (value / 2500.0), "y": 1.0}, value) for value in values.tolist()]

    seen = observe(ENCODING, trials)

    assert seen is not None
    assert len(seen.U) == len(seen.z) == len(seen.tasks) == MODELLED
    assert (seen.z < np.median(seen.z)).sum() == MODELLED // 2
    assert seen.U[np.argmin(seen.z)][0] == ENCODING.encode([trials[int(np.argmin(values))].assignment])[0][0]
