"""Tests of the scales that trials settle."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luthier.records.search_space import (
    Assignment,
    CategoricalRange,
    ContinuousRange,
    IntegerRange,
    ParameterRange,
    ScalingType,
    SearchSpace,
)
from luthier.records.trial import Trial
from luthier.strategies.bayesian import Bayesian
from luthier.strategies.bayesian.scaling import ENOUGH, compressed, settle
from luthier.strategies.encoding import Encoding
from luthier.strategies.random import Random
from luthier.strategies.single_thread import single_thread
from strategies.spaces import over, search, spaces

LINEAR, LOGARITHMIC, REVERSE = ScalingType.LINEAR, ScalingType.LOGARITHMIC, ScalingType.REVERSE_LOGARITHMIC

OPEN = ContinuousRange(name="x", low=1.0, high=60.0)
WIDE = ContinuousRange(name="x", low=0.001, high=1.0)
SHARE = ContinuousRange(name="x", low=0.5, high=0.999)
WHOLE = IntegerRange(name="x", low=1, high=64)

Bowl = Callable[[float], float]


def bowl(t: Bowl, low: float, high: float, middle: float) -> Bowl:
    """A parabola in t(x) with its minimum of 0 in *middle*, in units of the range."""
    return lambda x: ((t(x) - t(middle)) / (t(high) - t(low))) ** 2


def plain(x: float) -> float:
    return x


def reverse(x: float) -> float:
    return -math.log1p(-x)


def drawn(
    space: SearchSpace, objective: Callable[[Assignment], float | None], count: int, seed: int = 0
) -> list[Trial]:
    """Trials anywhere in a space, evenly on the scales of their rule."""
    points = Random().propose(space, [], count, np.random.default_rng(seed))
    return [over(point, objective(point)) for point in points]


def scaling_of(each: ParameterRange, f: Bowl, count: int = 20) -> ScalingType:
    """The scale that a range gets from trials of a function of it alone."""
    space = SearchSpace(ranges=(each,))
    [settled] = settle(space, drawn(space, lambda point: f(float(point["x"])), count)).ranges
    assert not isinstance(settled, CategoricalRange)
    return settled.scaling


@pytest.mark.parametrize(
    ("each", "f", "scaling"),
    [
        (OPEN, bowl(math.log, 1, 60, 3), LOGARITHMIC),
        (OPEN, bowl(plain, 1, 60, 40), LINEAR),
        (WIDE, bowl(plain, 0.001, 1, 0.6), LINEAR),
        (WIDE, bowl(math.log, 0.001, 1, 0.02), LOGARITHMIC),
        (SHARE, bowl(reverse, 0.5, 0.999, 0.98), REVERSE),
        (SHARE, bowl(plain, 0.5, 0.999, 0.8), LINEAR),
        (WHOLE, bowl(math.log, 1, 64, 4), LOGARITHMIC),
        (WHOLE, bowl(plain, 1, 64, 40), LINEAR),
    ],
)
def test_the_scale_on_which_the_objective_is_simple_is_found(
    each: ParameterRange, f: Bowl, scaling: ScalingType
) -> None:
    """Whether it is the rule's or not."""
    assert scaling_of(each, f) is scaling


@pytest.mark.parametrize("scaling", [LINEAR, LOGARITHMIC])
def test_a_scale_that_was_asked_for_stays(scaling: ScalingType) -> None:
    """Whatever the trials say."""
    f = bowl(math.log if scaling is LINEAR else plain, 1, 60, 20)

    assert scaling_of(replace(OPEN, scaling=scaling), f) is scaling


@pytest.mark.parametrize(("low", "high"), [(-1.0, 60.0), (0.0, 60.0), (20.0, 60.0)])
def test_a_range_that_is_not_open_keeps_its_rule(low: float, high: float) -> None:
    """It cannot have another scale, or one would make no difference."""
    assert scaling_of(ContinuousRange(name="x", low=low, high=high), lambda x: math.exp(-x)) is LINEAR


def test_few_trials_change_nothing() -> None:
    """The rule stands until there are enough."""
    assert scaling_of(OPEN, bowl(math.log, 1, 60, 3), ENOUGH - 1) is LINEAR


def test_an_axis_without_effect_keeps_its_rule() -> None:
    """Noise has no scale: in twenty draws of it, the rule is never left."""
    space = SearchSpace(ranges=(OPEN, replace(WIDE, name="y")))
    noise = np.random.default_rng(3)

    with single_thread():
        settled = [settle(space, drawn(space, lambda _: noise.standard_normal(), 20, seed)) for seed in range(20)]

    assert {each.ranges for each in settled} == {
        (replace(OPEN, scaling=LINEAR), replace(WIDE, name="y", scaling=LOGARITHMIC))
    }


def test_open_trials_and_other_tasks_say_nothing() -> None:
    """Only what the tuning job itself, or one with the same data, has seen counts."""
    space = SearchSpace(ranges=(OPEN,))
    trials = drawn(space, lambda point: bowl(math.log, 1, 60, 3)(float(point["x"])), 20)
    mute = [*(replace(each, task="other") for each in trials), *(replace(each, is_open=True) for each in trials)]

    assert settle(space, mute) == settle(space, [])


def test_only_the_scaling_is_changed() -> None:
    """Names, bounds, choices and defaults stay, in their order."""
    space = SearchSpace(ranges=(WHOLE, CategoricalRange(name="c", choices=("a", "b"))), defaults={"x": 3, "c": "b"})
    trials = drawn(space, lambda point: bowl(math.log, 1, 64, 4)(float(point["x"])), 20)

    assert settle(space, trials) == replace(space, ranges=(replace(WHOLE, scaling=LOGARITHMIC), space.ranges[1]))


@settings(max_examples=40, deadline=None)
@given(space=spaces(), values=st.lists(st.none() | st.floats(-1e308, 1e308), min_size=ENOUGH, max_size=ENOUGH + 4))
def test_any_space_is_settled(space: SearchSpace, values: list[float | None]) -> None:
    """Twice alike, with scales that its ranges can have, and no `Auto` left."""
    points = Random().propose(space, [], len(values), np.random.default_rng(0))
    trials = [over(point, value) for point, value in zip(points, values, strict=False)]

    settled = settle(space, trials)

    assert settled == settle(space, trials)
    assert all(isinstance(each, CategoricalRange) or each.scaling is not ScalingType.AUTO for each in settled.ranges)
    assert Encoding(settled).encode(points).shape == (len(points), len(space.ranges))


@pytest.mark.slow
def test_a_search_gets_closer_than_by_the_rule_alone() -> None:
    """Three ranges of which the rule is wrong: after 25 trials a third of the distance is left, over five seeds."""
    auto = SearchSpace(ranges=tuple(replace(SHARE, name=name) for name in "xyz"))
    ruled = SearchSpace(ranges=tuple(replace(each, scaling=LINEAR) for each in auto.ranges))

    def objective(point: Assignment) -> float:
        middles = {"x": 0.99, "y": 0.9, "z": 0.97}
        return sum(bowl(reverse, 0.5, 0.999, middle)(float(point[name])) for name, middle in middles.items())

    def left(space: SearchSpace, seed: int) -> float:
        return min(trial.value for trial in search(Bayesian(), space, objective, 25, seed) if trial.value is not None)

    learnt, by_rule = (np.mean([np.log(left(space, seed)) for seed in range(5)]) for space in (auto, ruled))

    assert learnt < by_rule - np.log(3.0)


def test_targets_know_neither_unit_nor_offset() -> None:
    """Nor the largest numbers there are."""
    values = [3.0, 1.0, None, 2.0, 8.0]

    z = compressed(values)

    assert z == pytest.approx(compressed([None if value is None else 1e6 - 7.0 + 1e5 * value for value in values]))
    assert compressed([-1.7e308, 1.7e308, 0.0, math.nan]) is not None


@pytest.mark.parametrize("values", [[None, None], [1.0, 1.0, 1.0], [math.inf, math.nan]])
def test_values_without_contrast_have_no_targets(values: list[float | None]) -> None:
    """There is nothing to learn from."""
    assert compressed(values) is None


def test_what_has_diverged_does_not_drive_a_right_rule_away() -> None:
    """One trial in ten is a million times worse, and one in ten has failed."""
    space = SearchSpace(ranges=(OPEN, replace(WIDE, name="y")))
    right = {"x": bowl(plain, 1, 60, 40), "y": bowl(math.log, 0.001, 1, 0.02)}
    trials = drawn(space, lambda point: sum(f(float(point[name])) for name, f in right.items()), 40)
    spoilt = [replace(each, value={0: 1e6, 1: None}.get(place % 10, each.value)) for place, each in enumerate(trials)]

    assert settle(space, spoilt) == settle(space, [])
