"""
The create request as Describe shows it: everything left out that has a default is filled in.

What the real service adds beyond the request, and clients rely on: the hyperparameter `_tuning_objective_metric`, all
three lists of ranges, the booleans, and ResourceConfig also where HyperParameterTuningResourceConfig was given.
"""

from collections.abc import Sequence

from luthier.api.members import structure, structures, text
from luthier.api.training_definition import completed_definition, completed_resources
from luthier.records.algorithm import MetricDefinition
from luthier.records.json_value import JsonObject

OBJECTIVE_HYPERPARAMETER = "_tuning_objective_metric"


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
    return {
        **completed_definition(given, metrics),
        "StaticHyperParameters": {OBJECTIVE_HYPERPARAMETER: objective, **structure(given, "StaticHyperParameters")},
        "ResourceConfig": completed_resources(tuning_resources, structure(given, "ResourceConfig")),
    }
