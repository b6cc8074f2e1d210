"""
What a filter's operator and value say of the values that a record has for a property.

| kind           | Equals, NotEquals | greater, less | Contains, In | Exists, NotExists |
|----------------|-------------------|---------------|--------------|-------------------|
| text           | yes               |               | yes          | yes               |
| number, time   | yes               | yes           |              | yes               |
| hyperparameter | yes               | yes           | yes          | yes               |
| boolean        | yes               |               |              | yes               |
| structure      |                   |               |              | yes               |

A record without the property is only found by NotEquals and NotExists; where it has several values, one that fits is
enough, and for NotEquals none may be equal. AWS: Filter, Amazon SageMaker API Reference.
"""

import math
import operator as arithmetic
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from luthier.api.search_properties import Kind, Property
from luthier.records.call import ApiError, validation_error
from luthier.records.json_value import JsonValue

Comparison = Callable[[Sequence[JsonValue]], bool]
Number = Callable[[JsonValue], float | None]

_ORDER: Mapping[str, Callable[[float, float], bool]] = {
    "Equals": arithmetic.eq,
    "GreaterThan": arithmetic.gt,
    "GreaterThanOrEqualTo": arithmetic.ge,
    "LessThan": arithmetic.lt,
    "LessThanOrEqualTo": arithmetic.le,
}
_INEQUALITIES = frozenset(_ORDER) - {"Equals"}
_ALLOWED: Mapping[Kind, frozenset[str]] = {
    Kind.TEXT: frozenset({"Equals", "NotEquals", "Contains", "In"}),
    Kind.NUMBER: frozenset({"NotEquals", *_ORDER}),
    Kind.TIME: frozenset({"NotEquals", *_ORDER}),
    Kind.HYPERPARAMETER: frozenset({"NotEquals", "Contains", "In", *_ORDER}),
    Kind.TRUTH: frozenset({"Equals", "NotEquals"}),
    Kind.WHOLE: frozenset(),
}

_WHOLE = re.compile(r"[+-]?[0-9]{1,300}")
_DECIMAL = re.compile(r"[+-]?([0-9]{1,300}(\.[0-9]{0,300})?|\.[0-9]{1,300})([eE][+-]?[0-9]{1,4})?")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?")


def comparison(asked: Property, operator: str, value: str | None) -> Comparison:
    """Read a filter's *operator* and *value*; raises a ValidationException where the property does not take them."""
    if operator in ("Exists", "NotExists"):
        if value is not None:
            raise validation_error(f"The filter on {asked.name!r} has a Value, which {operator} does not take.")
        return (lambda held: bool(held)) if operator == "Exists" else (lambda held: not held)
    if operator not in _ALLOWED[asked.kind]:
        raise validation_error(f"The operator {operator} is not supported for the property {asked.name!r}.")
    if value is None:
        raise validation_error(f"The filter on {asked.name!r} has no Value, which {operator} needs.")
    if operator == "NotEquals":
        is_equal = comparison(asked, "Equals", value)
        return lambda held: not is_equal(held)
    fits = _fitting(asked, operator, value)
    return lambda held: any(fits(each) for each in held)


def _fitting(asked: Property, operator: str, value: str) -> Callable[[JsonValue], bool]:
    """Give what tells whether one value fits."""
    match operator:
        case "Contains":
            return lambda held: value in str(held)
        case "In":
            wanted = {each.strip() for each in value.split(",")}
            return lambda held: str(held) in wanted
        case _:
            return _compared(asked, operator, value)


def _compared(asked: Property, operator: str, value: str) -> Callable[[JsonValue], bool]:
    match asked.kind:
        case Kind.NUMBER:
            bound = _decimal(value)
            if bound is None:
                raise _wrong(asked, value, "an integer or a floating-point decimal")
            return _ordered(operator, bound, _number)
        case Kind.TIME:
            moment = _time(value)
            if moment is None:
                raise _wrong(asked, value, "an ISO 8601 time such as 2026-01-31T23:59:59")
            return _ordered(operator, moment, _number)
        case Kind.HYPERPARAMETER:
            return _hyperparameter(asked, operator, value)
        case Kind.TRUTH:
            if value.lower() not in ("true", "false"):
                raise _wrong(asked, value, "true or false")
            return lambda held: held is (value.lower() == "true")
        case _:
            return lambda held: held == value


def _hyperparameter(asked: Property, operator: str, value: str) -> Callable[[JsonValue], bool]:
    """Compare with a number as a number, with a whole one as a whole one; with any other text as text."""
    bound = _decimal(value)
    if bound is None:
        if operator in _INEQUALITIES:
            raise _wrong(asked, value, "an integer or a floating-point decimal")
        return lambda held: held == value
    is_whole = _WHOLE.fullmatch(value) is not None

    def number(held: JsonValue) -> float | None:
        found = _decimal(str(held))
        return float(math.trunc(found)) if found is not None and is_whole else found

    return _ordered(operator, bound, number)


def _ordered(operator: str, bound: float, number: Number) -> Callable[[JsonValue], bool]:
    compare = _ORDER[operator]

    def fits(held: JsonValue) -> bool:
        found = number(held)
        return found is not None and compare(found, bound)

    return fits


def _number(held: JsonValue) -> float | None:
    return float(held) if isinstance(held, int | float) else None


def _decimal(value: str) -> float | None:
    found = float(value) if _DECIMAL.fullmatch(value) else math.nan
    return found if math.isfinite(found) else None


def _time(value: str) -> float | None:
    try:
        moment = datetime.fromisoformat(value) if _TIME.fullmatch(value) else None
    except ValueError:
        return None  # such as the 31st of June
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() if moment else None


def _wrong(asked: Property, value: str, wanted: str) -> ApiError:
    return validation_error(f"The filter on {asked.name!r} has the Value {value!r}; write {wanted}.")
