"""The hyperparameters that a tuning job may choose, and between which bounds."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


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


ParameterRange = ContinuousRange | IntegerRange | CategoricalRange

Assignment = Mapping[str, float | int | str]
"""One point of a search space: every range's name with a value of its type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSpace:
    """All ranges of a tuning job, in the caller's order; names are distinct."""

    ranges: tuple[ParameterRange, ...]

    def __post_init__(self) -> None:
        names = [each.name for each in self.ranges]
        if len(set(names)) != len(names):
            raise ValueError(f"a hyperparameter may have one range only: {names}")


def _check_bounds(name: str, low: float, high: float, scaling: ScalingType) -> None:
    if not (math.isfinite(low) and math.isfinite(high) and low <= high):
        raise ValueError(f"{name}: the minimum must not be above the maximum, both finite, not {low} and {high}")
    if scaling is ScalingType.LOGARITHMIC and low <= 0:
        raise ValueError(
            f"{name}: Logarithmic scaling works only for ranges that have only values greater than 0, not {low}"
        )
