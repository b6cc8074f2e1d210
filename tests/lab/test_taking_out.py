"""Taking a tuning job out of a server: frames, and `luthier export`, whose definition goes in again."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

import luthier
from clients_env import program_of
from luthier.lab.nest import Nest
from luthier.lab.resources import RESOURCES
from luthier.lab.tables import COLUMNS
from luthier.lab.throwaway import LocalService, running
from luthier_server import until

pytestmark = pytest.mark.slow

PROGRAM = """
import json
from pathlib import Path
given = json.loads(Path("/opt/ml/input/config/hyperparameters.json").read_text())
print(f"loss={(float(given['x']) - 3) ** 2}")
"""


ANALYTICS = """
from sagemaker.analytics import HyperparameterTuningJobAnalytics
frame = HyperparameterTuningJobAnalytics("tuned").dataframe().sort_values("TrainingJobName")
print(frame.to_json(orient="records", date_format="iso"))
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalService]:
    """A service in which the tuning job `tuned`, of three training jobs, is over."""
    code = tmp_path_factory.mktemp("code")
    (code / "train.py").write_text(PROGRAM, encoding="utf-8")
    with Nest() as nest, running(nest=nest) as service:
        service.add_image("trainer:*", ["python", "train.py"], code=code)
        service.client("s3").create_bucket(Bucket="models")
        sagemaker = service.client("sagemaker")
        sagemaker.create_hyper_parameter_tuning_job(**request_of("tuned", service.role))

        def is_over() -> bool:
            told = sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName="tuned")
            assert told["HyperParameterTuningJobStatus"] in ("InProgress", "Completed"), told
            return bool(told["HyperParameterTuningJobStatus"] == "Completed")

        until(is_over, "the tuning job is not over")
        yield service


def request_of(name: str, role: str) -> dict[str, Any]:
    return {
        "HyperParameterTuningJobName": name,
        "HyperParameterTuningJobConfig": {
            "Strategy": "Random",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "loss"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 3, "MaxParallelTrainingJobs": 3},
            "ParameterRanges": {"ContinuousParameterRanges": [{"Name": "x", "MinValue": "0", "MaxValue": "9"}]},
        },
        "TrainingJobDefinition": {
            "AlgorithmSpecification": {
                "TrainingImage": "trainer:1",
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": "loss", "Regex": r"loss=(\S+)"}],
            },
            "StaticHyperParameters": {"epochs": "1"},
            "RoleArn": role,
            "OutputDataConfig": {"S3OutputPath": "s3://models/"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        },
        "Tags": [{"Key": "team", "Value": "search"}],
    }


def run_export(service: LocalService, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    options = ["--data-folder", str(service.folder), "--port", service.url.rpartition(":")[2]]
    command = [sys.executable, "-m", "luthier.cli", "export", *arguments, *options]
    return subprocess.run(command, capture_output=True, check=False)


def exported(service: LocalService, *arguments: str) -> bytes:
    done = run_export(service, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_frame_has_a_row_for_each_training_job(service: LocalService) -> None:
    pytest.importorskip("pandas")

    frame = luthier.frame("tuned", service.client("sagemaker"))

    assert list(frame.columns) == ["x", *COLUMNS]
    assert ((frame["x"] - 3) ** 2).tolist() == pytest.approx(frame["FinalObjectiveValue"].tolist())


def test_a_frame_is_the_one_that_the_sagemaker_sdk_gives(service: LocalService) -> None:
    pytest.importorskip("pandas")
    theirs = subprocess.check_output(
        [program_of("sdk2", "python"), "-c", ANALYTICS],
        env={**service.environment, "PATH": os.environ["PATH"], "HOME": str(service.folder)},
        text=True,
    )

    ours = luthier.frame("tuned", service.client("sagemaker")).sort_values("TrainingJobName")

    assert json.loads(ours.to_json(orient="records", date_format="iso")) == json.loads(theirs.splitlines()[-1])


def test_a_table_can_be_exported(service: LocalService) -> None:
    table = json.loads(exported(service, "tuned", "--format", "json"))

    assert [each["TrainingJobStatus"] for each in table] == ["Completed"] * 3


def test_a_definition_that_was_exported_makes_the_same_tuning_job_again(service: LocalService) -> None:
    sagemaker = service.client("sagemaker")
    request = json.loads(exported(service, "tuned", "--definition"))

    sagemaker.create_hyper_parameter_tuning_job(**{**request, "HyperParameterTuningJobName": "again"})

    first, second = (
        sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name) for name in ("tuned", "again")
    )
    for member in ("HyperParameterTuningJobConfig", "TrainingJobDefinition"):
        assert first[member] == second[member]
    assert request["Tags"] == [{"Key": "team", "Value": "search"}]


def test_a_tuning_job_that_there_is_not_is_said_so_in_a_line(service: LocalService) -> None:
    done = run_export(service, "nobody")

    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert b"can't find a tuning job called nobody" in done.stderr


def test_a_frame_tells_what_training_jobs_used(service: LocalService) -> None:
    frame = luthier.frame("tuned", client=service.client("sagemaker"), resources=service.client("cloudwatch"))

    assert list(frame.columns)[-len(RESOURCES) :] == list(RESOURCES)
    assert (frame["CPUUtilizationAverage"] > 0.0).all()
    assert frame["GPUUtilizationAverage"].isna().all()
