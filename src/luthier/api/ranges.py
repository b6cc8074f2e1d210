"""Parameter ranges: wire text to a search space."""

import math
import re
from collections.abc import Callable
from typing import TypeVar

from luthier.api.members import structures, text, texts
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

# Python's own int() and float() also take "1_0", "١", "nan" and surrounding blanks, which no algorithm would.
_WHOLE = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")

T = TypeVar("T")


def parse_space(ranges: JsonObject) -> SearchSpace:
    """Read a ParameterRanges structure; raises ApiError for one that cannot be searched."""
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
    return _checked(lambda: SearchSpace(ranges=tuple(parsed)))


def check_combinations(space: SearchSpace, max_jobs: int) -> None:
    """Refuse a discrete search space that has fewer points than the tuning job may launch training jobs."""
    combinations = 1
    for each in space.ranges:
        match each:
            case ContinuousRange():
                return
            case IntegerRange():
                combinations *= each.high - each.low + 1
            case CategoricalRange():
                combinations *= len(each.choices)
    if combinations < max_jobs:
        raise validation_error(
            "You don't have enough combinations of hyperparameter ranges. The total number of hyperparameter "
            f"combinations for the provided ranges [{float(combinations)}] must be equal or greater than the value "
            f"of MaxNumberOfJobs, [{max_jobs}]. Provide additional ranges."
        )


def _integer(given: JsonObject) -> ParameterRange:
    return IntegerRange(
        name=text(given, "Name"), low=_whole(given, "MinValue"), high=_whole(given, "MaxValue"), scaling=_scaling(given)
    )


def _continuous(given: JsonObject) -> ParameterRange:
    low, high = _decimal(given, "MinValue"), _decimal(given, "MaxValue")
    if not math.isfinite(high - low):
        raise ValueError(f"{text(given, 'Name')}: from {low} to {high} is wider than a number can say")
    return ContinuousRange(name=text(given, "Name"), low=low, high=high, scaling=_scaling(given))


def _categorical(given: JsonObject) -> ParameterRange:
    return CategoricalRange(name=text(given, "Name"), choices=tuple(texts(given, "Values")))


def _scaling(given: JsonObject) -> ScalingType:
    return ScalingType(text(given, "ScalingType", ScalingType.AUTO))


def _whole(given: JsonObject, member: str) -> int:
    written = text(given, member)
    if not _WHOLE.fullmatch(written):
        raise ValueError(f"{text(given, 'Name')}: {member} {written!r} is not a whole number; write one such as 10")
    value = int(written)
    if abs(value) > LARGEST:
        raise ValueError(f"{text(given, 'Name')}: {member} {written} is beyond {LARGEST}, the largest that is exact")
    return value


def _decimal(given: JsonObject, member: str) -> float:
    written = text(given, member)
    value = float(written) if _DECIMAL.fullmatch(written) else math.nan
    if not math.isfinite(value):
        raise ValueError(f"{text(given, 'Name')}: {member} {written!r} is not a number; write one such as 0.1 or 1e-3")
    return value


def _parsed(parse: Callable[[JsonObject], ParameterRange], given: JsonObject) -> ParameterRange:
    return _checked(lambda: parse(given))


def _checked(make: Callable[[], T]) -> T:
    try:
        return make()
    except ValueError as error:
        raise validation_error(f"ParameterRanges is not valid: {error}.") from error
