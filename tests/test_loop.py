"""What the loop tells of itself, and its witness of each pass."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from luthier.loop import Loop, Pulse
from luthier.store.engine import Store
from luthier.witness import Deed, Facts


class Scripted:
    """A controller of one item, whose passes do what they are told."""

    def __init__(self, act: Callable[[], bool]) -> None:
        self.act = act

    def unfinished(self) -> Sequence[str]:
        return ["arn"]

    def reconcile(self, arn: str, now: float) -> bool:
        return self.act()


class Notes:
    """A witness that keeps the facts of passes, and rings after so many."""

    def __init__(self, enough: int = 1) -> None:
        self.kept: list[Facts] = []
        self.enough, self.bell = enough, threading.Event()

    @contextmanager
    def watch(self, deed: Deed, facts: Facts) -> Iterator[None]:
        yield
        self.kept.append(facts)
        if len(self.kept) >= self.enough:
            self.bell.set()

    def count(self, what: str, number: int) -> None:
        raise AssertionError("a loop counts nothing")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    yield opened
    opened.close()


def a_loop(store: Store, act: Callable[[], bool], notes: Notes) -> Loop:
    return Loop(
        {"tuning": Scripted(act)}, leases=store.leases, owner="me", clock=lambda: 100.0, workers=1, witness=notes
    )


def broken() -> bool:
    raise RuntimeError("a bug")


@pytest.mark.parametrize(("act", "outcome"), [(lambda: True, "changed"), (lambda: False, "idle"), (broken, "failed")])
def test_the_witness_is_told_what_came_of_a_pass(store: Store, act: Callable[[], bool], outcome: str) -> None:
    notes = Notes()
    loop = a_loop(store, act, notes)

    loop.start()
    assert notes.bell.wait(20)
    loop.stop()

    assert notes.kept[0] == {"lane": "tuning", "job": "arn", "outcome": outcome}


def test_a_lane_that_has_never_looked_says_so(store: Store) -> None:
    loop = a_loop(store, lambda: False, Notes())

    assert loop.pulses() == [Pulse(lane="tuning", looked_at=None, items=0, backlog=0)]


def test_what_a_worker_is_busy_with_is_no_backlog(store: Store) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> bool:
        begun.set()
        return go_on.wait(20)

    loop = a_loop(store, slow, Notes())
    loop.start()
    assert begun.wait(20)

    pulses = loop.pulses()

    go_on.set()
    loop.stop()
    assert pulses == [Pulse(lane="tuning", looked_at=100.0, items=1, backlog=0)]
