"""Volumes that are encrypted with a KMS key: the story of a training job, told by boto3 on a whole Luthier."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from clients.training import LOSS, PROGRAMS, finish
from luthier.clusters.encrypted_volume import release, trouble
from luthier_server import Luthier, a_luthier, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(trouble() is not None, reason=f"encrypted volumes: {trouble()}"),
]


@pytest.fixture(scope="module")
def luthier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Luthier]:
    """A Luthier with the key alias/volumes, for the execution role alone, and an image that keeps on writing."""
    with a_luthier(tmp_path_factory.mktemp("volumes")) as server:
        server.add_image("enduring:*", "python", "enduring.py", code=PROGRAMS)
        server.client("s3").create_bucket(Bucket="endless")
        keys(server, "add", "--alias", "alias/volumes")
        keys(server, "allow", "alias/volumes", "role/luthier-execution")
        yield server
        release(server.folder)


def keys(luthier: Luthier, *arguments: str) -> None:
    command = [sys.executable, "-m", "luthier.cli", "keys", "kms", *arguments, "--data-folder", str(luthier.folder)]
    subprocess.check_output(command, text=True)


def train(luthier: Luthier, name: str, steps: int, key: str = "alias/volumes") -> None:
    resources = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1, "VolumeKmsKeyId": key}
    luthier.client("sagemaker").create_training_job(
        TrainingJobName=name,
        HyperParameters={"steps": str(steps)},
        AlgorithmSpecification={
            "TrainingImage": "enduring:1",
            "TrainingInputMode": "File",
            "MetricDefinitions": [LOSS],
        },
        RoleArn=luthier.variables["LUTHIER_ROLE_ARN"],
        OutputDataConfig={"S3OutputPath": "s3://endless/output/"},
        ResourceConfig=resources,
        StoppingCondition={"MaxRuntimeInSeconds": 600},
        CheckpointConfig={"S3Uri": f"s3://endless/checkpoints/{name}/"},
    )


def hosts(luthier: Luthier, name: str) -> Path:
    (found,) = (luthier.folder / "training").glob(f"*/*/{name.lower()}/hosts")
    return found


def described(luthier: Luthier, name: str) -> dict[str, Any]:
    answer: dict[str, Any] = luthier.client("sagemaker").describe_training_job(TrainingJobName=name)
    return answer


def until_it_writes(luthier: Luthier, name: str) -> None:
    until(lambda: bool(list((luthier.folder / "training").glob(f"*/*/{name.lower()}/hosts"))), "it does not start")
    count = hosts(luthier, name) / "algo-1" / "ml" / "checkpoints" / "count"
    until(count.exists, "it does not write")


def holders(file: Path) -> list[int]:
    """Find the processes that have a file open."""
    found = set()
    for each in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if each.readlink() == file:
                found.add(int(each.parts[2]))
    return sorted(found - {os.getpid()})


def test_what_a_training_job_has_on_the_disk_is_ciphertext(luthier: Luthier) -> None:
    train(luthier, "Sealed", steps=1_000_000)
    until_it_writes(luthier, "Sealed")
    on_disk = list((hosts(luthier, "Sealed") / "algo-1.encrypted").rglob("*"))

    luthier.client("sagemaker").stop_training_job(TrainingJobName="Sealed")

    assert len(on_disk) > 10
    assert not {"ml", "count", "hyperparameters.json"} & {path.name for path in on_disk}
    assert finish(luthier, "Sealed")["TrainingJobStatus"] == "Stopped"
    luthier.client("s3").head_object(Bucket="endless", Key="output/Sealed/output/model.tar.gz")
    until(lambda: not (hosts(luthier, "Sealed") / "algo-1.encrypted").exists(), "its volume stays")


def test_a_lost_training_job_leaves_no_volume(luthier: Luthier) -> None:
    train(luthier, "Lost", steps=1_000_000)
    until_it_writes(luthier, "Lost")
    place = hosts(luthier, "Lost")

    for pid in holders(place / "lock"):
        os.kill(pid, signal.SIGKILL)

    until(lambda: described(luthier, "Lost")["TrainingJobStatus"] == "Failed", "it is not lost")
    until(lambda: not (place / "algo-1").exists(), "its volume stays")
    assert not (place / "algo-1.encrypted").exists()
