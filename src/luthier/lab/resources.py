"""
What training jobs used of their first host, as further columns of their table.

It is asked of CloudWatch, of whatever endpoint: a column is a metric and its statistic over the whole training. AWS:
"Amazon SageMaker AI metrics in Amazon CloudWatch", Developer Guide.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from luthier.lab.tables import Row

METRICS: Mapping[str, Sequence[str]] = {
    "CPUUtilization": ("Average", "Maximum"),
    "MemoryUtilization": ("Maximum",),
    "GPUUtilization": ("Average", "Maximum"),
    "GPUMemoryUtilization": ("Maximum",),
    "DiskUtilization": ("Maximum",),
}
RESOURCES = tuple(f"{metric}{statistic}" for metric, told in METRICS.items() for statistic in told)
"""The further columns, in percent; None where nothing was measured, and until the training job is over."""

_MOST = 1440  # data points of an answer: GetMetricStatistics, Amazon CloudWatch API Reference
_MINUTE_S = 60


def with_resources(table: Sequence[Row], cloudwatch: Any) -> list[Row]:  # Any: boto3 makes its clients
    """Give the rows of training jobs with what they used; raises what the client raises."""
    return [{**row, **dict.fromkeys(RESOURCES), **dict(_used(row, cloudwatch))} for row in table]


def _used(row: Row, cloudwatch: Any) -> Iterator[tuple[str, float]]:
    began, ended = row["TrainingStartTime"], row["TrainingEndTime"]
    if began is None or ended is None:
        return
    span_s = (ended - began).total_seconds() + _MINUTE_S  # the start is rounded down to a minute
    for metric, statistics in METRICS.items():
        points = cloudwatch.get_metric_statistics(
            Namespace="/aws/sagemaker/TrainingJobs",
            MetricName=metric,
            Dimensions=[{"Name": "Host", "Value": f"{row['TrainingJobName']}/algo-1"}],
            StartTime=began,
            EndTime=began + timedelta(seconds=span_s),
            Period=_MINUTE_S * math.ceil(span_s / _MINUTE_S / _MOST),
            Statistics=[*statistics, "SampleCount"],
        )["Datapoints"]
        if points:
            yield from ((f"{metric}{each}", _over_all(points, each)) for each in statistics)


def _over_all(points: Sequence[Mapping[str, float]], statistic: str) -> float:
    """Join a statistic of several periods."""
    if statistic == "Maximum":
        return max(each[statistic] for each in points)
    return sum(each[statistic] * each["SampleCount"] for each in points) / sum(each["SampleCount"] for each in points)
