"""The AWS CLI, unmodified, in an environment of its own."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clients.conftest import seen_by
from clients_env import environment, program_of
from luthier.app.doctor.outside import watched
from luthier_server import Luthier

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

Aws = Callable[..., Any]


@pytest.fixture
def aws(recording: Luthier, tmp_path: Path) -> Any:
    """Runs a command of the CLI; gives its JSON output, or its error text where it fails."""
    program = program_of("cli", "aws")
    with watched(tmp_path / "outside") as outside:
        variables = {**environment(recording, tmp_path), **outside.variables}

        def run(*words: str) -> Any:
            done = subprocess.run(
                [program, *words], env=variables, capture_output=True, text=True, timeout=120, check=False
            )
            if done.returncode != 0:
                return done.stderr.strip()
            return json.loads(done.stdout) if done.stdout.lstrip()[:1] in ("{", "[") else done.stdout

        yield run
        assert outside.hosts() == []


def a_request(luthier: Luthier, name: str, **limits: int) -> dict[str, Any]:
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://cli-stories/rows/"}}
    ranges = {"ContinuousParameterRanges": [{"Name": "x", "MinValue": "0", "MaxValue": "1"}]}
    return {
        "HyperParameterTuningJobName": name,
        "HyperParameterTuningJobConfig": {
            "Strategy": "Random",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "loss"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 2, "MaxParallelTrainingJobs": 2, **limits},
            "ParameterRanges": ranges,
        },
        "TrainingJobDefinition": {
            "AlgorithmSpecification": {
                "TrainingImage": "recorder:1",
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9.]+)"}],
            },
            "StaticHyperParameters": {"rounds": "7"},
            "RoleArn": luthier.variables["LUTHIER_ROLE_ARN"],
            "InputDataConfig": [{"ChannelName": "train", "DataSource": source}],
            "OutputDataConfig": {"S3OutputPath": "s3://cli-stories/output"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        },
        "Tags": [{"Key": "team", "Value": "north"}],
    }


def create(aws: Aws, luthier: Luthier, folder: Path, name: str, **limits: int) -> str:
    aws("s3", "mb", "s3://cli-stories")
    (folder / "rows.csv").write_text("1,2\n", encoding="utf-8")
    aws("s3", "cp", str(folder / "rows.csv"), "s3://cli-stories/rows/rows.csv")
    file = folder / "tuning.json"
    file.write_text(json.dumps(a_request(luthier, name, **limits)), encoding="utf-8")
    made = aws("sagemaker", "create-hyper-parameter-tuning-job", "--cli-input-json", f"file://{file}")
    return str(made["HyperParameterTuningJobArn"])


def test_a_tuning_job_from_a_json_file_runs_to_its_end(recording: Luthier, tmp_path: Path, aws: Aws) -> None:
    create(aws, recording, tmp_path, "cli-create")
    best = recording.wait_for("cli-create")["BestTrainingJob"]["TrainingJobName"]

    aws("sagemaker", "wait", "training-job-completed-or-stopped", "--training-job-name", best)
    described = aws(
        "sagemaker", "describe-hyper-parameter-tuning-job", "--hyper-parameter-tuning-job-name", "cli-create"
    )
    assert described["HyperParameterTuningJobStatus"] == "Completed"
    assert seen_by(recording, best)["hyperparameters"]["rounds"] == "7"


def test_listing_follows_pages(recording: Luthier, tmp_path: Path, aws: Aws) -> None:
    create(aws, recording, tmp_path, "cli-list")
    recording.wait_for("cli-list")
    words = ("sagemaker", "list-training-jobs-for-hyper-parameter-tuning-job", "--hyper-parameter-tuning-job-name")

    found = aws(*words, "cli-list", "--page-size", "1")["TrainingJobSummaries"]

    assert [each["TrainingJobName"] for each in found] == sorted(
        each["TrainingJobName"] for each in recording.children("cli-list")
    )


def test_a_tuning_job_can_be_stopped(recording: Luthier, tmp_path: Path, aws: Aws) -> None:
    create(aws, recording, tmp_path, "cli-stop", MaxNumberOfTrainingJobs=50)

    aws("sagemaker", "stop-hyper-parameter-tuning-job", "--hyper-parameter-tuning-job-name", "cli-stop")

    assert recording.wait_for("cli-stop")["HyperParameterTuningJobStatus"] == "Stopped"
    again = aws("sagemaker", "stop-hyper-parameter-tuning-job", "--hyper-parameter-tuning-job-name", "cli-stop")
    assert "ValidationException" in again


def test_tags_are_added_listed_and_deleted(recording: Luthier, tmp_path: Path, aws: Aws) -> None:
    arn = create(aws, recording, tmp_path, "cli-tags")

    aws("sagemaker", "add-tags", "--resource-arn", arn, "--tags", "Key=made-by,Value=cli")
    aws("sagemaker", "delete-tags", "--resource-arn", arn, "--tag-keys", "team")

    assert aws("sagemaker", "list-tags", "--resource-arn", arn)["Tags"] == [{"Key": "made-by", "Value": "cli"}]


def test_an_unknown_tuning_job_is_told_in_sagemakers_words(aws: Aws) -> None:
    said = aws("sagemaker", "describe-hyper-parameter-tuning-job", "--hyper-parameter-tuning-job-name", "nothing")

    assert "(ResourceNotFound)" in said
    assert "can't find a tuning job called nothing" in said
