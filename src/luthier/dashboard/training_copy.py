"""
The request that runs a training job again by itself, outside of its tuning job, as text to paste (pure).

It is CreateTrainingJob's, with the hyperparameters that the search chose beside the fixed ones, as they were sent.
"""

from collections.abc import Mapping

from luthier.dashboard.request_copy import boto3_program, cli_command, without_added
from luthier.records.json_value import JsonObject
from luthier.records.training_job import TrainingJob

MEMBERS = (
    "AlgorithmSpecification",
    "RoleArn",
    "InputDataConfig",
    "OutputDataConfig",
    "ResourceConfig",
    "StoppingCondition",
    "RetryStrategy",
    "VpcConfig",
    "CheckpointConfig",
    "EnableNetworkIsolation",
    "EnableInterContainerTrafficEncryption",
    "EnableManagedSpotTraining",
    "Environment",
)
"""What a definition of a tuning job and CreateTrainingJob call the same."""

_MOST_METRICS = 40  # of a request's MetricDefinitions


def training_as_boto3(job: TrainingJob) -> str:
    """Write a program that runs the training job again."""
    return boto3_program(_request(job), job.scope.region, "create_training_job")


def training_as_command(job: TrainingJob) -> str:
    """Write a command of the AWS CLI that runs the training job again."""
    return cli_command(_request(job), job.scope.region, "create-training-job")


def _request(job: TrainingJob) -> JsonObject:
    same = {name: job.request[name] for name in MEMBERS if job.request.get(name)}
    algorithm = same.get("AlgorithmSpecification")
    if isinstance(algorithm, Mapping) and _has_own_metrics(algorithm):
        same["AlgorithmSpecification"] = {name: each for name, each in algorithm.items() if name != "MetricDefinitions"}
    return without_added({"TrainingJobName": job.name, "HyperParameters": dict(job.hyperparameters), **same})


def _has_own_metrics(algorithm: JsonObject) -> bool:
    """Whether metrics were filled in that are the algorithm's own, which a request may not name, or not so many."""
    metrics = algorithm.get("MetricDefinitions")
    return "AlgorithmName" in algorithm or (isinstance(metrics, (list, tuple)) and len(metrics) > _MOST_METRICS)
