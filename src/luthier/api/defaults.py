"""
The create request as Describe shows it: everything left out that has a default is filled in.

What the real service adds beyond the request, and clients rely on: the hyperparameter `_tuning_objective_metric`, all
three lists of ranges, the booleans, and ResourceConfig also where HyperParameterTuningResourceConfig was given.
"""

from collections.abc import Sequence

from luthier.api.members import structure, structures, text
from luthier.records.algorithm import MetricDefinition
from luthier.records.json_value import JsonObject

OBJECTIVE_HYPERPARAMETER = "_tuning_objective_metric"
MAX_RUNTIME_S = 24 * 60 * 60
VOLUME_GB = 30  # as the SageMaker Python SDK has it; the API names no default


def completed(given: JsonObject, metrics: Sequence[MetricDefinition]) -> JsonObject:
    """Fill in a CreateHyperParameterTuningJob request; *metrics* are the definitions in use."""
    config = structure(given, "HyperParameterTuningJobConfig")
    objective = text(structure(config, "HyperParameterTuningJobObjective"), "MetricName")
    return {
        **given,
        "HyperParameterTuningJobConfig": {
            "TrainingJobEarlyStoppingType": "Off",
            **config,
            "ParameterRanges": _ranges(structure(config, "ParameterRanges")),
        },
        "TrainingJobDefinition": _definition(structure(given, "TrainingJobDefinition"), objective, metrics),
    }


def _ranges(given: JsonObject) -> JsonObject:
    numeric = ("IntegerParameterRanges", "ContinuousParameterRanges")
    scaled = {kind: [{"ScalingType": "Auto", **each} for each in structures(given, kind)] for kind in numeric}
    return {"CategoricalParameterRanges": [], **given, **scaled}


def _definition(given: JsonObject, objective: str, metrics: Sequence[MetricDefinition]) -> JsonObject:
    tuning_resources = structure(given, "HyperParameterTuningResourceConfig")
    resources = {
        "InstanceCount": 1,
        "VolumeSizeInGB": VOLUME_GB,
        **tuning_resources,
        **structure(given, "ResourceConfig"),
    }
    return {
        "EnableNetworkIsolation": False,
        "EnableInterContainerTrafficEncryption": False,
        "EnableManagedSpotTraining": False,
        **given,
        "StaticHyperParameters": {OBJECTIVE_HYPERPARAMETER: objective, **structure(given, "StaticHyperParameters")},
        "AlgorithmSpecification": {
            **structure(given, "AlgorithmSpecification"),
            "MetricDefinitions": [{"Name": each.name, "Regex": each.regex} for each in metrics],
        },
        "InputDataConfig": [_channel(each) for each in structures(given, "InputDataConfig")],
        "OutputDataConfig": _output(structure(given, "OutputDataConfig")),
        "ResourceConfig": resources,
        "StoppingCondition": {"MaxRuntimeInSeconds": MAX_RUNTIME_S, **structure(given, "StoppingCondition")},
    }


def _channel(given: JsonObject) -> JsonObject:
    source = structure(given, "DataSource")
    objects = {"S3DataDistributionType": "FullyReplicated", **structure(source, "S3DataSource")}
    return {
        "CompressionType": "None",
        "RecordWrapperType": "None",
        **given,
        "DataSource": {**source, "S3DataSource": objects},
    }


def _output(given: JsonObject) -> JsonObject:
    return {"CompressionType": "GZIP", **{name: value for name, value in given.items() if value != ""}}
