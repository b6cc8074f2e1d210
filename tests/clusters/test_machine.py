"""What there is of a machine, as its files say."""

import os
from pathlib import Path

import pytest

from luthier.clusters.machine import GIB, look_at_machine

OURS = len(os.sched_getaffinity(0))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A machine of 16 GiB."""
    write(tmp_path / "proc/meminfo", "MemTotal:       16777216 kB\nMemFree:         1000000 kB\n")
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_this_machine_has_something() -> None:
    machine = look_at_machine()

    assert machine.cpus >= 1
    assert machine.memory_bytes > 1 << 28


def test_without_limits_there_is_all_of_it(root: Path) -> None:
    machine = look_at_machine(root=root)

    assert (machine.cpus, machine.memory_bytes, machine.gpus) == (OURS, 16 * GIB, ())


@pytest.mark.parametrize("name", ["memory.max", "memory/memory.limit_in_bytes"])
def test_a_container_has_no_more_memory_than_its_limit(root: Path, name: str) -> None:
    write(root / "sys/fs/cgroup" / name, f"{4 * GIB}\n")

    assert look_at_machine(root=root).memory_bytes == 4 * GIB


def test_a_limit_above_the_machine_is_none(root: Path) -> None:
    write(root / "sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n")

    assert look_at_machine(root=root).memory_bytes == 16 * GIB


@pytest.mark.parametrize(("limit", "cpus"), [("max 100000", OURS), ("150000 100000", 1), ("50000 100000", 1)])
def test_a_container_has_no_more_cpus_than_its_limit(root: Path, limit: str, cpus: int) -> None:
    write(root / "sys/fs/cgroup/cpu.max", f"{limit}\n")
    write(root / "sys/fs/cgroup/memory.max", "max\n")

    assert look_at_machine(root=root).cpus == cpus


def test_gpus_are_numbered_as_their_device_files_are(root: Path) -> None:
    """A container may have been given a few of its machine's, which the driver lists all the same."""
    for each in ("dev/nvidia10", "dev/nvidia3", "dev/nvidiactl", "dev/nvidia-uvm"):
        write(root / each, "")
    for each in ("0000:0b:00.0", "0000:0c:00.0", "0000:0d:00.0"):
        write(root / "proc/driver/nvidia/gpus" / each / "information", "")

    assert look_at_machine(root=root).gpus == (3, 10)


def test_without_device_files_gpus_are_those_that_the_driver_lists(root: Path) -> None:
    for each in ("0000:0b:00.0", "0000:0c:00.0"):
        write(root / "proc/driver/nvidia/gpus" / each / "information", "")

    assert look_at_machine(root=root).gpus == (0, 1)


@pytest.mark.parametrize(("given", "gpus"), [(0, (3, 4)), (1, (3,)), (2, (3, 4)), (3, (0, 1, 2))])
def test_the_first_gpus_can_be_chosen(root: Path, given: int, gpus: tuple[int, ...]) -> None:
    for each in ("dev/nvidia3", "dev/nvidia4"):
        write(root / each, "")

    assert look_at_machine(gpus=given, root=root).gpus == gpus


def test_what_is_given_is_believed(root: Path) -> None:
    machine = look_at_machine(cpus=3, memory_gib=5, root=root)

    assert (machine.cpus, machine.memory_bytes) == (3, 5 * GIB)
