"""What is added up over processes, and how many are looked at."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from luthier.runtimes import Use
from luthier.runtimes.processes import MOST, Tally, descendants, few_descendants

GONE = (1 << 22) + 1  # above the highest number that there can be


@pytest.fixture
def family() -> Iterator[int]:
    """A process with ten children."""
    many = "import subprocess\nkept = [subprocess.Popen(['sleep', '60']) for _ in range(10)]\n"
    ending = "print(flush=True); input(); [each.kill() for each in kept]"
    with subprocess.Popen([sys.executable, "-c", many + ending], stdin=-1, stdout=-1) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process.pid
        process.communicate(b"\n")


def test_a_process_that_is_gone_has_used_nothing() -> None:
    assert Tally().look([GONE]) == Use(processor_s=0.0, memory_bytes=0)


def test_what_was_used_stays_when_its_process_is_gone() -> None:
    tally = Tally()
    before = tally.look([os.getpid()]).processor_s

    assert tally.look([GONE]).processor_s == before


def test_too_many_processes_are_not_looked_at() -> None:
    assert Tally().look([os.getpid()] * (MOST + 1)) == Use()


def test_the_time_at_the_end_counts_what_no_look_has_seen() -> None:
    assert Tally().settle(7.5).processor_s == 7.5


def test_the_time_at_the_end_is_no_less_than_what_was_seen() -> None:
    tally = Tally()
    tally.settle(7.5)

    assert tally.settle(None).processor_s == 7.5


def test_descendants_are_found(family: int) -> None:
    assert len(descendants(family)) == 10


def test_few_descendants_are_all_of_them(family: int) -> None:
    assert few_descendants(family, most=50) == descendants(family)


def test_more_descendants_than_asked_for_are_none(family: int) -> None:
    assert few_descendants(family, most=9) is None
