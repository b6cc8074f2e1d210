"""
A tuning job of SageMaker's, read with the user's own credentials, wherever their environment points.

What training jobs reported on their way is in CloudWatch, by minutes, and by longer periods the older it is:

| the training job began | data points are means over |
|------------------------|----------------------------|
| up to 15 days ago      | 1 minute                   |
| up to 63 days ago      | 5 minutes                  |
| earlier                | 1 hour                     |

AWS: GetMetricStatistics, Amazon CloudWatch API Reference; "Metrics retention", Amazon CloudWatch User Guide.
"""

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from luthier.histories.readings import moment
from luthier.histories.sagemaker import OBJECTIVE, SERIES, SUMMARIES
from luthier.records.json_value import JsonObject, JsonValue

NAMESPACE = "/aws/sagemaker/TrainingJobs"
MOST = 1440  # data points of an answer
MINUTE_S, DAY_S = 60, 86400.0
_KEPT_S = ((15 * DAY_S, MINUTE_S), (63 * DAY_S, 5 * MINUTE_S), (math.inf, 60 * MINUTE_S))  # age, and the finest period


def read_from_aws(sagemaker: Any, cloudwatch: Any, name: str, now: float) -> list[JsonValue]:  # Any: boto3's clients
    """
    Give the documents of a tuning job as `histories.sagemaker` reads them; without *cloudwatch*, no curves.

    Raises what boto3 raises.
    """
    pages = sagemaker.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job")
    answers = [
        sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name),
        *pages.paginate(HyperParameterTuningJobName=name),
    ]
    read: list[JsonValue] = json.loads(json.dumps(answers, default=str))
    if cloudwatch is None:
        return read
    return [*read, *(found for child in _children(read) if (found := _series(cloudwatch, child, now)) is not None)]


def finest_period(began: float, ended: float, now: float) -> int:
    """
    Give the shortest period in seconds for which there are data points, and no more than an answer may have.

    >>> finest_period(began=0.0, ended=3600.0, now=7200.0)
    60
    """
    kept = next(period for age, period in _KEPT_S if now - began <= age)
    return max(1, math.ceil((ended - began + kept) / kept / (MOST - 1))) * kept


def _children(read: list[JsonValue]) -> Iterator[JsonObject]:
    for each in read:
        children = each.get(SUMMARIES) if isinstance(each, dict) else None
        yield from (child for child in children if isinstance(child, dict)) if isinstance(children, list) else ()


def _series(cloudwatch: Any, child: JsonObject, now: float) -> JsonObject | None:
    """Ask for the curve of a training job; None for one that has no objective, or never began."""
    name, metric = str(child.get("TrainingJobName")), child.get(OBJECTIVE)
    began = moment(child.get("TrainingStartTime"), name, "TrainingStartTime")
    ended = moment(child.get("TrainingEndTime"), name, "TrainingEndTime")
    if not isinstance(metric, Mapping) or began is None or ended is None:
        return None
    period = finest_period(began, ended, now)
    answer = cloudwatch.get_metric_statistics(
        Namespace=NAMESPACE,
        MetricName=str(metric.get("MetricName")),
        Dimensions=[{"Name": "TrainingJobName", "Value": name}],
        StartTime=datetime.fromtimestamp(began, UTC),
        EndTime=datetime.fromtimestamp(ended + MINUTE_S, UTC),
        Period=period,
        Statistics=["Average"],
    )
    points: list[JsonValue] = [
        {"Timestamp": each["Timestamp"].isoformat(), "Average": each["Average"]} for each in answer["Datapoints"]
    ]
    return {"TrainingJobName": name, SERIES: points}
