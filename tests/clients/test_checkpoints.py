"""The story of a training job that is stopped, and of another that goes on from its checkpoints, told by boto3."""

import json
import tarfile
from io import BytesIO
from typing import Any

import pytest

from clients.training import LOSS, PROGRAMS, finish
from luthier_server import Luthier, until

pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module")
def luthier(recording: Luthier) -> Luthier:
    """The recording server, with the bucket `endless` and an image `enduring:1`."""
    recording.add_image("enduring:*", "python", "enduring.py", code=PROGRAMS)
    recording.client("s3").create_bucket(Bucket="endless")
    return recording


def definition(luthier: Luthier) -> dict[str, Any]:
    return {
        "AlgorithmSpecification": {
            "TrainingImage": "enduring:1",
            "TrainingInputMode": "File",
            "MetricDefinitions": [LOSS],
        },
        "RoleArn": luthier.variables["LUTHIER_ROLE_ARN"],
        "OutputDataConfig": {"S3OutputPath": "s3://endless/output/"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
    }


def train(luthier: Luthier, name: str, steps: int) -> None:
    luthier.client("sagemaker").create_training_job(
        TrainingJobName=name,
        HyperParameters={"steps": str(steps)},
        CheckpointConfig={"S3Uri": "s3://endless/checkpoints/run"},
        **definition(luthier),
    )


def kept_count(luthier: Luthier, prefix: str) -> int:
    s3 = luthier.client("s3")
    found = s3.list_objects_v2(Bucket="endless", Prefix=prefix).get("Contents", [])
    keys = [each["Key"] for each in found if each["Key"].endswith("/count")]
    return int(s3.get_object(Bucket="endless", Key=keys[0])["Body"].read()) if keys else 0


def counts(luthier: Luthier, name: str) -> list[int]:
    """Give where the program of a training job has begun and ended."""
    body = luthier.client("s3").get_object(Bucket="endless", Key=f"output/{name}/output/model.tar.gz")["Body"].read()
    with tarfile.open(fileobj=BytesIO(body)) as tar:
        file = tar.extractfile("counts.json")
        assert file is not None
        found: list[int] = json.loads(file.read())
        return found


def test_a_second_training_job_goes_on_from_the_first_one_s_checkpoints(luthier: Luthier) -> None:
    train(luthier, "First", steps=1_000_000)
    until(lambda: kept_count(luthier, "checkpoints/run/") > 0, "no checkpoint while it trains")
    luthier.client("sagemaker").stop_training_job(TrainingJobName="First")
    stopped = finish(luthier, "First")
    reached = kept_count(luthier, "checkpoints/run/")

    train(luthier, "Second", steps=5)
    completed = finish(luthier, "Second")

    assert (stopped["TrainingJobStatus"], completed["TrainingJobStatus"]) == ("Stopped", "Completed")
    assert completed["CheckpointConfig"] == {
        "S3Uri": "s3://endless/checkpoints/run",
        "LocalPath": "/opt/ml/checkpoints",
    }
    assert counts(luthier, "Second") == [reached, reached + 5]
    assert kept_count(luthier, "checkpoints/run/") == reached + 5


def test_a_tuning_job_s_training_jobs_keep_checkpoints(luthier: Luthier) -> None:
    sagemaker = luthier.client("sagemaker")
    config = {
        "Strategy": "Random",
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 1, "MaxParallelTrainingJobs": 1},
        "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "loss"},
        "ParameterRanges": {"IntegerParameterRanges": [{"Name": "steps", "MinValue": "3", "MaxValue": "4"}]},
    }
    checkpoints = {"S3Uri": "s3://endless/checkpoints/tuned/", "LocalPath": "/opt/ml/checkpoints"}

    sagemaker.create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName="Enduring",
        HyperParameterTuningJobConfig=config,
        TrainingJobDefinition={**definition(luthier), "CheckpointConfig": checkpoints},
    )

    def status() -> str:
        described = sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName="Enduring")
        return str(described["HyperParameterTuningJobStatus"])

    until(lambda: status() == "Completed", "the tuning job does not complete")
    assert kept_count(luthier, "checkpoints/tuned/") in (3, 4)
