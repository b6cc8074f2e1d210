"""
The hyperparameters that an algorithm resource supports: how they are declared, and which values they take.

AWS: HyperParameterSpecification and ParameterRange, Amazon SageMaker API Reference.
"""

from collections.abc import Callable, Mapping

from luthier.api.members import structure, text, texts
from luthier.api.numerals import read_decimal, read_whole
from luthier.records.algorithm_resource import Bounds, HyperparameterType, SupportedHyperparameter
from luthier.records.call import ApiError, validation_error
from luthier.records.json_value import JsonObject

_RANGES: Mapping[HyperparameterType, str] = {
    HyperparameterType.INTEGER: "IntegerParameterRangeSpecification",
    HyperparameterType.CONTINUOUS: "ContinuousParameterRangeSpecification",
    HyperparameterType.CATEGORICAL: "CategoricalParameterRangeSpecification",
}
_READERS: Mapping[HyperparameterType, Callable[[str], int | float | None]] = {
    HyperparameterType.INTEGER: read_whole,
    HyperparameterType.CONTINUOUS: read_decimal,
}
_NUMBERS = {HyperparameterType.INTEGER: "a whole number", HyperparameterType.CONTINUOUS: "a number"}


def parse_hyperparameter(given: JsonObject) -> SupportedHyperparameter:
    """
    Read a HyperParameterSpecification; raises ApiError for one that contradicts itself.

    A Range is optional; one number is a range. A hyperparameter may be required and have a default all the same, which
    SageMaker allows although its reference says otherwise; then the default is what it gets.
    """
    name, kind = text(given, "Name"), HyperparameterType(text(given, "Type"))
    if not name:
        raise validation_error("SupportedHyperParameters holds a hyperparameter without a name; give it a Name.")
    is_tunable = bool(given.get("IsTunable", False))
    if kind is HyperparameterType.FREE_TEXT and is_tunable:
        raise _wrong(name, "is FreeText, for which there are no ranges to tune it in; set IsTunable to false")
    limits = _range(given, name, kind)
    hyperparameter = SupportedHyperparameter(
        name=name,
        type=kind,
        bounds=_bounds(limits, name, kind) if limits and kind in _READERS else None,
        choices=_choices(limits, name) if limits and kind is HyperparameterType.CATEGORICAL else None,
        is_tunable=is_tunable,
        is_required=bool(given.get("IsRequired", False)),
        default=text(given, "DefaultValue") if "DefaultValue" in given else None,
    )
    if hyperparameter.default is not None and not takes(hyperparameter, hyperparameter.default):
        raise _wrong(name, f"has the DefaultValue {hyperparameter.default!r}; write {values_of(hyperparameter)}")
    return hyperparameter


def takes(hyperparameter: SupportedHyperparameter, written: str) -> bool:
    """Whether *written* is a value of the hyperparameter: of its type, and in its range if it has one."""
    if hyperparameter.type in _READERS:
        value = _READERS[hyperparameter.type](written)
        bounds = hyperparameter.bounds
        return value is not None and (bounds is None or bounds.low <= value <= bounds.high)
    return hyperparameter.choices is None or written in hyperparameter.choices


def values_of(hyperparameter: SupportedHyperparameter) -> str:
    """
    Say which values the hyperparameter takes.

    >>> values_of(SupportedHyperparameter(name="k", type=HyperparameterType.INTEGER, bounds=Bounds(low=1, high=9)))
    'a whole number from 1 to 9'
    """
    if hyperparameter.type in _READERS:
        bounds = hyperparameter.bounds
        return _NUMBERS[hyperparameter.type] + (f" from {bounds.low} to {bounds.high}" if bounds else "")
    return f"one of {list(hyperparameter.choices)}" if hyperparameter.choices is not None else "any text"


def _range(given: JsonObject, name: str, kind: HyperparameterType) -> JsonObject:
    """Give what its Range says for its type; empty where there is none."""
    if "Range" not in given:
        return {}
    if kind not in _RANGES:
        raise _wrong(name, f"is {kind}, which has no Range; leave it out")
    held = structure(given, "Range")
    if set(held) != {_RANGES[kind]}:
        raise _wrong(name, f"is {kind}, so its Range must be a {_RANGES[kind]}, not {sorted(held) or 'empty'}")
    return structure(held, _RANGES[kind])


def _bounds(limits: JsonObject, name: str, kind: HyperparameterType) -> Bounds:
    low, high = (_number(limits, member, name, kind) for member in ("MinValue", "MaxValue"))
    try:
        return Bounds(low=low, high=high)
    except ValueError as error:
        raise _wrong(name, f"has a Range that holds nothing: {error}") from error


def _number(limits: JsonObject, member: str, name: str, kind: HyperparameterType) -> int | float:
    value = _READERS[kind](text(limits, member))
    if value is None:
        raise _wrong(name, f"has the {member} {text(limits, member)!r} in its Range; write {_NUMBERS[kind]}")
    return value


def _choices(limits: JsonObject, name: str) -> tuple[str, ...]:
    choices = tuple(texts(limits, "Values"))
    if len(set(choices)) < len(choices):
        raise _wrong(name, "has a value twice in its Range; give every value once")
    return choices


def _wrong(name: str, what: str) -> ApiError:
    return validation_error(f"SupportedHyperParameters: the hyperparameter {name!r} {what}.")
