"""The story of a tuning job, told by an unmodified boto3 against a real server."""

import io
import json
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from luthier.clusters.workspace import workspace
from luthier.records.journal import PhaseEntered
from luthier.records.status import SecondaryStatus
from luthier_server import Luthier, a_luthier, until

pytestmark = [pytest.mark.slow]

PROGRAMS = Path(__file__).parent.parent / "algorithms"


@pytest.fixture(scope="module")
def luthier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Luthier]:
    with a_luthier(tmp_path_factory.mktemp("luthier")) as server:
        server.add_image("quadratic:*", "python", "quadratic.py", code=PROGRAMS)
        s3 = server.client("s3")
        s3.create_bucket(Bucket="stories")
        s3.put_object(Bucket="stories", Key="data/train/rows.csv", Body=b"1\n2\n3\n")
        yield server


def create(luthier: Luthier, name: str, *, static: dict[str, str] | None = None, **limits: int) -> str:
    resource_limits = {"MaxNumberOfTrainingJobs": 4, "MaxParallelTrainingJobs": 2, **limits}
    source = {"S3DataType": "S3Prefix", "S3Uri": "s3://stories/data/train/"}
    luthier.client("sagemaker").create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name,
        HyperParameterTuningJobConfig={
            "Strategy": "Bayesian",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "loss"},
            "ResourceLimits": resource_limits,
            "ParameterRanges": {
                "ContinuousParameterRanges": [{"Name": "x", "MinValue": "0", "MaxValue": "1"}],
                "CategoricalParameterRanges": [{"Name": "kind", "Values": ["good", "bad"]}],
            },
            "RandomSeed": 3,
        },
        TrainingJobDefinition={
            "AlgorithmSpecification": {
                "TrainingImage": "quadratic:1",
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9.]+)"}],
            },
            "StaticHyperParameters": static or {},
            "RoleArn": luthier.variables["LUTHIER_ROLE_ARN"],
            "InputDataConfig": [{"ChannelName": "train", "DataSource": {"S3DataSource": source}}],
            "OutputDataConfig": {"S3OutputPath": "s3://stories/output/"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        },
    )
    return name


@pytest.fixture(scope="module")
def finished(luthier: Luthier) -> dict[str, Any]:
    """A tuning job that ran to its end."""
    return luthier.wait_for(create(luthier, "finished"))


def test_it_completes_with_all_its_training_jobs(finished: dict[str, Any]) -> None:
    assert finished["HyperParameterTuningJobStatus"] == "Completed"
    assert finished["TrainingJobStatusCounters"]["Completed"] == 4


def test_the_best_training_job_is_the_one_with_the_lowest_loss(luthier: Luthier, finished: dict[str, Any]) -> None:
    values = [each["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for each in luthier.children("finished")]

    assert finished["BestTrainingJob"]["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] == min(values)


def test_the_objective_is_the_last_value_reported(luthier: Luthier, finished: dict[str, Any]) -> None:
    best = finished["BestTrainingJob"]
    tuned = best["TunedHyperParameters"]
    expected = (float(tuned["x"]) - 0.3) ** 2 + 1 / 3 + (tuned["kind"] == "bad")

    assert best["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] == pytest.approx(expected, abs=1e-5)


def test_the_model_is_in_s3_with_its_files_at_the_root(luthier: Luthier, finished: dict[str, Any]) -> None:
    described = luthier.client("sagemaker").describe_training_job(
        TrainingJobName=finished["BestTrainingJob"]["TrainingJobName"]
    )
    bucket, key = described["ModelArtifacts"]["S3ModelArtifacts"].removeprefix("s3://").split("/", 1)
    body = luthier.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()

    with tarfile.open(fileobj=io.BytesIO(body)) as tar:
        file = tar.extractfile("weights.json")
        assert file is not None
        model = json.load(file)
    assert model["x"] == float(finished["BestTrainingJob"]["TunedHyperParameters"]["x"])


def test_the_same_seed_gives_the_same_search_again(luthier: Luthier) -> None:
    first, second = (create(luthier, name, MaxParallelTrainingJobs=1) for name in ("once", "again"))

    for name in (first, second):
        luthier.wait_for(name)

    tuned = [[each["TunedHyperParameters"] for each in luthier.children(name)] for name in (first, second)]
    assert tuned[0] == tuned[1]


def test_a_failing_program_is_data_with_its_own_words(luthier: Luthier) -> None:
    job = luthier.wait_for(create(luthier, "failing", static={"fails": "yes"}, MaxNumberOfTrainingJobs=2))

    assert job["HyperParameterTuningJobStatus"] == "Failed"
    assert job["TrainingJobStatusCounters"]["NonRetryableError"] == 2
    assert {each["FailureReason"] for each in luthier.children("failing")} == {
        "AlgorithmError: the learning rate exploded"
    }


def test_a_stop_is_seen_at_once_and_ends_every_training_job(luthier: Luthier) -> None:
    sagemaker = luthier.client("sagemaker")
    create(luthier, "stopped", static={"pause": "20"})
    until(lambda: len(luthier.children("stopped")) == 2, "no training job was launched")

    sagemaker.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName="stopped")

    described = sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName="stopped")
    assert described["HyperParameterTuningJobStatus"] in ("Stopping", "Stopped")
    job = luthier.wait_for("stopped")
    assert job["HyperParameterTuningJobStatus"] == "Stopped"
    assert job["TrainingJobStatusCounters"]["Stopped"] == 2


def test_a_name_is_taken_whatever_its_case(luthier: Luthier, finished: dict[str, Any]) -> None:
    assert finished
    with pytest.raises(ClientError, match="ResourceInUse"):
        create(luthier, "FINISHED")


def test_a_wrong_secret_is_refused(luthier: Luthier) -> None:
    stranger = boto3.client(
        "sagemaker",
        endpoint_url=luthier.variables["AWS_ENDPOINT_URL"],
        region_name="us-east-1",
        aws_access_key_id=luthier.variables["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key="guessed",
    )
    with pytest.raises(ClientError, match="InvalidSignatureException"):
        stranger.list_hyper_parameter_tuning_jobs()


def test_the_caller_learns_its_identity(luthier: Luthier) -> None:
    assert luthier.client("sts").get_caller_identity()["Account"] == "000000000000"


def test_a_kill_in_the_middle_costs_nothing_but_time(luthier: Luthier) -> None:
    create(luthier, "killed", static={"pause": "0.7"}, MaxNumberOfTrainingJobs=6)
    until(lambda: len(luthier.children("killed")) >= 3, "no third training job was launched")

    luthier.kill()
    luthier.start()

    job = luthier.wait_for("killed")
    ordinals = [each["TrainingJobName"].split("-")[1] for each in luthier.children("killed")]
    assert job["TrainingJobStatusCounters"]["Completed"] == 6
    assert ordinals == ["001", "002", "003", "004", "005", "006"]


def has_trained(luthier: Luthier, arn: str) -> bool:
    """Whether a training job has left the phase Training, as its host wrote down: nobody else is asked."""
    place = workspace(luthier.folder / "training", arn)
    phases = [entry.status for entry in place.entries() if isinstance(entry, PhaseEntered)]
    return SecondaryStatus.UPLOADING in phases


def test_training_goes_on_while_the_server_is_away(luthier: Luthier) -> None:
    create(luthier, "away", static={"pause": "2"}, MaxNumberOfTrainingJobs=2)
    until(lambda: len(luthier.children("away")) == 2, "nothing was launched")
    until(lambda: all("TrainingStartTime" in each for each in luthier.children("away")), "nothing began")
    arns = [each["TrainingJobArn"] for each in luthier.children("away")]

    luthier.interrupt()
    until(lambda: all(has_trained(luthier, arn) for arn in arns), "training did not go on")
    restarted_at = time.time()  # noqa: TID251  # a test tells the time
    luthier.start()

    luthier.wait_for("away")
    trained_until = [
        transition["EndTime"].timestamp()
        for each in luthier.children("away")
        for transition in luthier.client("sagemaker").describe_training_job(TrainingJobName=each["TrainingJobName"])[
            "SecondaryStatusTransitions"
        ]
        if transition["Status"] == "Training"
    ]
    assert max(trained_until) < restarted_at
