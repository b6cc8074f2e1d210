"""AWS's own sample of a tuning job: the one that its developer guide creates with boto3, here on one instance."""

from copy import deepcopy
from typing import Any

IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"


def a_create_request(name: str = "MyTuningJob", **changes: Any) -> dict[str, Any]:
    """
    Give the sample's request.

    A change names a member by its path, with two underscores for a dot and a number for a place in a list:
    `HyperParameterTuningJobConfig__Strategy="Random"`. The value `...` takes the member out.
    """
    request = deepcopy({"HyperParameterTuningJobName": name, **_SAMPLE})
    for path, value in changes.items():
        put(request, path.replace("__", "."), value)
    return request


def a_request_for_several(name: str = "MyTuningJob", **changes: Any) -> dict[str, Any]:
    """
    Give the sample's request with two definitions: `boosted`, the sample's own, and `own`, of a program of one's own.

    Both are searched in the sample's ranges; `own` improves another metric, `score`. Changes are as above.
    """
    request = a_create_request(name)
    config, definition = request["HyperParameterTuningJobConfig"], request.pop("TrainingJobDefinition")
    ranges = config.pop("ParameterRanges")
    config.pop("HyperParameterTuningJobObjective")
    algorithm = {
        "TrainingImage": "123456789012.dkr.ecr.us-east-1.amazonaws.com/trainer:1",
        "TrainingInputMode": "File",
        "MetricDefinitions": [{"Name": "score", "Regex": "score=([0-9.]+)"}],
    }
    boosted = {"DefinitionName": "boosted", "TuningObjective": {"Type": "Maximize", "MetricName": "validation:auc"}}
    own = {"DefinitionName": "own", "TuningObjective": {"Type": "Maximize", "MetricName": "score"}}
    request["TrainingJobDefinitions"] = [
        deepcopy({**definition, **boosted, "HyperParameterRanges": ranges}),
        deepcopy({**definition, **own, "HyperParameterRanges": ranges, "AlgorithmSpecification": algorithm}),
    ]
    for path, value in changes.items():
        put(request, path.replace("__", "."), value)
    return request


def put(request: dict[str, Any], path: str, value: Any) -> None:
    """Set the member at *path*, dots between its parts, making structures and list members that are not there yet."""
    *above, last = [int(part) if part.isdecimal() else part for part in path.split(".")]
    at: Any = request
    for part, following in zip(above, [*above, last][1:], strict=True):
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(part, int):
            at.extend(deepcopy(empty) for _ in range(part + 1 - len(at)))
        at = at[part] if isinstance(part, int) else at.setdefault(part, empty)
    if value is ...:
        del at[last]
    else:
        at[last] = value


def _channel(name: str) -> dict[str, Any]:
    return {
        "ChannelName": name,
        "CompressionType": "None",
        "ContentType": "csv",
        "DataSource": {
            "S3DataSource": {
                "S3DataDistributionType": "FullyReplicated",
                "S3DataType": "S3Prefix",
                "S3Uri": f"s3://data/xgboost/{name}",
            }
        },
    }


_SAMPLE: dict[str, Any] = {
    "HyperParameterTuningJobConfig": {
        "ParameterRanges": {
            "CategoricalParameterRanges": [],
            "ContinuousParameterRanges": [
                {"MaxValue": "1", "MinValue": "0", "Name": "eta"},
                {"MaxValue": "2", "MinValue": "0", "Name": "alpha"},
                {"MaxValue": "10", "MinValue": "1", "Name": "min_child_weight"},
            ],
            "IntegerParameterRanges": [{"MaxValue": "10", "MinValue": "1", "Name": "max_depth"}],
        },
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 20, "MaxParallelTrainingJobs": 3},
        "Strategy": "Bayesian",
        "HyperParameterTuningJobObjective": {"MetricName": "validation:auc", "Type": "Maximize"},
        "RandomSeed": 123,
    },
    "TrainingJobDefinition": {
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        "InputDataConfig": [_channel("train"), _channel("validation")],
        "OutputDataConfig": {"S3OutputPath": "s3://data/xgboost/output"},
        "ResourceConfig": {"InstanceCount": 1, "InstanceType": "ml.c4.2xlarge", "VolumeSizeInGB": 10},
        "RoleArn": "arn:aws:iam::000000000000:role/luthier-execution",
        "StaticHyperParameters": {
            "eval_metric": "auc",
            "num_round": "1",
            "objective": "binary:logistic",
            "rate_drop": "0.3",
            "tweedie_variance_power": "1.4",
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 43200},
    },
}
