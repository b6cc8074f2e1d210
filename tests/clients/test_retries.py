"""The story of a training job whose host is lost, and which begins anew where it had come to, told by boto3."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from clients.test_checkpoints import counts, definition, kept_count
from clients.training import PROGRAMS
from luthier.clusters.workspace import workspace
from luthier.records.names import TrainingJobArn
from luthier_server import Luthier, until

pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module")
def luthier(recording: Luthier) -> Luthier:
    recording.add_image("enduring:*", "python", "enduring.py", code=PROGRAMS)
    recording.client("s3").create_bucket(Bucket="endless")
    return recording


def agent_of(luthier: Luthier, arn: str) -> int:
    """Find the process that looks after a training job's hosts: it has the lock of their workspace open."""
    lock = str(workspace(luthier.folder / "training", TrainingJobArn(arn)).folder / "lock")
    for each in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(each.readlink()) == lock:
                return int(each.parts[2])
        except OSError:
            continue
    raise AssertionError(f"nobody holds {lock}")


def lose_once(luthier: Luthier, name: str, **changes: Any) -> dict[str, Any]:
    """Create a training job that goes on until its agent is killed, with a checkpoint kept, and wait for its end."""
    sagemaker = luthier.client("sagemaker")
    prefix = f"checkpoints/{name}/"
    created = sagemaker.create_training_job(
        TrainingJobName=name,
        HyperParameters={"steps": "30", "first": "endless"},
        CheckpointConfig={"S3Uri": f"s3://endless/{prefix}"},
        **{**definition(luthier), "StoppingCondition": {"MaxRuntimeInSeconds": 600}, **changes},
    )
    until(lambda: kept_count(luthier, prefix) > 0, "no checkpoint while it trains")
    os.kill(agent_of(luthier, created["TrainingJobArn"]), signal.SIGKILL)

    def described() -> dict[str, Any]:
        answer: dict[str, Any] = sagemaker.describe_training_job(TrainingJobName=name)
        return answer

    until(lambda: described()["TrainingJobStatus"] != "InProgress", f"{name} does not end")
    return described()


def test_a_lost_training_job_begins_anew_and_goes_on_from_its_checkpoint(luthier: Luthier) -> None:
    ended = lose_once(luthier, "Retried", RetryStrategy={"MaximumRetryAttempts": 2})

    assert ended["TrainingJobStatus"] == "Completed"
    phases = [each["Status"] for each in ended["SecondaryStatusTransitions"]]
    assert phases[-4:] == ["Downloading", "Training", "Uploading", "Completed"]
    assert phases.count("Restarting") == 1
    start, _ = counts(luthier, "Retried")
    assert start > 0


def test_without_a_retry_strategy_it_has_failed(luthier: Luthier) -> None:
    ended = lose_once(luthier, "Lost")

    assert ended["TrainingJobStatus"] == "Failed"
    assert ended["FailureReason"].startswith("InternalServerError: ")
