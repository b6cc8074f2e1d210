r"""
Autotune: what a tuning job leaves out is filled in, before anything else is made of the request.

| left out                       | becomes                                                                            |
|--------------------------------|------------------------------------------------------------------------------------|
| `MaxNumberOfTrainingJobs`      | 10 for each hyperparameter that is tuned, 20 at least and 100 at most, and no more |
|                                | than there are combinations; of Grid, as ever                                      |
| `TrainingJobEarlyStoppingType` | Auto; Off with Hyperband and with several definitions, where Auto is not possible  |
| `CompleteOnConvergence`        | Enabled                                                                            |
| `RetryStrategy`                | one retry                                                                          |

Each of the AutoParameters becomes a range, or a static hyperparameter where none can be told:

| ValueHint                                      | range                                                           |
|------------------------------------------------|-----------------------------------------------------------------|
| of a name that the image's algorithm knows     | the range that is recommended for it, widened to hold the hint  |
| of a name that begins with `sagemaker_` or `_` | none: it is for the training toolkit                            |
| a whole number n, such as `10`                 | a quarter of it to four times; of 0, 0 to 10                    |
| a decimal number x within 0 to 1, as `0.1`     | a tenth of it to ten times, but not above 1; of 0, 0 to 1       |
| any other decimal number x                     | a tenth of it to ten times                                      |
| `true` or `false`, in any capitals             | both of them                                                    |
| anything else                                  | none                                                            |

AWS says that the range is chosen where a hyperparameter "is eligible", and not how. CreateHyperParameterTuningJob,
Autotune, AutoParameter: Amazon SageMaker API Reference.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from luthier.api.definitions import CONFIG, ONE, SEVERAL, GivenDefinition, definitions_of, told_of
from luthier.api.grid import GRID
from luthier.api.members import structure, structures, text, text_map
from luthier.api.numerals import DECIMAL, WHOLE
from luthier.api.ranges import combinations_of, parse_space
from luthier.records.call import validation_error
from luthier.records.json_value import JsonObject
from luthier.records.search_space import IntegerRange, NumericRange, SearchSpace

INTEGERS, CONTINUOUS, CATEGORIES = "IntegerParameterRanges", "ContinuousParameterRanges", "CategoricalParameterRanges"
PER_RANGE, FEWEST, MOST = 10, 20, 100
RETRIES = 1

Known = Mapping[str, NumericRange]


def autotuned(request: JsonObject, known: Sequence[Known]) -> JsonObject:
    """
    Fill in a request that asks for Autotune; any other stays as it is.

    *known* are the recommended ranges of each definition's algorithm. Raises ApiError for AutoParameters without
    Autotune, and for one that is given elsewhere too.
    """
    definitions = definitions_of(request)
    if "Autotune" not in request:
        for each in definitions:
            with told_of(each):
                _refuse_auto_parameters(each)
        return request
    filled = []
    for each, ranges in zip(definitions, known, strict=True):
        with told_of(each):
            filled.append(_with_ranges(each, ranges))
    config = _completed(structure(request, CONFIG), filled, is_one=SEVERAL not in request)
    members = [{"RetryStrategy": {"MaximumRetryAttempts": RETRIES}, **each.members} for each in filled]
    if SEVERAL in request:
        own = [{**each, "HyperParameterRanges": found.ranges} for each, found in zip(members, filled, strict=True)]
        return {**request, CONFIG: config, SEVERAL: own}
    return {**request, CONFIG: {**config, "ParameterRanges": filled[0].ranges}, ONE: members[0]}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filled:
    """A definition with what was inferred for it."""

    members: JsonObject
    ranges: JsonObject
    space: SearchSpace


def _refuse_auto_parameters(given: GivenDefinition) -> None:
    names = [text(each, "Name") for each in structures(given.ranges, "AutoParameters")]
    if names:
        raise validation_error(
            f"AutoParameters, {', '.join(map(repr, names))}, need Autotune; set Autotune.Mode to Enabled, or give "
            "each a range."
        )


def _completed(config: JsonObject, filled: Sequence[_Filled], *, is_one: bool) -> JsonObject:
    limits, criteria = structure(config, "ResourceLimits"), structure(config, "TuningJobCompletionCriteria")
    strategy = text(config, "Strategy")
    if strategy != GRID:
        limits = {"MaxNumberOfTrainingJobs": _training_jobs(filled), **limits}
    stops = "Auto" if is_one and strategy != "Hyperband" else "Off"
    criteria = {"ConvergenceDetected": {"CompleteOnConvergence": "Enabled"}, **criteria}
    return {
        "TrainingJobEarlyStoppingType": stops,
        **config,
        "ResourceLimits": limits,
        "TuningJobCompletionCriteria": criteria,
    }


def _training_jobs(filled: Sequence[_Filled]) -> int:
    count = min(MOST, max(FEWEST, PER_RANGE * sum(len(each.space.ranges) for each in filled)))
    points = combinations_of([each.space for each in filled])
    return count if points is None else min(count, points)


def _with_ranges(given: GivenDefinition, known: Known) -> _Filled:
    ranges = {kind: list(structures(given.ranges, kind)) for kind in (INTEGERS, CONTINUOUS, CATEGORIES)}
    static = text_map(given.members, "StaticHyperParameters")
    taken = {*static, *(text(each, "Name") for kind in ranges.values() for each in kind)}
    for each in structures(given.ranges, "AutoParameters"):
        name, hint = text(each, "Name"), text(each, "ValueHint")
        if name in taken:
            raise validation_error(f"AutoParameters: {name!r} is given elsewhere too; give it once.")
        taken.add(name)
        found = _range_of(name, hint, known)
        if found is None:
            static[name] = hint
        else:
            ranges[found[0]].append({"Name": name, **found[1]})
    members = {**given.members, "StaticHyperParameters": static}
    settled = {**given.ranges, **{kind: each for kind, each in ranges.items() if each}}
    return _Filled(members=members, ranges=settled, space=parse_space(settled, allows_single_values=True))


def _range_of(name: str, hint: str, known: Known) -> tuple[str, JsonObject] | None:
    """Tell the kind of the range for a hint, and the range without its name; None where none can be told."""
    if name.startswith(("sagemaker_", "_")):
        return None
    if name in known and DECIMAL.fullmatch(hint):
        return _recommended(known[name], float(hint))
    if WHOLE.fullmatch(hint) and len(hint) < 12:
        return INTEGERS, _bounds(*_around(int(hint)))
    if DECIMAL.fullmatch(hint) and abs(float(hint)) < 1e150:
        return CONTINUOUS, _bounds(*_about(float(hint)))
    if hint.lower() in ("true", "false"):
        return CATEGORIES, {"Values": [hint, _opposite(hint)]}
    return None


def _recommended(known: NumericRange, hint: float) -> tuple[str, JsonObject]:
    low, high = min(known.low, hint), max(known.high, hint)
    if isinstance(known, IntegerRange):
        return INTEGERS, _bounds(int(low), int(high))
    return CONTINUOUS, _bounds(float(low), float(high))


def _around(hint: int) -> tuple[int, int]:
    if hint == 0:
        return 0, 10
    near, far = (abs(hint) + 3) // 4, 4 * abs(hint)
    return (near, far) if hint > 0 else (-far, -near)


def _about(hint: float) -> tuple[float, float]:
    if hint == 0.0:
        return 0.0, 1.0
    if hint < 0.0:
        return 10.0 * hint, hint / 10.0
    return hint / 10.0, min(1.0, 10.0 * hint) if hint <= 1.0 else 10.0 * hint


def _bounds(low: float, high: float) -> dict[str, Any]:
    return {"MinValue": repr(low), "MaxValue": repr(high), "ScalingType": "Auto"}


def _opposite(hint: str) -> str:
    other = "false" if hint.lower() == "true" else "true"
    return other.upper() if hint.isupper() else other.capitalize() if hint[0].isupper() else other
