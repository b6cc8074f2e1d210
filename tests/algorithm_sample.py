"""An algorithm resource for the image that tests know, and a tuning job that uses all of it."""

from copy import deepcopy
from typing import Any

from desk import OWN_IMAGE
from sample import a_create_request, put


def an_algorithm(name: str = "forest", **changes: Any) -> dict[str, Any]:
    """Give a CreateAlgorithm request; a change names a member by its path, as in `sample.a_create_request`."""
    request = deepcopy({"AlgorithmName": name, "TrainingSpecification": _TRAINING})
    for path, value in changes.items():
        put(request, path.replace("__", "."), value)
    return request


def a_tuning_of(algorithm: str = "forest", name: str = "tune", **changes: Any) -> dict[str, Any]:
    """Give a request that tunes eta and depth by *algorithm*, which is `an_algorithm()`; changes as in `sample`."""
    definition = "TrainingJobDefinition"
    return a_create_request(
        name,
        **{
            "HyperParameterTuningJobConfig__HyperParameterTuningJobObjective": {
                "Type": "Minimize",
                "MetricName": "loss",
            },
            "HyperParameterTuningJobConfig__ParameterRanges": {
                "ContinuousParameterRanges": [{"Name": "eta", "MinValue": "0.1", "MaxValue": "0.9"}],
                "IntegerParameterRanges": [{"Name": "depth", "MinValue": "1", "MaxValue": "10"}],
            },
            f"{definition}__AlgorithmSpecification": {"AlgorithmName": algorithm, "TrainingInputMode": "File"},
            f"{definition}__StaticHyperParameters": {"rounds": "5"},
            f"{definition}__InputDataConfig__0__ContentType": "text/csv",
            f"{definition}__InputDataConfig__1__ContentType": "text/csv",
            f"{definition}__ResourceConfig__InstanceType": "ml.m5.large",
            **changes,
        },
    )


def _numeric(name: str, kind: str, low: str, high: str, **more: Any) -> dict[str, Any]:
    held = {f"{kind}ParameterRangeSpecification": {"MinValue": low, "MaxValue": high}}
    return {"Name": name, "Type": kind, "Range": held, "IsTunable": True, **more}


_TRAINING: dict[str, Any] = {
    "TrainingImage": OWN_IMAGE,
    "SupportedHyperParameters": [
        _numeric("eta", "Continuous", "0.1", "0.9", DefaultValue="0.5"),
        _numeric("depth", "Integer", "1", "10", Description="of each tree"),
        {
            "Name": "booster",
            "Type": "Categorical",
            "Range": {"CategoricalParameterRangeSpecification": {"Values": ["tree", "line"]}},
            "DefaultValue": "tree",
        },
        {"Name": "rounds", "Type": "Integer", "IsRequired": True},
        {"Name": "note", "Type": "FreeText"},
    ],
    "SupportedTrainingInstanceTypes": ["ml.m5.large", "ml.c5.xlarge"],
    "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9.]+)"}],
    "SupportedTuningJobObjectiveMetrics": [{"Type": "Minimize", "MetricName": "loss"}],
    "TrainingChannels": [
        {
            "Name": "train",
            "IsRequired": True,
            "SupportedContentTypes": ["text/csv"],
            "SupportedCompressionTypes": ["None", "Gzip"],
            "SupportedInputModes": ["File"],
        },
        {"Name": "validation", "SupportedContentTypes": [], "SupportedInputModes": ["File", "Pipe"]},
    ],
}
