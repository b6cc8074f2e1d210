"""
The request that a history could have come from, where nobody has one: ranges are what was tried, from end to end.

A hyperparameter that never changed is static. Numbers that are all written as whole ones are integers; what is not
always a number is a category.
"""

import re
from collections.abc import Mapping, Sequence

from luthier.histories.history import HistoryError, Run
from luthier.histories.readings import is_number, is_whole
from luthier.records.json_value import JsonObject

IMAGE = "imported"
Ranges = Mapping[str, Sequence[JsonObject]]  # ParameterRanges in the request's shape
_CATEGORIES = 30  # of a categorical range


def asked_for(runs: Sequence[Run], *, metric: str, kind: str, ranges: Ranges | None = None) -> JsonObject:
    """
    Make a CreateHyperParameterTuningJob request of which *runs* could be the training jobs, without a name.

    *ranges*, in the request's own shape, are those that are known already.
    """
    names = list(dict.fromkeys(name for run in runs for name in run.hyperparameters))
    values = {name: [run.hyperparameters[name] for run in runs if name in run.hyperparameters] for name in names}
    ranges = ranges or _ranges({name: each for name, each in values.items() if len(set(each)) > 1})
    searched = {each["Name"] for kinds in ranges.values() for each in kinds}
    if not searched:
        raise HistoryError("no hyperparameter has two values; there is nothing that was searched")
    return {
        "HyperParameterTuningJobConfig": {
            "Strategy": "Bayesian",
            "TrainingJobEarlyStoppingType": "Auto" if any(run.is_early for run in runs) else "Off",
            "HyperParameterTuningJobObjective": {"Type": kind, "MetricName": metric},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": len(runs), "MaxParallelTrainingJobs": 1},
            "ParameterRanges": ranges,
        },
        "TrainingJobDefinition": {
            "AlgorithmSpecification": {
                "TrainingImage": IMAGE,
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": metric, "Regex": f"{re.escape(metric)}[=:] *([-+.0-9eE]+)"}],
            },
            "StaticHyperParameters": {name: each[0] for name, each in values.items() if name not in searched},
            "RoleArn": "",  # the importer's own
            "OutputDataConfig": {"S3OutputPath": "s3://imported/"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
        },
    }


def _ranges(values: dict[str, list[str]]) -> Ranges:
    found: dict[str, list[JsonObject]] = {}
    for name, each in values.items():
        if all(is_whole(text) for text in each):
            low, high = min(map(int, each)), max(map(int, each))
            found.setdefault("IntegerParameterRanges", []).append(_numeric(name, str(low), str(high)))
        elif all(is_number(text) for text in each):
            ends = (repr(min(map(float, each))), repr(max(map(float, each))))
            found.setdefault("ContinuousParameterRanges", []).append(_numeric(name, *ends))
        else:
            found.setdefault("CategoricalParameterRanges", []).append(_categorical(name, each))
    return found


def _numeric(name: str, low: str, high: str) -> JsonObject:
    return {"Name": name, "MinValue": low, "MaxValue": high, "ScalingType": "Auto"}


def _categorical(name: str, texts: Sequence[str]) -> JsonObject:
    values = list(dict.fromkeys(texts))
    if len(values) > _CATEGORIES:
        raise HistoryError(
            f"{name!r} has {len(values)} values that are not all numbers; a category has {_CATEGORIES} at most. Leave "
            "the column out"
        )
    return {"Name": name, "Values": list(values)}
