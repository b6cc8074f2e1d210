"""The story of an algorithm resource, told by an unmodified boto3, and by the SageMaker Python SDK, version 2."""

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from clients.conftest import seen_by
from clients_env import tell
from luthier_server import Luthier

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def create_algorithm(luthier: Luthier, name: str) -> str:
    loss = {"MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9.]+)"}]}
    unit = {"ContinuousParameterRangeSpecification": {"MinValue": "0", "MaxValue": "1"}}
    depth = {"IntegerParameterRangeSpecification": {"MinValue": "1", "MaxValue": "9"}}
    created = luthier.client("sagemaker").create_algorithm(
        AlgorithmName=name,
        TrainingSpecification={
            "TrainingImage": "recorder:1",
            "SupportedHyperParameters": [
                {"Name": "x", "Type": "Continuous", "Range": unit, "IsTunable": True, "IsRequired": True},
                {"Name": "depth", "Type": "Integer", "Range": depth, "DefaultValue": "6"},
                {"Name": "rounds", "Type": "Integer", "IsRequired": True},
            ],
            "SupportedTrainingInstanceTypes": ["ml.m5.large"],
            "SupportedTuningJobObjectiveMetrics": [{"Type": "Minimize", "MetricName": "loss"}],
            "TrainingChannels": [
                {"Name": "train", "SupportedContentTypes": ["text/csv"], "SupportedInputModes": ["File"]}
            ],
            **loss,
        },
    )
    return str(created["AlgorithmArn"])


def tune(luthier: Luthier, name: str, algorithm: str) -> None:
    luthier.client("sagemaker").create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name,
        HyperParameterTuningJobConfig={
            "Strategy": "Random",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "loss"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 2, "MaxParallelTrainingJobs": 1},
            "ParameterRanges": {"ContinuousParameterRanges": [{"Name": "x", "MinValue": "0.2", "MaxValue": "0.4"}]},
        },
        TrainingJobDefinition={
            "AlgorithmSpecification": {"AlgorithmName": algorithm, "TrainingInputMode": "File"},
            "StaticHyperParameters": {"rounds": "7"},
            "RoleArn": luthier.variables["LUTHIER_ROLE_ARN"],
            "OutputDataConfig": {"S3OutputPath": "s3://forest/output/"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        },
    )


def test_an_algorithm_is_tuned_and_then_deleted(recording: Luthier) -> None:
    sagemaker = recording.client("sagemaker")
    recording.client("s3").create_bucket(Bucket="forest")
    create_algorithm(recording, "forest")
    tune(recording, "of-forest", "forest")

    with pytest.raises(ClientError, match="ConflictException"):
        sagemaker.delete_algorithm(AlgorithmName="forest")

    best: dict[str, Any] = recording.wait_for("of-forest")["BestTrainingJob"]
    given = seen_by(recording, best["TrainingJobName"])["hyperparameters"]
    tuned = best["TunedHyperParameters"]["x"]
    assert given == {"x": tuned, "rounds": "7", "depth": "6", "_tuning_objective_metric": "loss"}
    assert 0.2 <= float(tuned) <= 0.4
    sagemaker.delete_algorithm(AlgorithmName="forest")
    with pytest.raises(ClientError, match="does not exist"):
        sagemaker.describe_algorithm(AlgorithmName="forest")


def test_algorithms_can_be_paged_through(recording: Luthier) -> None:
    for place in range(5):
        create_algorithm(recording, f"page-{place}")

    pages = recording.client("sagemaker").get_paginator("list_algorithms")

    found = pages.paginate(NameContains="page", SortBy="Name", PaginationConfig={"PageSize": 2}).build_full_result()
    assert [each["AlgorithmName"] for each in found["AlgorithmSummaryList"]] == [f"page-{place}" for place in range(5)]


def test_an_algorithm_estimator_is_tuned(recording: Luthier, tmp_path: Path) -> None:
    arn = create_algorithm(recording, "estimated")

    told = tell(recording, "sdk2", "sdk_v2_algorithm.py", arn, tmp_path)

    assert told["names"] == {"AlgorithmName": arn}
    assert "Supported range" in told["out_of_range"]
    assert "Unknown input channel" in told["unknown_channel"]
    given = seen_by(recording, told["best"])["hyperparameters"]
    assert (given["depth"], given["rounds"], 0.2 <= float(given["x"]) <= 0.4) == ("6", "7", True)
