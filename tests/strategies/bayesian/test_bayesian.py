"""Tests of Bayesian search as a whole."""

from dataclasses import replace

import numpy as np
import pytest

from luthier.records.search_space import Assignment, IntegerRange, SearchSpace
from luthier.strategies.bayesian import Bayesian
from luthier.strategies.encoding import Encoding
from luthier.strategies.random import Random
from strategies.spaces import MIXED, PLANE, best, branin, mixed, over, running, search


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def distances(points: list[Assignment]) -> np.ndarray:
    """Between all pairs of points of the plane, in units of its axes."""
    U = Encoding(PLANE).encode(points)
    return np.linalg.norm(U[:, None] - U, axis=2)[np.triu_indices(len(U), 1)]


def test_the_first_point_is_in_the_middle_of_every_range() -> None:
    """On the range's own scale."""
    assert Bayesian().propose(PLANE, [], 1, rng()) == [{"x": 2.5, "y": 7.5}]


def test_known_defaults_are_the_first_point_and_no_later_one() -> None:
    """The others of a batch fill the space around it."""
    space = replace(PLANE, defaults={"x": -4.0, "y": 1.5})

    first, *others = Bayesian().propose(space, [], 4, rng())

    assert first == pytest.approx({"x": -4.0, "y": 1.5})
    assert distances([first, *others]).min() > 0.1


def test_what_is_known_of_another_task_goes_before_defaults() -> None:
    """They are the second point, by which the first is judged."""
    inherited = [replace(over({"x": 3.0, "y": 2.0}, 1.0), is_inherited=True, task="parent")]

    points = Bayesian().propose(replace(PLANE, defaults={"x": -4.0, "y": 1.5}), inherited, 2, rng())

    assert points == [pytest.approx({"x": 3.0, "y": 2.0}), pytest.approx({"x": -4.0, "y": 1.5})]


@pytest.mark.parametrize("seed", range(3))
def test_branin_is_solved_in_thirty_trials(seed: int) -> None:
    """To a thousandth of its spread, near its minimum of 0.398."""
    assert best(search(Bayesian(), PLANE, branin, 30, seed)) < 0.6


@pytest.mark.parametrize("seed", range(3))
def test_a_mixed_space_is_searched_far_better_than_at_random(seed: int) -> None:
    """Twenty-five trials find a hundredth of what is left after as many random ones."""
    learnt, drawn = (best(search(strategy, MIXED, mixed, 25, seed)) for strategy in (Bayesian(), Random()))

    assert learnt < 0.1 * drawn


def test_failures_inform_without_spoiling() -> None:
    """A quarter of the plane fails: it is soon left alone, and the minimum beside it is still found."""

    def fragile(point: Assignment) -> float | None:
        return None if float(point["x"]) < 2.0 and float(point["y"]) < 7.0 else branin(point)

    trials = search(Bayesian(), PLANE, fragile, 35)

    assert sum(trial.is_failed for trial in trials[15:]) <= 3
    assert best(trials) < 1.0


def test_noise_is_not_believed() -> None:
    """With noise of a tenth of the spread, the better half of the last trials is good without it."""
    noise = rng(7)
    trials = search(Bayesian(), PLANE, lambda point: branin(point) + 5.0 * noise.standard_normal(), 40)

    assert np.median([branin(trial.assignment) for trial in trials[20:]]) < 10.0


def test_points_of_one_batch_keep_apart() -> None:
    """Each is chosen as if those before it were running."""
    trials = search(Bayesian(), PLANE, branin, 12)

    points = list(Bayesian().propose(PLANE, trials, 4, rng(1)))

    assert distances(points).min() > 0.02


def test_running_trials_push_a_proposal_away() -> None:
    """What is being tried already is not proposed again, in a continuous space either."""
    trials = search(Bayesian(), PLANE, branin, 12)
    first = Bayesian().propose(PLANE, trials, 1, rng(1))[0]

    second = Bayesian().propose(PLANE, [*trials, running(first)], 1, rng(1))[0]

    assert distances([first, second]).min() > 0.02


def test_a_batch_before_any_result_fills_the_space() -> None:
    """Ten points of the plane, all over it."""
    points = list(Bayesian().propose(PLANE, [], 10, rng()))

    assert distances(points).min() > 0.1


def test_a_large_discrete_space_is_never_repeated() -> None:
    """Even long after the optimum has been found."""
    space = SearchSpace(ranges=tuple(IntegerRange(name=name, low=0, high=60) for name in "ab"))

    trials = search(Bayesian(), space, lambda point: abs(float(point["a"]) - 7) + abs(float(point["b"]) - 50), 40)

    assert best(trials) == 0.0
    assert len({tuple(trial.assignment.items()) for trial in trials}) == 40


def test_values_that_are_not_finite_count_as_failures() -> None:
    """None enters the model, whoever let it through."""
    points = Bayesian().propose(PLANE, [], 6, rng())
    trials = [over(point, value) for point, value in zip(points, [1.0, np.nan, np.inf, -np.inf, 2.0, 3.0], strict=True)]

    assert len(Bayesian().propose(PLANE, trials, 1, rng())) == 1
