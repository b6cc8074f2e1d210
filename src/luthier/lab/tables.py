"""
A tuning job's training jobs as rows, with the column names of the SageMaker Python SDK's analytics.

One row is one training job: a column for each tuned hyperparameter, named as it is, and those of `COLUMNS`. Everything
comes from the API, of whatever endpoint.

SageMaker Python SDK 2: sagemaker.analytics.HyperparameterTuningJobAnalytics.dataframe.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

COLUMNS = (
    "TrainingJobName",
    "TrainingJobStatus",
    "FinalObjectiveValue",  # None until the training job is over and has a value
    "TrainingStartTime",
    "TrainingEndTime",
    "TrainingElapsedTimeSeconds",
)
DEFINITION = "TrainingJobDefinitionName"  # one more column, where a tuning job has several definitions
Row = Mapping[str, Any]  # Any: texts, numbers, times, None


def summaries(client: Any, name: str) -> list[dict[str, Any]]:  # Any: boto3 makes its clients
    """List all training jobs of a tuning job, oldest first; raises what the client raises."""
    pages = client.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job").paginate(
        HyperParameterTuningJobName=name,
        SortBy="CreationTime",
        SortOrder="Ascending",
        PaginationConfig={"PageSize": 100},
    )
    return list(pages.build_full_result()["TrainingJobSummaries"])


def rows(children: Sequence[Mapping[str, Any]]) -> list[Row]:
    """
    Lay training jobs out, all with the same columns in the same order.

    A hyperparameter that reads as a number is one. Its column is first; one that is called as another column is
    overwritten by that, as in the SDK.
    """
    names = list(dict.fromkeys(name for each in children for name in each.get("TunedHyperParameters", {})))
    columns = list(dict.fromkeys([*names, *COLUMNS]))
    if any(DEFINITION in each for each in children):
        columns.append(DEFINITION)
    told = [{**_tuned(each), **_result(each)} for each in children]
    return [{column: each.get(column) for column in columns} for each in told]


def _tuned(child: Mapping[str, Any]) -> dict[str, float | str]:
    return {name: number_or_text(text) for name, text in child.get("TunedHyperParameters", {}).items()}


def _result(child: Mapping[str, Any]) -> dict[str, Any]:
    began, ended = child.get("TrainingStartTime"), child.get("TrainingEndTime")
    return {
        "TrainingJobName": child["TrainingJobName"],
        "TrainingJobStatus": child["TrainingJobStatus"],
        "FinalObjectiveValue": child.get("FinalHyperParameterTuningJobObjectiveMetric", {}).get("Value"),
        "TrainingStartTime": began,
        "TrainingEndTime": ended,
        "TrainingElapsedTimeSeconds": (ended - began).total_seconds() if began and ended else None,
        DEFINITION: child.get(DEFINITION),
    }


def number_or_text(text: str) -> float | str:
    """Give a hyperparameter as a frame has it."""
    try:
        number = float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text  # a category that happens to be called nan
