"""Training jobs on their own, made by boto3 on a whole Luthier."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from luthier_server import Luthier, until

PROGRAMS = Path(__file__).parent / "programs"
LOSS = {"Name": "loss", "Regex": "loss=([0-9.]+)"}


def prepare(luthier: Luthier) -> None:
    """Make the bucket `alone`, with data in it, and the image `patient:1`."""
    luthier.add_image("patient:*", "python", "patient.py", code=PROGRAMS)
    s3 = luthier.client("s3")
    s3.create_bucket(Bucket="alone")
    s3.put_object(Bucket="alone", Key="data/rows.csv", Body=b"1,2\n")


def train(
    luthier: Luthier,
    name: str,
    image: str = "patient:1",
    on: str = "ml.m5.large",
    *,
    output: Mapping[str, str] = MappingProxyType({}),
    uri: str = "s3://alone/data/",
    role: str | None = None,
    **hyperparameters: str,
) -> dict[str, Any]:
    """Create a training job that reports its loss; gives the answer."""
    source = {"S3DataType": "S3Prefix", "S3Uri": uri}
    created: dict[str, Any] = luthier.client("sagemaker").create_training_job(
        TrainingJobName=name,
        HyperParameters=hyperparameters,
        AlgorithmSpecification={"TrainingImage": image, "TrainingInputMode": "File", "MetricDefinitions": [LOSS]},
        RoleArn=role or luthier.variables["LUTHIER_ROLE_ARN"],
        InputDataConfig=[{"ChannelName": "train", "DataSource": {"S3DataSource": source}}],
        OutputDataConfig={"S3OutputPath": "s3://alone/output/", **output},
        ResourceConfig={"InstanceType": on, "InstanceCount": 1, "VolumeSizeInGB": 1},
        StoppingCondition={"MaxRuntimeInSeconds": 900},  # longer than tests of a module take, however slow the machine
        Environment={"COLOUR": "blue"},
        Tags=[{"Key": "team", "Value": "north"}],
    )
    return created


def finish(luthier: Luthier, name: str) -> dict[str, Any]:
    """Wait with botocore's waiter until a training job has completed or stopped, and describe it."""
    sagemaker = luthier.client("sagemaker")
    waiter = sagemaker.get_waiter("training_job_completed_or_stopped")
    waiter.wait(TrainingJobName=name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 3000})
    described: dict[str, Any] = sagemaker.describe_training_job(TrainingJobName=name)
    return described


def wait_until_it_trains(luthier: Luthier, name: str) -> None:
    """Wait until the program of a training job is running."""
    sagemaker = luthier.client("sagemaker")

    def trains() -> bool:
        return bool(sagemaker.describe_training_job(TrainingJobName=name)["SecondaryStatus"] == "Training")

    until(trains, f"{name} does not train")


def wait_until_it_says(luthier: Luthier, name: str, words: str) -> None:
    """Wait until a line of the log of a training job has some words."""
    logs = luthier.client("logs")
    where = {"logGroupName": "/aws/sagemaker/TrainingJobs", "logStreamNamePrefix": f"{name}/"}

    def says() -> bool:
        streams = logs.describe_log_streams(**where)["logStreams"]
        return bool(streams and logs.filter_log_events(**where, filterPattern=f'"{words}"')["events"])

    until(says, f"{name} does not say {words}")
