"""A second account beside the installation's own, with boto3 and real training jobs."""

import subprocess
import sys
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from clients.conftest import seen_by
from luthier_server import Luthier

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

OTHER = "111122223333"
ROLE = f"arn:aws:iam::{OTHER}:role/luthier-execution"


def luthier(server: Luthier, *arguments: str) -> str:
    command = [sys.executable, "-m", "luthier.cli", *arguments, "--data-folder", str(server.folder)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def other(recording: Luthier) -> Any:
    """A boto3 session with a key of the second account."""
    printed = luthier(recording, "keys", "add", "--account", OTHER)
    lines = [line.removeprefix("export ") for line in printed.splitlines() if not line.startswith("#")]
    variables = dict(line.split("=", 1) for line in lines)
    return boto3.Session(variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"], region_name="us-east-1")


def a_training_job(name: str, bucket: str, role: str = ROLE) -> dict[str, Any]:
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/rows/"}
    return {
        "TrainingJobName": name,
        "RoleArn": role,
        "AlgorithmSpecification": {"TrainingImage": "recorder:1", "TrainingInputMode": "File"},
        "InputDataConfig": [{"ChannelName": "train", "DataSource": {"S3DataSource": source}}],
        "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/output"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
    }


def client(session: Any, recording: Luthier, service: str) -> Any:
    return session.client(service, endpoint_url=recording.variables["AWS_ENDPOINT_URL"])


def a_bucket(s3: Any, name: str) -> None:
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="rows/rows.csv", Body=b"1,2\n")


def test_an_account_trains_on_input_of_its_own(recording: Luthier, other: Any) -> None:
    s3, sagemaker = client(other, recording, "s3"), client(other, recording, "sagemaker")
    a_bucket(s3, "others")

    sagemaker.create_training_job(**a_training_job("theirs", "others"))
    sagemaker.get_waiter("training_job_completed_or_stopped").wait(TrainingJobName="theirs", WaiterConfig={"Delay": 1})

    described = sagemaker.describe_training_job(TrainingJobName="theirs")
    assert described["TrainingJobStatus"] == "Completed"
    key = described["ModelArtifacts"]["S3ModelArtifacts"].removeprefix("s3://others/")
    assert s3.head_object(Bucket="others", Key=key)["ContentLength"] > 0
    with pytest.raises(ClientError, match="Requested resource not found"):
        seen_by(recording, "theirs")


def test_input_of_another_account_is_refused_like_input_that_is_not_there(recording: Luthier, other: Any) -> None:
    a_bucket(recording.client("s3"), "ours")
    sagemaker = client(other, recording, "sagemaker")

    with pytest.raises(ClientError, match='No S3 objects found under S3 URL "s3://ours/rows/"'):
        sagemaker.create_training_job(**a_training_job("reaching", "ours"))


def test_input_that_the_role_may_not_read_is_refused(recording: Luthier) -> None:
    a_bucket(recording.client("s3"), "narrow")
    luthier(recording, "roles", "set", "narrowed", "--read", "s3://elsewhere")
    role = "arn:aws:iam::000000000000:role/narrowed"

    with pytest.raises(ClientError, match=f'that the role "{role}" has "s3:ListBucket" permissions'):
        recording.client("sagemaker").create_training_job(**a_training_job("narrowed", "narrow", role))
