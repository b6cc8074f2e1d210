"""Search spaces and objectives that the strategies' tests share."""

import math
from collections.abc import Callable

import numpy as np
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
from luthier.strategies import Strategy

MIXED = SearchSpace(
    ranges=(
        ContinuousRange(name="rate", low=1e-5, high=1.0, scaling=ScalingType.LOGARITHMIC),
        ContinuousRange(name="momentum", low=0.5, high=0.999, scaling=ScalingType.REVERSE_LOGARITHMIC),
        ContinuousRange(name="shift", low=-2.0, high=3.0),
        IntegerRange(name="depth", low=1, high=12),
        IntegerRange(name="width", low=8, high=4096),
        CategoricalRange(name="booster", choices=("tree", "dart", "linear")),
    )
)

SMALL = SearchSpace(
    ranges=(IntegerRange(name="depth", low=2, high=4), CategoricalRange(name="booster", choices=("tree", "dart")))
)

PLANE = SearchSpace(
    ranges=(
        ContinuousRange(name="x", low=-5.0, high=10.0, scaling=ScalingType.LINEAR),
        ContinuousRange(name="y", low=0.0, high=15.0, scaling=ScalingType.LINEAR),
    )
)


def branin(point: Assignment) -> float:
    """The Branin function: three equal minima of 0.398."""
    x, y = float(point["x"]), float(point["y"])
    valley = y - 5.1 * x**2 / (4 * math.pi**2) + 5 * x / math.pi - 6
    return valley**2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


def mixed(point: Assignment) -> float:
    """A bowl over MIXED with its minimum of 0 at rate 0.005, shift 1, depth 7 and the booster tree."""
    off = {"tree": 0.0, "dart": 0.5, "linear": 1.0}[str(point["booster"])]
    rate, shift, depth = float(point["rate"]), float(point["shift"]), float(point["depth"])
    return (math.log10(rate) + 2.3) ** 2 + (shift - 1) ** 2 + abs(depth - 7) / 4 + off


def over(assignment: Assignment, value: float | None) -> Trial:
    """A trial that has ended; without a value it has failed."""
    return Trial(assignment=assignment, is_open=False, value=value)


def running(assignment: Assignment) -> Trial:
    """A trial that has not ended."""
    return Trial(assignment=assignment, is_open=True)


def search(
    strategy: Strategy, space: SearchSpace, objective: Callable[[Assignment], float | None], budget: int, seed: int = 0
) -> list[Trial]:
    """One trial after another, until *budget* or exhaustion; None is a failure."""
    trials: list[Trial] = []
    for ordinal in range(budget):
        for point in strategy.propose(space, trials, 1, np.random.default_rng([seed, ordinal])):
            trials.append(over(point, objective(point)))
    return trials


def best(trials: list[Trial]) -> float:
    """The lowest value."""
    return min(trial.value for trial in trials if trial.value is not None)


def is_inside(space: SearchSpace, point: Assignment) -> bool:
    """Whether every range has a value of its own type within its bounds, and there is nothing else."""
    return list(point) == [each.name for each in space.ranges] and all(
        _allows(each, point[each.name]) for each in space.ranges
    )


def _allows(each: ParameterRange, value: float | int | str) -> bool:
    match each:
        case ContinuousRange():
            return type(value) is float and each.low <= value <= each.high
        case IntegerRange():
            return type(value) is int and each.low <= value <= each.high
        case CategoricalRange():
            return type(value) is str and value in each.choices


_LINEAR = st.sampled_from([ScalingType.AUTO, ScalingType.LINEAR])
_ANY = st.sampled_from([ScalingType.AUTO, ScalingType.LINEAR, ScalingType.LOGARITHMIC])
_CHOICES = st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=5, unique=True).map(tuple)


def spaces(*, discrete: bool = False, most: int = 4) -> st.SearchStrategy[SearchSpace]:
    """Any search space, the extremes of floating point included; of whole numbers and categories only if *discrete*."""
    kinds = [_integers(), _CHOICES.map(lambda choices: CategoricalRange(name="", choices=choices))]
    if not discrete:
        kinds += [_floats(), _shares()]
    kinds += [_single_floats(), _single_integers()]
    return st.lists(st.one_of(kinds), min_size=1, max_size=most).map(_named)


def _named(ranges: list[ParameterRange]) -> SearchSpace:
    named: list[ParameterRange] = []
    for ordinal, each in enumerate(ranges):
        match each:
            case CategoricalRange(choices=choices):
                named.append(CategoricalRange(name=f"p{ordinal}", choices=choices))
            case _:
                changes = {"name": f"p{ordinal}", "low": each.low, "high": each.high, "scaling": each.scaling}
                named.append(type(each)(**changes))
    return SearchSpace(ranges=tuple(named))


@st.composite
def _floats(draw: st.DrawFn) -> ContinuousRange:
    ends = st.floats(allow_nan=False, allow_infinity=False)
    low, high = sorted(draw(st.lists(ends, min_size=2, max_size=2, unique=True)))
    return ContinuousRange(name="", low=low, high=high, scaling=draw(_ANY if low > 0 else _LINEAR))


@st.composite
def _shares(draw: st.DrawFn) -> ContinuousRange:
    ends = st.floats(min_value=0.0, max_value=1.0, exclude_max=True)
    low, high = sorted(draw(st.lists(ends, min_size=2, max_size=2, unique=True)))
    return ContinuousRange(name="", low=low, high=high, scaling=ScalingType.REVERSE_LOGARITHMIC)


@st.composite
def _integers(draw: st.DrawFn) -> IntegerRange:
    low = draw(st.one_of(st.integers(-5, 5), st.integers(-(2**31), 2**31)))
    high = low + draw(st.one_of(st.integers(1, 4), st.integers(1, 2**31)))
    return IntegerRange(name="", low=low, high=high, scaling=draw(_ANY if low > 0 else _LINEAR))


@st.composite
def _single_floats(draw: st.DrawFn) -> ContinuousRange:
    value = draw(st.floats(allow_nan=False, allow_infinity=False))
    scalings = [ScalingType.AUTO, ScalingType.LINEAR]
    scalings += [ScalingType.LOGARITHMIC] * (value > 0) + [ScalingType.REVERSE_LOGARITHMIC] * (0 <= value < 1)
    return ContinuousRange(name="", low=value, high=value, scaling=draw(st.sampled_from(scalings)))


@st.composite
def _single_integers(draw: st.DrawFn) -> IntegerRange:
    value = draw(st.one_of(st.integers(-5, 5), st.sampled_from([2**53, -(2**53)])))
    return IntegerRange(name="", low=value, high=value, scaling=draw(_ANY if value > 0 else _LINEAR))
