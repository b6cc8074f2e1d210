"""CloudWatch: the metrics that training jobs reported, in periods."""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from luthier.api.desk import Desk
from luthier.api.members import moment, structures, text, texts, whole
from luthier.records.call import ApiError, Call
from luthier.records.json_value import JsonObject
from luthier.records.names import training_job_arn

NAMESPACE = "/aws/sagemaker/TrainingJobs"
MOST = 1440  # data points of an answer: GetMetricStatistics, Amazon CloudWatch API Reference

_STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Average": lambda values: math.fsum(values) / len(values),
    "Sum": math.fsum,
    "Minimum": min,
    "Maximum": max,
    "SampleCount": len,
}


def get_metric_statistics(desk: Desk, call: Call) -> JsonObject:
    """Answer GetMetricStatistics; a namespace, metric or training job that nobody knows has no data points."""
    given = call.parameters
    period, start, end = whole(given, "Period"), moment(given, "StartTime") or 0.0, moment(given, "EndTime") or 0.0
    _check(given, period, start, end)
    values: dict[int, list[float]] = defaultdict(list)
    for at, value in _points(desk, call):
        if start <= at < end:
            values[int(at // period) * period].append(value)
    asked = texts(given, "Statistics")
    points: list[JsonObject] = [
        {"Timestamp": float(at), "Unit": "None", **{name: float(_STATISTICS[name](held)) for name in asked}}
        for at, held in sorted(values.items())
    ]
    return {"Label": text(given, "MetricName"), "Datapoints": points}


def _check(given: JsonObject, period: int, start: float, end: float) -> None:
    if start >= end:
        raise _wrong("InvalidParameterValue", "The parameter StartTime must be less than the parameter EndTime.")
    if period % 60 and period not in (1, 5, 10, 20, 30):
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


def _points(desk: Desk, call: Call) -> list[tuple[float, float]]:
    given = call.parameters
    of = {text(each, "Name"): text(each, "Value") for each in structures(given, "Dimensions")}
    if text(given, "Namespace") != NAMESPACE or set(of) != {"TrainingJobName"}:
        return []
    points = desk.store.training_jobs.points(training_job_arn(call.scope, of["TrainingJobName"]))
    return [(each.at, each.value) for each in points if each.name == text(given, "MetricName")]


def _wrong(code: str, message: str) -> ApiError:
    return ApiError(code, message)
