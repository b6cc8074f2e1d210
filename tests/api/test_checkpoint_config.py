"""CheckpointConfig, read and checked."""

from typing import Any

import pytest

from desk import Desk
from sample import a_create_request
from training_requests import a_training_request


def described(desk: Desk, **config: Any) -> Any:
    desk.ask("CreateTrainingJob", **a_training_request(CheckpointConfig=config))
    return desk.ask("DescribeTrainingJob", TrainingJobName="alone")["CheckpointConfig"]


def refusal(desk: Desk, **config: Any) -> str:
    refused = desk.refusal("CreateTrainingJob", **a_training_request(CheckpointConfig=config))
    assert refused.code == "ValidationException"
    return refused.message


@pytest.mark.parametrize("given", [{}, {"LocalPath": ""}])
def test_checkpoints_lie_in_sagemaker_s_own_folder_by_default(desk: Desk, given: Any) -> None:
    assert described(desk, S3Uri="s3://data/run", **given) == {
        "S3Uri": "s3://data/run",
        "LocalPath": "/opt/ml/checkpoints",
    }


def test_a_local_path_is_shown_as_it_was_given(desk: Desk) -> None:
    given = {"S3Uri": "s3://data/run/", "LocalPath": "/opt/ml/checkpoints/"}

    assert described(desk, **given) == given


def test_a_training_job_without_checkpoints_shows_none(desk: Desk) -> None:
    desk.ask("CreateTrainingJob", **a_training_request())

    assert "CheckpointConfig" not in desk.ask("DescribeTrainingJob", TrainingJobName="alone")


def test_a_tuning_job_s_definition_shows_its_checkpoints(desk: Desk) -> None:
    desk.ask(
        "CreateHyperParameterTuningJob", **a_create_request(TrainingJobDefinition__CheckpointConfig__S3Uri="s3://d-1/x")
    )

    seen = desk.ask("DescribeHyperParameterTuningJob", HyperParameterTuningJobName="MyTuningJob")
    assert seen["TrainingJobDefinition"]["CheckpointConfig"] == {
        "S3Uri": "s3://d-1/x",
        "LocalPath": "/opt/ml/checkpoints",
    }


@pytest.mark.parametrize("path", ["/opt/ml/checkpoints", "/opt/ml/mine/deep", "/data", "/tmp/run", "/opt/mlx"])
def test_a_folder_for_checkpoints_alone_is_fine(desk: Desk, path: str) -> None:
    assert described(desk, S3Uri="s3://data/run", LocalPath=path)["LocalPath"] == path


@pytest.mark.parametrize(
    "path",
    [
        *("checkpoints", "./x", "/", "//", "/opt", "/opt/ml", "/opt/ml/", "/tmp"),
        *("/opt/ml/../x", "/data/./x", "/data//x", "/data/x\x01", "/data/x//"),
        *("/opt/ml/input", "/opt/ml/input/data/x", "/opt/ml/model/", "/opt/ml/output/data", "/opt/ml/code/x"),
        *("/usr/x", "/etc", "/dev/shm/x", "/proc/1", "/var/tmp/x", "/run/x"),
        *("/" + 256 * "x", 45 * ("/" + 90 * "x")[:90] + "/x", "/" + 100 * "ü" + 100 * "ü"),
    ],
)
def test_a_folder_that_checkpoints_cannot_have_is_refused(desk: Desk, path: str) -> None:
    assert refusal(desk, S3Uri="s3://data/run", LocalPath=path).startswith("CheckpointConfig.LocalPath: ")


@pytest.mark.parametrize("uri", ["https://data/run", "s3://x", "s3://data run/x"])
def test_checkpoints_are_kept_in_s3_alone(desk: Desk, uri: str) -> None:
    assert refusal(desk, S3Uri=uri).startswith("CheckpointConfig.S3Uri ")


def test_a_tuning_job_with_such_a_folder_is_refused(desk: Desk) -> None:
    request = a_create_request(
        TrainingJobDefinition__CheckpointConfig={"S3Uri": "s3://data/x", "LocalPath": "/opt/ml/model"}
    )

    assert "this folder has another purpose" in desk.refusal("CreateHyperParameterTuningJob", **request).message
