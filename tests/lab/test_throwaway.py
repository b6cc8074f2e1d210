"""Services to throw away: what they set, what they keep to themselves, and that nothing of them stays."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

import luthier
from luthier.lab.keeper import LOG, descendants
from luthier.lab.nest import Nest
from luthier.lab.throwaway import LocalService, ServiceError, running
from luthier_server import until

CLIENT = """
import sys, time, luthier
with luthier.local() as service:
    print(service.url, service.folder, flush=True)
    time.sleep(600)
"""


@pytest.fixture(scope="module")
def nest() -> Iterator[Nest]:
    with Nest() as nest:
        yield nest


def is_open(url: str) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", int(url.rpartition(":")[2]))) == 0


def processes_that_name(folder: Path) -> list[str]:
    """Give the command lines in which a folder stands, and those of processes that work in it."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            words, place = (each / "cmdline").read_bytes(), (each / "cwd").readlink()
        except OSError:
            continue  # it has ended, or is a stranger's
        if str(folder).encode() in words or place.is_relative_to(folder):
            found.append(words.decode())
    return found


def start_training(service: LocalService, tmp_path: Path) -> None:
    """Have a training job run that would run for ten minutes."""
    (tmp_path / "sleep.py").write_text("import time\nprint('loss=1', flush=True)\ntime.sleep(600)\n", encoding="utf-8")
    service.add_image("sleeper:*", ["python", "sleep.py"], code=tmp_path)
    service.client("s3").create_bucket(Bucket="models")
    sagemaker = service.client("sagemaker")
    sagemaker.create_training_job(
        TrainingJobName="long",
        AlgorithmSpecification={"TrainingImage": "sleeper:1", "TrainingInputMode": "File"},
        RoleArn=service.role,
        OutputDataConfig={"S3OutputPath": "s3://models/"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        StoppingCondition={"MaxRuntimeInSeconds": 900},
    )

    def is_training() -> bool:
        described: dict[str, Any] = sagemaker.describe_training_job(TrainingJobName="long")
        assert "FailureReason" not in described, described
        return bool(described["SecondaryStatus"] == "Training")

    until(is_training, "the training job does not start")


def test_clients_that_know_the_environment_alone_reach_the_service(nest: Nest) -> None:
    with luthier.local(nest=nest):
        account = boto3.client("sts").get_caller_identity()["Account"]

    assert account == "000000000000"


def test_the_environment_is_afterwards_what_it_was(nest: Nest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_PROFILE", "mine")
    before = dict(os.environ)

    with luthier.local(nest=nest):
        pass

    assert dict(os.environ) == before


def test_what_a_program_sets_meanwhile_stays(nest: Nest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNRELATED", "before")

    with luthier.local(nest=nest):
        os.environ["UNRELATED"] = "meanwhile"

    assert os.environ["UNRELATED"] == "meanwhile"


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL_STS", "AWS_PROFILE", "AWS_SESSION_TOKEN"])
def test_what_would_lead_clients_elsewhere_is_out_of_the_way(
    nest: Nest, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:1")

    with luthier.local(nest=nest):
        account = boto3.client("sts").get_caller_identity()["Account"]

    assert account == "000000000000"


def test_settings_of_the_clients_own_server_are_not_heeded(nest: Nest, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LUTHIER_DATABASE_URL", f"sqlite:///{tmp_path}/mine.db")
        with Nest() as own, running(nest=own):
            pass

    assert not (tmp_path / "mine.db").exists()


def test_clients_of_one_service_after_another_use_the_keys_of_their_own(nest: Nest) -> None:
    with luthier.local(nest=nest):
        boto3.client("s3").create_bucket(Bucket="data")

    with luthier.local(nest=nest):
        buckets = boto3.client("s3").list_buckets()["Buckets"]

    assert buckets == []


def test_two_services_at_once_know_nothing_of_each_other(nest: Nest) -> None:
    with running(nest=nest) as one, running(nest=nest) as other:
        one.client("s3").create_bucket(Bucket="data")
        other.client("s3").create_bucket(Bucket="data")

        assert one.url != other.url


def test_settings_are_those_of_the_server(nest: Nest) -> None:
    with running(nest=nest, account="111122223333", region="eu-west-1") as service:
        identity = service.client("sts").get_caller_identity()

    assert identity["Account"] == "111122223333"
    assert service.environment["AWS_DEFAULT_REGION"] == "eu-west-1"


@pytest.mark.parametrize(
    ("setting", "value"), [("colour", "red"), ("port", 80), ("data_folder", "/tmp/x"), ("slots", -1)]
)
def test_a_wrong_setting_is_said_to_be_wrong(nest: Nest, setting: str, value: Any) -> None:
    with pytest.raises(ServiceError, match=setting), running(nest=nest, **{setting: value}):
        pass


def test_nothing_stays(nest: Nest) -> None:
    with running(nest=nest) as service:
        service.client("s3").create_bucket(Bucket="data")

    assert not service.folder.parent.exists()
    assert not is_open(service.url)
    assert processes_that_name(service.folder.parent) == []


def test_a_folder_that_is_to_be_kept_is_found_again(nest: Nest, tmp_path: Path) -> None:
    with running(nest=nest, keep=tmp_path / "kept") as service:
        service.client("s3").create_bucket(Bucket="data")

    with running(nest=nest, keep=tmp_path / "kept") as again:
        buckets = [each["Name"] for each in again.client("s3").list_buckets()["Buckets"]]

    assert buckets == ["data"]
    assert (tmp_path / "kept" / LOG).exists()


def test_a_kept_folder_that_another_service_uses_is_refused(nest: Nest, tmp_path: Path) -> None:
    with (
        running(nest=nest, keep=tmp_path),
        pytest.raises(ServiceError, match="another Luthier server uses this data folder"),
        running(nest=nest, keep=tmp_path),
    ):
        pass


def test_a_folder_that_cannot_be_is_refused(nest: Nest, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ServiceError, match="File exists"), running(nest=nest, keep=tmp_path / "file"):
        pass


def test_a_nest_whose_process_is_dead_gives_no_service() -> None:
    with Nest() as nest:
        os.kill(nest.pid, signal.SIGKILL)
        until(lambda: Path(f"/proc/{nest.pid}/stat").read_text().split()[2] == "Z", "the nursery lives on")

        with pytest.raises(ServiceError, match="dead"), running(nest=nest):
            pass


@pytest.mark.slow
def test_training_jobs_end_with_the_service(nest: Nest, tmp_path: Path) -> None:
    with running(nest=nest) as service:
        start_training(service, tmp_path)
        before = processes_that_name(service.folder)

    assert before != []
    assert processes_that_name(service.folder) == []
    assert not service.folder.exists()


@pytest.mark.slow
def test_a_client_that_is_killed_leaves_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", CLIENT], stdout=subprocess.PIPE, text=True) as client:
        assert client.stdout is not None
        url, folder = client.stdout.readline().split()
        assert is_open(url)
        client.kill()

    until(lambda: not Path(folder).exists(), "the folder stays")
    assert not is_open(url)
    assert processes_that_name(Path(folder).parent) == []


def test_a_server_that_is_killed_leaves_nothing(nest: Nest) -> None:
    with running(nest=nest) as service:
        _, server, *_ = descendants(nest.pid)
        os.kill(server, signal.SIGKILL)
        until(lambda: not service.folder.parent.exists(), "the folder stays")

    assert processes_that_name(service.folder.parent) == []
