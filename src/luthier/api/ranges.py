"""
Parameter ranges: wire text to a search space.

AWS: "Define Hyperparameter Ranges" and "Hyperparameter Scaling", Amazon SageMaker Developer Guide; ParameterRanges,
Amazon SageMaker API Reference.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from luthier.api.members import structures, text, texts
from luthier.api.numerals import DECIMAL, WHOLE
from luthier.records.call import validation_error
from luthier.records.json_value import JsonObject
from luthier.records.search_space import (
    CategoricalRange,
    ContinuousRange,
    IntegerRange,
    ParameterRange,
    ScalingType,
    SearchSpace,
)

RANGES = 30  # tunable hyperparameters of one tuning job at most
LARGEST = 2**53  # whole numbers up to here are exact in every program that reads JSON

T = TypeVar("T")
N = TypeVar("N", int, float)


def parse_space(ranges: JsonObject, *, allows_single_values: bool = False) -> SearchSpace:
    """
    Read a ParameterRanges structure; raises ApiError for one that cannot be searched.

    A numeric range whose bounds are equal is refused, as by SageMaker, unless *allows_single_values*.
    """
    parsed: list[ParameterRange] = [
        *(_parsed(_integer, each) for each in structures(ranges, "IntegerParameterRanges")),
        *(_parsed(_continuous, each) for each in structures(ranges, "ContinuousParameterRanges")),
        *(_parsed(_categorical, each) for each in structures(ranges, "CategoricalParameterRanges")),
    ]
    if not 1 <= len(parsed) <= RANGES:
        raise validation_error(
            f"ParameterRanges holds {len(parsed)} hyperparameters; give at least 1 and at most {RANGES}."
        )
    for each in parsed:
        if not each.name:
            raise validation_error("ParameterRanges holds a range without a name; give it a Name.")
        if not (isinstance(each, CategoricalRange) or allows_single_values or each.low < each.high):
            raise validation_error(
                f"ParameterRanges is not valid: {each.name}: MinValue [{each.low}] must be less than MaxValue "
                f"[{each.high}]. To keep the hyperparameter at one value, give it in StaticHyperParameters."
            )
    return _checked(lambda: SearchSpace(ranges=tuple(parsed)))


def check_combinations(spaces: Sequence[SearchSpace], max_jobs: int) -> None:
    """Refuse discrete search spaces that together have fewer points than the tuning job may launch training jobs."""
    combinations = combinations_of(spaces)
    if combinations is not None and combinations < max_jobs:
        raise validation_error(
            "You don't have enough combinations of hyperparameter ranges. The total number of hyperparameter "
            f"combinations for the provided ranges [{float(combinations)}] must be equal or greater than the value "
            f"of MaxNumberOfJobs, [{max_jobs}]. Provide additional ranges."
        )


def combinations_of(spaces: Sequence[SearchSpace]) -> int | None:
    """Count the points of search spaces together; None if there is no end of them."""
    counts = [count for each in spaces if (count := _combinations(each)) is not None]
    return sum(counts) if len(counts) == len(spaces) else None


def _combinations(space: SearchSpace) -> int | None:
    """Count the points of a search space; None, there is no end of them, if any of its ranges is continuous."""
    combinations = 1
    for each in space.ranges:
        match each:
            case ContinuousRange() if each.low < each.high:
                return None
            case ContinuousRange():
                continue
            case IntegerRange():
                combinations *= each.high - each.low + 1
            case CategoricalRange():
                combinations *= len(each.choices)
    return combinations


def _integer(given: JsonObject) -> ParameterRange:
    low, high = _ordered(given, _whole(given, "MinValue"), _whole(given, "MaxValue"))
    return IntegerRange(name=text(given, "Name"), low=low, high=high, scaling=_scaling(given))


def _continuous(given: JsonObject) -> ParameterRange:
    low, high = _ordered(given, _decimal(given, "MinValue"), _decimal(given, "MaxValue"))
    if not math.isfinite(high - low):
        raise ValueError(f"{text(given, 'Name')}: from {low} to {high} is wider than a number can say")
    return ContinuousRange(name=text(given, "Name"), low=low, high=high, scaling=_scaling(given))


def _categorical(given: JsonObject) -> ParameterRange:
    for value, count in Counter(texts(given, "Values")).items():
        if count > 1:
            raise ValueError(f"{text(given, 'Name')}: Values holds {value!r} {count} times; give distinct values")
    return CategoricalRange(name=text(given, "Name"), choices=tuple(texts(given, "Values")))


def _scaling(given: JsonObject) -> ScalingType:
    return ScalingType(text(given, "ScalingType", ScalingType.AUTO))


def _ordered(given: JsonObject, low: N, high: N) -> tuple[N, N]:
    if low > high:
        raise ValueError(f"{text(given, 'Name')}: MinValue [{low}] must be less than MaxValue [{high}]")
    return low, high


def _whole(given: JsonObject, member: str) -> int:
    written = text(given, member)
    if not WHOLE.fullmatch(written):
        raise ValueError(f"{text(given, 'Name')}: {member} {written!r} is not a whole number; write one such as 10")
    if len(written.lstrip("+-0")) > len(str(LARGEST)) or abs(int(written)) > LARGEST:
        raise ValueError(f"{text(given, 'Name')}: {member} {written} is beyond {LARGEST}, the largest that is exact")
    return int(written)


def _decimal(given: JsonObject, member: str) -> float:
    written = text(given, member)
    if not DECIMAL.fullmatch(written):
        raise ValueError(f"{text(given, 'Name')}: {member} {written!r} is not a number; write one such as 0.1 or 1e-3")
    value = float(written)
    if not math.isfinite(value):
        raise ValueError(f"{text(given, 'Name')}: {member} {written} is larger than a floating-point number can be")
    return value


def _parsed(parse: Callable[[JsonObject], ParameterRange], given: JsonObject) -> ParameterRange:
    return _checked(lambda: parse(given))


def _checked(make: Callable[[], T]) -> T:
    try:
        return make()
    except ValueError as error:
        raise validation_error(f"ParameterRanges is not valid: {error}.") from error
