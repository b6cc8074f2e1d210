"""What the engine is asked for, without an engine."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from enclosed import an_enclosure
from luthier.records.algorithm import Algorithm
from luthier.records.allotment import Allotment
from luthier.runtimes import Enclosure
from luthier.runtimes.container.config import Place, algorithm_config
from luthier.runtimes.container.engine import Machine
from luthier.runtimes.gpus import gpu_ids

MACHINE = Machine(version="Docker 28.0", cpus=4, memory_bytes=8 << 30, is_rootless=False, is_podman=False)
PLACE = Place(
    network="container:side", hosts_file=None, machine=MACHINE, labels={"a": "b"}, keeps_code=False, cpus={2, 0}
)
ALGORITHM = Algorithm(image="mine", command=(), container="sha256:1")


def asked(enclosure: Enclosure, place: Place = PLACE, algorithm: Algorithm = ALGORITHM) -> Any:
    return algorithm_config(algorithm, enclosure, place)


def test_the_image_is_asked_for_with_the_argument_train_and_its_own_entrypoint(tmp_path: Path) -> None:
    config = asked(an_enclosure(tmp_path))

    assert (config["Image"], config["Cmd"], "Entrypoint" in config) == ("sha256:1", ["train"], False)


def test_other_arguments_are_asked_for_in_the_place_of_train(tmp_path: Path) -> None:
    config = asked(an_enclosure(tmp_path), algorithm=replace(ALGORITHM, arguments=("fit", "--fast")))

    assert (config["Cmd"], "Entrypoint" in config) == (["fit", "--fast"], False)


def test_a_command_is_asked_for_in_place_of_both(tmp_path: Path) -> None:
    config = asked(an_enclosure(tmp_path), algorithm=replace(ALGORITHM, command=("sh", "-c", "true")))

    assert (config["Entrypoint"], config["Cmd"]) == (["sh"], ["-c", "true"])


def test_limits_are_those_of_the_allotment_and_there_is_no_swap(tmp_path: Path) -> None:
    allotment = Allotment(cpus=1.5, memory_bytes=1 << 30, gpus=(1, 3))

    rights = asked(replace(an_enclosure(tmp_path), allotment=allotment))["HostConfig"]

    assert {name: rights[name] for name in ("NanoCpus", "Memory", "MemorySwap", "CpusetCpus", "ShmSize")} == {
        "NanoCpus": 1_500_000_000,
        "Memory": 1 << 30,
        "MemorySwap": 1 << 30,
        "CpusetCpus": "0,2",
        "ShmSize": 1 << 29,
    }
    assert rights["DeviceRequests"] == [{"DeviceIDs": gpu_ids((1, 3)), "Capabilities": [["gpu"]]}]


def test_without_an_allotment_nothing_is_limited_and_no_gpu_is_asked_for(tmp_path: Path) -> None:
    rights = asked(an_enclosure(tmp_path))["HostConfig"]

    assert rights.keys() & {"NanoCpus", "Memory", "MemorySwap", "DeviceRequests"} == set()


def test_an_image_that_wants_all_gpus_is_told_that_it_has_none(tmp_path: Path) -> None:
    """CUDA's images set NVIDIA_VISIBLE_DEVICES to all, which NVIDIA's runtime goes by where it is the default."""
    assert "NVIDIA_VISIBLE_DEVICES=void" in asked(an_enclosure(tmp_path))["Env"]


@pytest.mark.parametrize("keeps_code", [False, True])
def test_nothing_of_the_machine_is_shown_but_the_hosts_own_folders(tmp_path: Path, keeps_code: bool) -> None:
    mounts = asked(an_enclosure(tmp_path), replace(PLACE, keeps_code=keeps_code))["HostConfig"]["Mounts"]

    assert all(Path(each["Source"]).is_relative_to(tmp_path) for each in mounts)


def test_nobody_is_privileged(tmp_path: Path) -> None:
    rights = asked(an_enclosure(tmp_path))["HostConfig"]

    assert (rights["Privileged"], rights["CapDrop"]) == (False, ["ALL"])
    assert "no-new-privileges" in rights["SecurityOpt"]
    assert not {"SYS_ADMIN", "NET_ADMIN", "NET_RAW", "SYS_PTRACE", "MKNOD"} & set(rights["CapAdd"])
