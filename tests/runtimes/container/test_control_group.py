"""Where the kernel counts what a container uses, in both versions of control groups."""

from pathlib import Path

import pytest

from luthier.runtimes import Use
from luthier.runtimes.container.control_group import ControlGroup, control_group

ID = "9caf38e49858"


def written(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def version_2(tmp_path: Path) -> Path:
    """A machine with control groups of version 2."""
    own = tmp_path / "sys/fs/cgroup/system.slice" / f"docker-{ID}.scope"
    written(tmp_path / "proc/7/cgroup", f"0::/system.slice/docker-{ID}.scope\n")
    written(own / "cpu.stat", "usage_usec 1500000\nuser_usec 1000000\nsystem_usec 500000\n")
    written(own / "memory.stat", "anon 1000\nfile 9000\nkernel 10\nshmem 24\n")
    written(own / "memory.events", "low 0\nhigh 0\nmax 3\noom 2\noom_kill 1\n")
    return tmp_path


@pytest.fixture
def version_1(tmp_path: Path) -> Path:
    """A machine with control groups of version 1."""
    groups = tmp_path / "sys/fs/cgroup"
    written(tmp_path / "proc/7/cgroup", f"5:memory:/docker/{ID}\n4:cpu,cpuacct:/docker/{ID}\n0::/docker/{ID}\n")
    written(groups / "cpuacct/docker" / ID / "cpuacct.usage", "1500000000\n")
    written(groups / "memory/docker" / ID / "memory.stat", "cache 9000\nrss 1\ntotal_rss 1000\ntotal_shmem 24\n")
    written(groups / "memory/docker" / ID / "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n")
    return tmp_path


def found(root: Path) -> ControlGroup:
    group = control_group(7, ID, root)
    assert group is not None
    return group


@pytest.mark.parametrize("version", ["version_1", "version_2"])
def test_processors_and_memory_are_told_without_the_cache(version: str, request: pytest.FixtureRequest) -> None:
    group = found(request.getfixturevalue(version))

    used = group.look()

    group.close()
    assert used == Use(processor_s=1.5, memory_bytes=1024)


@pytest.mark.parametrize("version", ["version_1", "version_2"])
def test_processes_that_were_killed_because_memory_ran_out_are_told(
    version: str, request: pytest.FixtureRequest
) -> None:
    group = found(request.getfixturevalue(version))
    before = group.has_run_out

    group.look()

    group.close()
    assert (before, group.has_run_out) == (False, True)


def test_memory_that_was_short_but_sufficed_has_not_run_out(version_2: Path) -> None:
    own = version_2 / "sys/fs/cgroup/system.slice" / f"docker-{ID}.scope"
    written(own / "memory.events", "low 0\nhigh 0\nmax 3\noom 2\noom_kill 0\n")
    group = found(version_2)

    group.look()

    group.close()
    assert not group.has_run_out


def test_groups_that_a_container_makes_of_its_own_count_with_it(version_2: Path) -> None:
    written(version_2 / "proc/7/cgroup", f"0::/system.slice/docker-{ID}.scope/init.scope\n")
    group = found(version_2)

    used = group.look()

    group.close()
    assert used.processor_s == 1.5


def test_what_is_said_of_processors_never_falls(version_2: Path) -> None:
    group = found(version_2)
    group.look()
    written(version_2 / "sys/fs/cgroup/system.slice" / f"docker-{ID}.scope" / "cpu.stat", "usage_usec 5\n")

    used = group.look()

    group.close()
    assert used.processor_s == 1.5


def test_a_group_that_a_container_shares_with_others_is_not_its_own(version_2: Path) -> None:
    written(version_2 / "proc/7/cgroup", "0::/user.slice/user-1000.slice/session-3.scope\n")

    assert control_group(7, ID, version_2) is None


def test_a_process_that_is_gone_has_no_group(version_2: Path) -> None:
    assert control_group(8, ID, version_2) is None


def test_a_group_that_is_not_seen_from_here_is_none(tmp_path: Path) -> None:
    written(tmp_path / "proc/7/cgroup", f"0::/../{ID}\n")

    assert control_group(7, ID, tmp_path) is None
