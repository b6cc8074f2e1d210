"""Which processors are chosen."""

import os
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from luthier.runtimes.cpus import choose_cpus, least_taken, on_cpus, parse_cpus, taken_by_sessions


def test_the_processors_that_the_fewest_have_are_taken() -> None:
    assert least_taken({0, 1, 2, 3}, 2, Counter({0: 3, 1: 0, 2: 1, 3: 2})) == {1, 2}


@pytest.mark.parametrize(
    ("listed", "cpus"), [("0", {0}), ("0-3", {0, 1, 2, 3}), ("0,2-3,8", {0, 2, 3, 8}), ("", set())]
)
def test_a_list_of_processors_is_read_as_the_kernel_writes_it(listed: str, cpus: set[int]) -> None:
    assert parse_cpus(listed) == cpus


def test_the_thread_has_its_processors_back_afterwards() -> None:
    before = os.sched_getaffinity(0)

    with on_cpus(1):
        during = os.sched_getaffinity(0)

    assert (len(during), os.sched_getaffinity(0)) == (1, before)


def test_a_session_that_is_confined_to_processors_has_taken_them(tmp_path: Path) -> None:
    """A real session's status is all that is looked at, whatever else runs on this machine."""
    ours = os.sched_getaffinity(0)
    with on_cpus(1), subprocess.Popen(["/bin/sleep", "60"], start_new_session=True) as session:
        confined = os.sched_getaffinity(session.pid)
        status = tmp_path / str(session.pid) / "status"
        status.parent.mkdir()
        status.write_bytes(Path(f"/proc/{session.pid}/status").read_bytes())
        session.kill()

    assert taken_by_sessions([*ours, 4096], tmp_path) == Counter(confined)


def test_a_session_that_may_have_all_processors_has_taken_none(tmp_path: Path) -> None:
    status = tmp_path / "7" / "status"
    status.parent.mkdir()
    status.write_text("Name:\tsleep\nNSsid:\t7\nCpus_allowed_list:\t0-7\n")

    assert not taken_by_sessions([0, 1], tmp_path)


def test_only_the_first_process_of_a_session_counts(tmp_path: Path) -> None:
    for pid in (7, 8):
        (tmp_path / str(pid)).mkdir()
        (tmp_path / str(pid) / "status").write_text("Name:\tsleep\nNSsid:\t7\nCpus_allowed_list:\t1\n")

    assert taken_by_sessions([0, 1], tmp_path) == Counter({1: 1})


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="there is only one processor")
def test_hosts_that_start_together_do_not_choose_the_same() -> None:
    first, second = choose_cpus([1, 1])

    assert (len(first), len(second), first & second) == (1, 1, frozenset())


@pytest.mark.parametrize("count", [None, 4096.0])
def test_more_than_there_are_is_all_of_them(count: float | None) -> None:
    before = os.sched_getaffinity(0)

    with on_cpus(count):
        assert os.sched_getaffinity(0) == before
