"""CloudWatch: the metrics that training jobs reported, and what their hosts have used, in periods."""

import math
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from luthier.api.desk import Desk
from luthier.api.members import moment, structures, text, texts, whole
from luthier.api.usage_metrics import host_points
from luthier.records.call import ApiError, Call
from luthier.records.json_value import JsonObject
from luthier.records.names import Scope, training_job_arn

NAMESPACE = "/aws/sagemaker/TrainingJobs"
MOST = 1440  # data points of an answer: GetMetricStatistics, Amazon CloudWatch API Reference
MINUTE_S = 60
_LARGEST = sys.float_info.max
_LARGEST_SUM = Fraction(_LARGEST)


def get_metric_statistics(desk: Desk, call: Call) -> JsonObject:
    """
    Answer GetMetricStatistics; a namespace, metric or training job that nobody knows has no data points.

    The start is rounded down to a minute, or to a shorter period, and periods follow one another from there on.
    AWS: GetMetricStatistics, Amazon CloudWatch API Reference.
    """
    given = call.parameters
    period, end = whole(given, "Period"), moment(given, "EndTime") or 0.0
    _check(given, period, moment(given, "StartTime") or 0.0, end)
    start = _rounded_down(moment(given, "StartTime") or 0.0, period)
    values: dict[float, list[float]] = defaultdict(list)
    unit, found = _points(desk, call)
    for at, value in found if text(given, "Unit", unit) == unit else ():
        if start <= at < end:
            values[start + (at - start) // period * period].append(value)
    asked = texts(given, "Statistics")
    points: list[JsonObject] = [
        {"Timestamp": at, "Unit": unit, **{name: _STATISTICS[name](held) for name in asked}}
        for at, held in sorted(values.items())
    ]
    return {"Label": text(given, "MetricName"), "Datapoints": points}


def _total(values: Sequence[float]) -> Fraction:
    """Add, without rounding where a sum of floating-point numbers would be too large."""
    if max(map(abs, values)) < _LARGEST / len(values):
        return Fraction(math.fsum(values))
    return sum(map(Fraction, values), Fraction())


def _average(values: Sequence[float]) -> float:
    return float(_total(values) / len(values))


def _sum(values: Sequence[float]) -> float:
    """Add; a sum that is too large for a number is the largest there is."""
    return float(max(-_LARGEST_SUM, min(_LARGEST_SUM, _total(values))))


_STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Average": _average,
    "Sum": _sum,
    "Minimum": min,
    "Maximum": max,
    "SampleCount": len,
}


def _rounded_down(start: float, period: int) -> float:
    step = min(period, MINUTE_S)
    return float(start // step * step)


def _check(given: JsonObject, period: int, start: float, end: float) -> None:
    if start >= end:
        raise _wrong("InvalidParameterValue", "The parameter StartTime must be less than the parameter EndTime.")
    if period % MINUTE_S and period not in (1, 5, 10, 20, 30):
        raise _wrong("InvalidParameterValue", "The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60.")
    if not texts(given, "Statistics"):
        raise _wrong("InvalidParameterCombination", "At least one of the parameters Statistics must be specified.")
    wanted = math.ceil((end - start) / period)
    if wanted > MOST:
        raise _wrong(
            "InvalidParameterCombination",
            f"You have requested up to {wanted} datapoints, which exceeds the limit of {MOST}. You may reduce the "
            "datapoints requested by increasing Period, or decreasing the time range.",
        )


def _points(desk: Desk, call: Call) -> tuple[str, Iterator[tuple[float, float]]]:
    """Give the unit of what is asked for, and its points."""
    given = call.parameters
    of = [(text(each, "Name"), text(each, "Value")) for each in structures(given, "Dimensions")]
    if text(given, "Namespace") == NAMESPACE and [name for name, _ in of] == ["TrainingJobName"]:
        return "None", _reported(desk, call.scope, text(given, "MetricName"), of[0][1])
    if text(given, "Namespace") == NAMESPACE and [name for name, _ in of] == ["Host"]:
        return "Percent", host_points(desk, call.scope, text(given, "MetricName"), of[0][1])
    return "None", iter(())


def _reported(desk: Desk, scope: Scope, metric: str, name: str) -> Iterator[tuple[float, float]]:
    arn = training_job_arn(scope, name)
    job = desk.store.training_jobs.get(arn)
    if job is None or job.name != name:  # an ARN knows no capitals, a dimension's value does
        return
    for each in desk.store.training_jobs.curves([arn], metric)[arn]:
        yield each.at, each.value


def _wrong(code: str, message: str) -> ApiError:
    return ApiError(code, message)
