"""The hyperparameters that a tuning job may choose, between which bounds, and with which values known to be usual."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import assert_never


class ScalingType(StrEnum):
    """
    On which scale a numeric range is searched.

    AWS: "Hyperparameter Scaling", Amazon SageMaker Developer Guide.
    """

    AUTO = "Auto"
    LINEAR = "Linear"
    LOGARITHMIC = "Logarithmic"
    REVERSE_LOGARITHMIC = "ReverseLogarithmic"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuousRange:
    """Real numbers from *low* to *high*, both included."""

    name: str
    low: float
    high: float
    scaling: ScalingType = ScalingType.AUTO

    def __post_init__(self) -> None:
        _check_bounds(self.name, self.low, self.high, self.scaling)
        if self.scaling is ScalingType.REVERSE_LOGARITHMIC and not 0 <= self.low <= self.high < 1:
            raise ValueError(
                f"{self.name}: ReverseLogarithmic scaling works only for ranges within 0 <= x < 1.0, not {self.low} to "
                f"{self.high}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegerRange:
    """Whole numbers from *low* to *high*, both included."""

    name: str
    low: int
    high: int
    scaling: ScalingType = ScalingType.AUTO

    def __post_init__(self) -> None:
        _check_bounds(self.name, self.low, self.high, self.scaling)
        if self.scaling is ScalingType.REVERSE_LOGARITHMIC:
            raise ValueError(f"{self.name}: ReverseLogarithmic scaling works only for continuous ranges")


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoricalRange:
    """One of *choices*, which are the caller's own text, byte for byte."""

    name: str
    choices: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.choices or len(set(self.choices)) != len(self.choices):
            raise ValueError(f"{self.name}: a categorical range needs distinct values, at least one")


NumericRange = ContinuousRange | IntegerRange
ParameterRange = ContinuousRange | IntegerRange | CategoricalRange

Assignment = Mapping[str, float | int | str]
"""One point of a search space: every range's name with a value of its type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSpace:
    """All ranges of a tuning job, in the caller's order; names are distinct."""

    ranges: tuple[ParameterRange, ...]
    defaults: Assignment = field(default_factory=dict)  # what the algorithm takes untold, of some ranges, inside them

    def __post_init__(self) -> None:
        names = [each.name for each in self.ranges]
        if len(set(names)) != len(names):
            raise ValueError(f"a hyperparameter may have one range only: {names}")
        known = {each.name: each for each in self.ranges}
        for name, value in self.defaults.items():
            if name not in known or not _holds(known[name], value):
                raise ValueError(f"{name}: the default {value!r} is not a value of {known.get(name, 'any range')}")


def defaults_inside(ranges: Iterable[ParameterRange], texts: Mapping[str, str]) -> Assignment:
    """Read those of an algorithm's defaults, by name, that are values of the ranges; the others are left out."""
    read = {each.name: read_value(each, texts.get(each.name)) for each in ranges}
    return {name: value for name, value in read.items() if value is not None}


def read_value(where: ParameterRange, text: str | None) -> float | int | str | None:
    """Read a value that another range, or somebody, has written; None if it is not one of *where*."""
    if text is None:
        return None
    match where:
        case CategoricalRange():
            return text if text in where.choices else None
        case ContinuousRange():
            value = _number(text)
            return value if value is not None and where.low <= value <= where.high else None
        case IntegerRange():
            value = _number(text)
            return int(value) if value is not None and value.is_integer() and where.low <= value <= where.high else None
        case _:
            assert_never(where)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None  # not a number: a static hyperparameter may be any text


def _holds(where: ParameterRange, value: float | int | str) -> bool:
    match where:
        case CategoricalRange():
            return value in where.choices
        case ContinuousRange():
            return type(value) in (float, int) and where.low <= float(value) <= where.high
        case IntegerRange():
            return type(value) is int and where.low <= value <= where.high
        case _:
            assert_never(where)


def _check_bounds(name: str, low: float, high: float, scaling: ScalingType) -> None:
    if not (math.isfinite(low) and math.isfinite(high) and low <= high):
        raise ValueError(f"{name}: the minimum must not be above the maximum, both finite, not {low} and {high}")
    if scaling is ScalingType.LOGARITHMIC and low <= 0:
        raise ValueError(
            f"{name}: Logarithmic scaling works only for ranges that have only values greater than 0, not {low}"
        )
