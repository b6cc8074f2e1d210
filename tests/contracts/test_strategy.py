"""What every search strategy promises, whatever it does with the results."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luthier.records.search_space import CategoricalRange, ContinuousRange, IntegerRange, SearchSpace
from luthier.records.trial import Trial
from luthier.strategies import Strategy
from luthier.strategies.bayesian import Bayesian
from luthier.strategies.random import Random
from strategies.spaces import MIXED, SMALL, best, is_inside, mixed, over, running, search, spaces

pytestmark = pytest.mark.parametrize("strategy", [Random(), Bayesian()], ids=["Random", "Bayesian"])

few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@given(space=spaces(), values=st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), max_size=8))
@few
def test_every_proposal_lies_in_the_space(strategy: Strategy, space: SearchSpace, values: list[float | None]) -> None:
    """Whatever the space and the values so far: each name has a value of its range's own type, within bounds."""
    trials = [over(point, value) for point, value in zip(search_points(strategy, space, 8), values, strict=False)]

    points = strategy.propose(space, trials, 2, rng())

    assert all(is_inside(space, point) for point in points)


@given(space=spaces(discrete=True, most=3))
@few
def test_no_point_of_a_discrete_space_is_proposed_twice(strategy: Strategy, space: SearchSpace) -> None:
    """Neither within one call nor across calls, be the earlier trials open, over or failed."""
    first = strategy.propose(space, [], 3, rng())
    ends: list[Callable[..., Trial]] = [running, lambda point: over(point, 1.0), lambda point: over(point, None)]
    trials = [end(point) for end, point in zip(ends, first, strict=False)]

    points = [*first, *strategy.propose(space, trials, 3, rng())]

    assert len({tuple(point.items()) for point in points}) == len(points)


def test_an_exhausted_space_gives_fewer_points_than_asked(strategy: Strategy) -> None:
    """SMALL has six points: asked for ten, a strategy gives all six."""
    points = strategy.propose(SMALL, [], 10, rng())

    assert len({tuple(point.items()) for point in points}) == len(points) == 6


def test_a_space_is_exhausted_one_by_one(strategy: Strategy) -> None:
    """Every point of a small space is tried, and then nothing is proposed."""
    trials = search(strategy, SMALL, lambda point: float(point["depth"]), budget=9)

    assert len(trials) == 6


def test_a_single_choice_is_proposed_once(strategy: Strategy) -> None:
    """A space of one point is exhausted by it."""
    space = SearchSpace(ranges=(CategoricalRange(name="only", choices=(" a ",)),))

    assert search(strategy, space, lambda point: 1.0, budget=3) == [over({"only": " a "}, 1.0)]


def test_asking_for_nothing_gives_nothing(strategy: Strategy) -> None:
    """A count of 0 is an answerable question."""
    assert list(strategy.propose(MIXED, [], 0, rng())) == []


def test_the_same_question_has_the_same_answer(strategy: Strategy) -> None:
    """Nothing is remembered: equal arguments and an equal generator give equal points."""
    trials = search(strategy, MIXED, mixed, budget=6)

    again = [strategy.propose(MIXED, trials, 3, rng(5)) for _ in range(2)]

    assert again[0] == again[1]


def test_another_seed_gives_another_answer(strategy: Strategy) -> None:
    """A tuning job's seed reaches its first batch."""
    assert strategy.propose(MIXED, [], 3, rng(1)) != strategy.propose(MIXED, [], 3, rng(2))


def test_threads_do_not_change_an_answer(strategy: Strategy) -> None:
    """Tuning jobs that are looked after at the same time do not meet."""
    trials = search(strategy, MIXED, mixed, budget=8)
    alone = [strategy.propose(MIXED, trials, 1, rng(seed)) for seed in range(4)]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda seed: strategy.propose(MIXED, trials, 1, rng(seed)), range(4)))

    assert together == alone


@pytest.mark.parametrize("budget", [0, 3, 9], ids=str)
def test_there_is_a_reason_for_every_point(strategy: Strategy, budget: int) -> None:
    trials = search(strategy, SMALL, lambda point: float(point["depth"]), budget=budget)

    reasons = strategy.reasons(SMALL, trials, 3, rng(5))

    assert len(reasons) == len(strategy.propose(SMALL, trials, 3, rng(5)))


@pytest.mark.parametrize("value", [0.0, 1e308, -1e308, 5e-324, None], ids=str)
def test_a_constant_objective_is_no_obstacle(strategy: Strategy, value: float | None) -> None:
    """All trials with one value, or all failed: the search goes on."""
    trials = search(strategy, MIXED, lambda point: value, budget=8)

    assert len(trials) == 8


def test_wild_values_are_no_obstacle(strategy: Strategy) -> None:
    """Values over the whole range of floating point are values."""
    values = iter([1e308, -1e308, 1e-300, None, 5e-324, 0.0, 1e308, -3.0])

    trials = search(strategy, MIXED, lambda point: next(values), budget=8)

    assert len(trials) == 8


def test_the_same_point_many_times_is_no_obstacle(strategy: Strategy) -> None:
    """Repeated trials (a warm start may bring them) make a singular matrix at worst."""
    point = strategy.propose(MIXED, [], 1, rng())[0]
    trials = [over(point, float(i % 2)) for i in range(12)]

    assert len(strategy.propose(MIXED, trials, 1, rng())) == 1


def test_a_trial_outside_its_range_is_no_obstacle(strategy: Strategy) -> None:
    """A parent's trial may lie beyond this job's bounds."""
    space = SearchSpace(ranges=(ContinuousRange(name="x", low=0.1, high=1.0), IntegerRange(name="n", low=1, high=300)))
    trials = [over({"x": x, "n": n}, float(n)) for x, n in ((-7.0, 5), (0.5, 9999), (2.0, -3), (0.3, 7), (0.2, 8))]

    assert is_inside(space, strategy.propose(space, trials, 1, rng())[0])


def test_the_search_gets_better(strategy: Strategy) -> None:
    """Thirty trials find a better point than the first one."""
    trials = search(strategy, MIXED, mixed, budget=30)

    assert best(trials) < best(trials[:1])


def search_points(strategy: Strategy, space: SearchSpace, count: int) -> list[dict[str, float | int | str]]:
    """Points of a space, as this strategy draws them at first."""
    return [dict(point) for point in strategy.propose(space, [], count, rng(99))]
