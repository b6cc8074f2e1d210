"""Training jobs work in their role: their hosts and, with boto3 as it comes, the programs inside them."""

import io
import json
import subprocess
import sys
import tarfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from luthier.clusters.workspace import Workspace, workspace
from luthier.records.journal import PhaseEntered
from luthier.records.names import TrainingJobArn
from luthier_server import OVER, Luthier, a_luthier, until

pytestmark = [pytest.mark.slow]

PROGRAMS = Path(__file__).parent.parent / "algorithms"


@pytest.fixture(scope="module")
def luthier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Luthier]:
    with a_luthier(tmp_path_factory.mktemp("luthier")) as server:
        server.add_image("aws:*", "python", "aws.py", code=PROGRAMS)
        server.add_image("quick:*", "python", "quick.py", code=PROGRAMS)
        s3 = server.client("s3")
        s3.create_bucket(Bucket="jobs")
        s3.put_object(Bucket="jobs", Key="data/x", Body=b"1")
        yield server


INPUT = {"S3DataType": "S3Prefix", "S3Uri": "s3://jobs/data/"}


def create(
    luthier: Luthier,
    name: str,
    role: str = "trainer",
    source: dict[str, str] = INPUT,
    image: str = "aws:1",
    **hyperparameters: str,
) -> Workspace:
    """Create a training job, and give the place of its host."""
    created = luthier.client("sagemaker").create_training_job(
        TrainingJobName=name,
        AlgorithmSpecification={"TrainingImage": image, "TrainingInputMode": "File"},
        RoleArn=f"arn:aws:iam::000000000000:role/{role}",
        HyperParameters=hyperparameters,
        InputDataConfig=[{"ChannelName": "train", "DataSource": {"S3DataSource": source}}],
        OutputDataConfig={"S3OutputPath": "s3://jobs/output/"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        StoppingCondition={"MaxRuntimeInSeconds": 600},
    )
    return workspace(luthier.folder / "training", TrainingJobArn(created["TrainingJobArn"]))


def ended(luthier: Luthier, name: str) -> dict[str, Any]:
    """Wait until a training job is over, and describe it."""
    last: dict[str, Any] = {}

    def is_over() -> bool:
        last.update(luthier.client("sagemaker").describe_training_job(TrainingJobName=name))
        return last["TrainingJobStatus"] in OVER

    until(is_over, f"the training job {name} is not over")
    return last


def found_by(luthier: Luthier, name: str) -> dict[str, str]:
    """Give what the program found out."""
    body = luthier.client("s3").get_object(Bucket="jobs", Key=f"output/{name}/output/model.tar.gz")["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(body)) as tar:
        file = tar.extractfile("found.json")
        assert file is not None
        found: dict[str, str] = json.load(file)
        return found


def declare(luthier: Luthier, role: str, *options: str) -> None:
    """Narrow a role, as `luthier roles set` does."""
    arguments = ["roles", "set", role, *options, "--data-folder", str(luthier.folder)]
    subprocess.check_call([sys.executable, "-m", "luthier.cli", *arguments], stdout=subprocess.DEVNULL)


def has_begun(place: Workspace, phase: str) -> bool:
    return any(isinstance(each, PhaseEntered) and each.status == phase for each in place.entries())


@pytest.fixture(scope="module")
def completed(luthier: Luthier) -> dict[str, str]:
    """What a program found out in a training job that completed."""
    create(luthier, "plain")
    job = ended(luthier, "plain")
    assert job["TrainingJobStatus"] == "Completed", job
    return found_by(luthier, "plain")


def test_boto3_inside_a_training_job_is_in_its_role(completed: dict[str, str]) -> None:
    assert completed["arn"] == "arn:aws:sts::000000000000:assumed-role/trainer/SageMaker"


def test_it_reads_and_writes_s3(luthier: Luthier, completed: dict[str, str]) -> None:
    assert completed["read"] == "1"
    assert luthier.client("s3").get_object(Bucket="jobs", Key="written")["Body"].read() == b"by the job"


def test_it_knows_its_region(completed: dict[str, str]) -> None:
    assert completed["region"] == "us-east-1"


def test_a_token_is_of_no_use_after_the_end(completed: dict[str, str]) -> None:
    request = urllib.request.Request(completed["url"], headers={"Authorization": completed["token"]})

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 403
    assert json.loads(refused.value.read())["code"] == "AccessDenied"


def test_a_server_that_is_killed_as_a_training_job_begins_costs_nothing_but_time(luthier: Luthier) -> None:
    place = create(luthier, "begins", image="quick:1")  # a program that may well begin while there is no server
    until(lambda: place.has_spec, "nothing was launched")

    luthier.kill()
    luthier.start()

    job = ended(luthier, "begins")
    assert job["TrainingJobStatus"] == "Completed", job["FailureReason"]


def test_a_server_that_is_away_while_a_training_job_uploads_costs_nothing_but_time(luthier: Luthier) -> None:
    place = create(luthier, "uploads", pause="2")
    until(
        lambda: place.host("algo-1").log.exists() and "ready" in place.host("algo-1").log.read_text(),
        "the program does not run",
    )

    luthier.kill()
    until(lambda: has_begun(place, "Uploading"), "the program does not end")
    luthier.start()

    assert ended(luthier, "uploads")["TrainingJobStatus"] == "Completed"
    assert found_by(luthier, "uploads")["read"] == "1"


def test_a_role_that_may_not_read_the_input_fails_the_training_job(luthier: Luthier) -> None:
    """What a manifest lists is looked for by the training job alone."""
    declare(luthier, "blind", "--read", "s3://jobs/lists/")
    manifest = '[{"prefix": "s3://jobs/data/"}, "x"]'
    luthier.client("s3").put_object(Bucket="jobs", Key="lists/one", Body=manifest)

    create(luthier, "blind", role="blind", source={"S3DataType": "ManifestFile", "S3Uri": "s3://jobs/lists/one"})

    reason = ended(luthier, "blind")["FailureReason"]
    assert reason.startswith("ClientError: channel 'train': s3://jobs/data/x: access denied; ")
    assert "luthier roles" in reason


def test_a_role_that_may_not_write_the_output_fails_the_training_job(luthier: Luthier) -> None:
    declare(luthier, "mute", "--write", "s3://jobs/written")

    create(luthier, "mute", role="mute")

    reason = ended(luthier, "mute")["FailureReason"]
    assert reason.startswith("ClientError: s3://jobs/output/mute/output/model.tar.gz: access denied; ")


def test_no_key_of_the_installation_is_shown_to_a_host(luthier: Luthier) -> None:
    place = create(luthier, "keyless")

    ended(luthier, "keyless")

    key = json.loads((luthier.folder / "credentials.json").read_text())
    assert key["secret_key"] not in (place.folder / "spec.json").read_text()
