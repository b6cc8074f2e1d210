"""When the memory of some processes is looked at, and what is said of it."""

import os

import pytest

from luthier.runtimes.memory import MemoryWatch, used_bytes


class Looks:
    """A clock to be set, and a list of processes that counts how often it is asked for."""

    def __init__(self) -> None:
        self.now = 0.0
        self.count = 0

    def clock(self) -> float:
        return self.now

    def pids(self) -> list[int]:
        self.count += 1
        return [os.getpid()]


def test_more_than_the_limit_is_too_much() -> None:
    assert MemoryWatch(1 << 20).is_exceeded(lambda: [os.getpid()])


def test_less_than_the_limit_is_well() -> None:
    assert not MemoryWatch(1 << 50).is_exceeded(lambda: [os.getpid()])


def test_without_a_limit_nothing_is_looked_at() -> None:
    looks = Looks()

    MemoryWatch(None, looks.clock).is_exceeded(looks.pids)

    assert looks.count == 0


@pytest.mark.parametrize(("later_s", "count"), [(0.9, 1), (1.1, 2)])
def test_it_is_looked_at_no_more_than_once_a_second(later_s: float, count: int) -> None:
    looks = Looks()
    watch = MemoryWatch(1 << 50, looks.clock)
    watch.is_exceeded(looks.pids)
    looks.now += later_s

    watch.is_exceeded(looks.pids)

    assert looks.count == count


def test_a_process_that_is_gone_has_no_memory() -> None:
    assert used_bytes([(1 << 22) + 1]) == 0  # above the highest that there can be


def test_what_a_process_has_is_counted() -> None:
    kept = b"x" * (64 << 20)

    assert used_bytes([os.getpid()]) >= len(kept)
