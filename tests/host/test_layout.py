"""What an algorithm finds when it starts."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from luthier.api.definition_checks import RESERVED_ENVIRONMENT
from luthier.clusters.host_folder import HostFolder
from luthier.host.channels import ChannelError
from luthier.host.layout import enclosure, environment, lay_out
from luthier.records.allotment import Allotment
from luthier.records.channel import Channel, Distribution
from s3_server import TOKEN
from training_hosts import a_spec

DOOR = "http://127.0.0.1:8710"

TRAIN = Channel(name="train", uri="s3://data/train/", content_type="text/csv")
TEST = Channel(name="test", uri="s3://data/test/", distribution=Distribution.SHARDED_BY_S3_KEY)


def a_host_folder(folder: Path, name: str = "algo-1") -> HostFolder:
    """Make a host's folder, in which there is nothing as yet."""
    host = HostFolder(folder, name)
    host.folder.mkdir()
    return host


def laid_out(folder: Path, name: str, **changes: Any) -> Any:
    """Lay out a training job, and read one of its configuration files."""
    host = a_host_folder(folder, "algo-2" if changes.get("instance_count", 1) > 1 else "algo-1")
    lay_out(a_spec(**changes), host)
    return json.loads((host.ml / "input" / "config" / f"{name}.json").read_text())


def test_hyperparameters_are_a_flat_object_of_texts(tmp_path: Path) -> None:
    assert laid_out(tmp_path, "hyperparameters", hyperparameters={"eta": "0.5", "n": "7"}) == {"eta": "0.5", "n": "7"}


def test_every_channel_is_described(tmp_path: Path) -> None:
    assert laid_out(tmp_path, "inputdataconfig", channels=(TRAIN, TEST)) == {
        "train": {
            "ContentType": "text/csv",
            "TrainingInputMode": "File",
            "S3DistributionType": "FullyReplicated",
            "RecordWrapperType": "None",
        },
        "test": {
            "TrainingInputMode": "File",
            "S3DistributionType": "ShardedByS3Key",
            "RecordWrapperType": "None",
        },
    }


def test_the_host_is_described(tmp_path: Path) -> None:
    assert laid_out(tmp_path, "resourceconfig") == {
        "current_host": "algo-1",
        "current_instance_type": "ml.m5.large",
        "current_group_name": "homogeneousCluster",
        "hosts": ["algo-1"],
        "instance_groups": [
            {"instance_group_name": "homogeneousCluster", "instance_type": "ml.m5.large", "hosts": ["algo-1"]}
        ],
        "network_interface_name": "eth0",
    }


def test_every_host_knows_all_hosts_in_the_order_of_text(tmp_path: Path) -> None:
    told = laid_out(tmp_path, "resourceconfig", instance_count=10)

    hosts = ["algo-1", "algo-10", *(f"algo-{number}" for number in range(2, 10))]
    assert (told["current_host"], told["hosts"], told["instance_groups"][0]["hosts"]) == ("algo-2", hosts, hosts)


def test_every_host_may_use_its_own_part_of_the_machine(tmp_path: Path) -> None:
    parts = (Allotment(cpus=2.0, memory_bytes=8, gpus=(0,)), Allotment(cpus=2.0, memory_bytes=8, gpus=(1,)))
    spec = replace(a_spec(instance_count=2), allotments=parts)

    enclosures = [enclosure(spec, HostFolder(tmp_path, name), DOOR, {}) for name in ("algo-1", "algo-2")]

    assert tuple(each.allotment for each in enclosures) == parts


def test_a_host_that_was_told_nothing_may_use_all_there_is(tmp_path: Path) -> None:
    """As one of a server of an earlier version."""
    assert enclosure(a_spec(), HostFolder(tmp_path, "algo-1"), DOOR, {}).allotment == Allotment()


@pytest.mark.parametrize("folder", ["model", "output/data", "input/data/train", "code"])
def test_any_user_may_write_to_the_algorithms_folders(tmp_path: Path, folder: str) -> None:
    lay_out(a_spec(channels=(TRAIN,)), a_host_folder(tmp_path))

    assert (tmp_path / "algo-1" / "ml" / folder).stat().st_mode & 0o777 == 0o777


@pytest.mark.parametrize("name", ["..", ".", "", "a/b", "a\0b"])
def test_a_channel_that_cannot_be_a_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ChannelError, match="ChannelName"):
        lay_out(a_spec(channels=(Channel(name=name, uri="s3://data/x"),)), a_host_folder(tmp_path))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRAINING_JOB_NAME", "Tune-001"),
        ("TRAINING_JOB_ARN", "arn:aws:sagemaker:us-east-1:000000000000:training-job/tune-001"),
        ("AWS_REGION", "us-east-1"),
        ("CURRENT_HOST", "algo-1"),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:8710/v2/credentials"),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", TOKEN),
    ],
)
def test_the_environment_tells_the_algorithm_who_it_is_whatever_the_caller_says(name: str, value: str) -> None:
    assert environment(a_spec(environment={name: "else"}), "algo-1", DOOR)[name] == value


def test_whatever_wins_over_the_callers_environment_is_reserved() -> None:
    wanted = dict.fromkeys(environment(a_spec(), "algo-1", DOOR), "else")

    got = environment(a_spec(environment=wanted), "algo-1", DOOR)

    assert {name for name in wanted if got[name] != "else"} <= RESERVED_ENVIRONMENT


@pytest.mark.parametrize(
    ("name", "value"), [("AWS_ENDPOINT_URL", DOOR), ("S3_ENDPOINT_URL", DOOR), ("AWS_DEFAULT_REGION", "us-east-1")]
)
def test_aws_clients_find_the_front_door_unless_the_caller_says_otherwise(name: str, value: str) -> None:
    assert environment(a_spec(), "algo-1", DOOR)[name] == value
    assert environment(a_spec(environment={name: "else"}), "algo-1", DOOR)[name] == "else"


def test_a_training_job_without_a_token_is_told_of_no_credentials() -> None:
    told = environment(replace(a_spec(), credentials_token=None), "algo-1", DOOR)

    assert not [name for name in told if "CREDENTIALS" in name or "TOKEN" in name]


def test_the_callers_environment_is_passed_on_word_for_word() -> None:
    assert environment(a_spec(environment={"A": " x\n"}), "algo-1", DOOR)["A"] == " x\n"


def test_programs_in_python_do_not_hold_their_output_back() -> None:
    assert environment(a_spec(), "algo-1", DOOR)["PYTHONUNBUFFERED"] == "1"
