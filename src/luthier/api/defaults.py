"""
The create request as Describe shows it: everything left out that has a default is filled in.

What the real service adds beyond the request, and clients rely on: the hyperparameter `_tuning_objective_metric`, all
three lists of ranges, the booleans, and ResourceConfig also where HyperParameterTuningResourceConfig was given.
"""

from collections.abc import Sequence

from luthier.api.definitions import CONFIG, ONE, SEVERAL, GivenDefinition, definitions_of
from luthier.api.members import structure, structures, text
from luthier.api.training_definition import completed_definition, completed_resources
from luthier.records.algorithm import MetricDefinition
from luthier.records.json_value import JsonObject
from luthier.records.names import OBJECTIVE_HYPERPARAMETER


def completed(given: JsonObject, metrics: Sequence[Sequence[MetricDefinition]]) -> JsonObject:
    """
    Fill in a CreateHyperParameterTuningJob request, in the form that it has.

    *metrics* are the metric definitions in use, of each training job definition.
    """
    config = {"TrainingJobEarlyStoppingType": "Off", **structure(given, CONFIG)}
    filled = [_definition(each, in_use) for each, in_use in zip(definitions_of(given), metrics, strict=True)]
    if SEVERAL in given:
        return {**given, CONFIG: config, SEVERAL: filled}
    ranges = _ranges(structure(config, "ParameterRanges"))
    return {**given, CONFIG: {**config, "ParameterRanges": ranges}, ONE: filled[0]}


def _ranges(given: JsonObject) -> JsonObject:
    numeric = ("IntegerParameterRanges", "ContinuousParameterRanges")
    scaled = {kind: [{"ScalingType": "Auto", **each} for each in structures(given, kind)] for kind in numeric}
    return {"CategoricalParameterRanges": [], **given, **scaled}


def _definition(given: GivenDefinition, metrics: Sequence[MetricDefinition]) -> JsonObject:
    members = given.members
    own = {"HyperParameterRanges": _ranges(given.ranges)} if given.place is not None else {}
    tuning_resources = structure(members, "HyperParameterTuningResourceConfig")
    added = {OBJECTIVE_HYPERPARAMETER: text(given.objective, "MetricName")}
    return {
        **completed_definition(members, metrics),
        **own,
        "StaticHyperParameters": {**added, **structure(members, "StaticHyperParameters")},
        "ResourceConfig": completed_resources(tuning_resources, structure(members, "ResourceConfig")),
    }
