"""The algorithm's clock, on a clock of the test's own."""

from dataclasses import dataclass, field

import pytest

from luthier.host.supervise import Cause, Limits, Verdict, Watch, supervise
from luthier.runtimes import Exit, Use


@dataclass
class World:
    """An algorithm and the time: each look at the algorithm takes a second, nothing else takes any."""

    ends_at: float | None = None  # by itself
    heeds_sigterm_after: float | None = None
    stop_at: float = float("inf")
    used: int = 0
    now: float = 0.0
    exit_code: int = 0
    beside: tuple["World", ...] = ()  # the other hosts, on a clock of their own
    signals: list[tuple[str, float]] = field(default_factory=list)
    looks_at_volume: int = 0
    log_read: int = 0

    def written_bytes(self) -> int:
        return 0

    def use(self) -> Use:
        return Use()

    def wait(self, timeout_s: float) -> Exit | None:
        self.now += 1
        sent = dict(self.signals)
        if "KILL" in sent:
            return Exit(-9)
        if "TERM" in sent and self.heeds_sigterm_after is not None:
            return Exit(-15) if self.now >= sent["TERM"] + self.heeds_sigterm_after else None
        return Exit(self.exit_code) if self.ends_at is not None and self.now >= self.ends_at else None

    def terminate(self) -> None:
        self.signals.append(("TERM", self.now))

    def kill(self) -> None:
        self.signals.append(("KILL", self.now))

    def used_bytes(self) -> int:
        self.looks_at_volume += 1
        return self.used

    def read_log(self) -> None:
        self.log_read += 1

    def supervised(self, *, max_runtime_s: float = 1000, volume_bytes: int = 100) -> Verdict:
        return supervise(
            [self, *self.beside],
            Limits(max_runtime_s=max_runtime_s, volume_bytes=volume_bytes),
            Watch(
                is_stop_requested=lambda: self.now >= self.stop_at,
                used_bytes=self.used_bytes,
                follow_log=self.read_log,
                clock=lambda: self.now,
            ),
        )


def test_an_algorithm_that_ends_is_left_alone() -> None:
    world = World(ends_at=5)

    assert world.supervised() == Verdict(cause=Cause.EXITED, exits=(Exit(0),))
    assert world.signals == []


def test_a_stop_is_sigterm() -> None:
    world = World(stop_at=5, heeds_sigterm_after=2)

    assert world.supervised() == Verdict(cause=Cause.STOP_REQUESTED, exits=(Exit(-15),))
    assert world.signals == [("TERM", 5)]


def test_an_algorithm_that_does_not_heed_sigterm_is_killed_after_120_seconds() -> None:
    world = World(stop_at=5)

    assert world.supervised() == Verdict(cause=Cause.STOP_REQUESTED, exits=(Exit(-9),))
    assert world.signals == [("TERM", 5), ("KILL", 125)]


def test_an_algorithm_that_heeds_sigterm_late_is_not_killed() -> None:
    world = World(stop_at=5, heeds_sigterm_after=119)

    world.supervised()

    assert world.signals == [("TERM", 5)]


def test_the_longest_runtime_is_kept() -> None:
    world = World(heeds_sigterm_after=1)

    assert world.supervised(max_runtime_s=60).cause is Cause.MAX_RUNTIME
    assert world.signals == [("TERM", 60)]


def test_a_full_volume_is_killed_at_once() -> None:
    world = World(used=101)

    assert world.supervised(volume_bytes=100).cause is Cause.VOLUME_FULL
    assert [name for name, _ in world.signals] == ["KILL"]


def test_a_volume_that_is_just_full_is_not_overfull() -> None:
    assert World(used=100, ends_at=50).supervised(volume_bytes=100).cause is Cause.EXITED


def test_a_volume_may_not_overflow_while_the_algorithm_is_asked_to_stop() -> None:
    world = World(used=101, stop_at=0)

    assert world.supervised(volume_bytes=100).cause is Cause.VOLUME_FULL


def test_the_log_is_read_at_every_look() -> None:
    world = World(ends_at=5)

    world.supervised()

    assert world.log_read == 4


@pytest.mark.parametrize(("seconds_a_look", "looks"), [(0, 99), (5, 4)])
def test_a_volume_that_takes_long_to_look_at_is_looked_at_less(seconds_a_look: int, looks: int) -> None:
    class Slow(World):
        def used_bytes(self) -> int:
            self.now += seconds_a_look
            return super().used_bytes()

    world = Slow(ends_at=100 + 4 * seconds_a_look)

    world.supervised()

    assert world.looks_at_volume <= looks


def test_one_host_that_fails_ends_the_others() -> None:
    other = World()
    world = World(ends_at=5, exit_code=3, beside=(other,))

    assert world.supervised() == Verdict(cause=Cause.EXITED, exits=(Exit(3), Exit(-9)), failed=0)
    assert [name for name, _ in other.signals] == ["KILL"]


def test_the_host_that_failed_first_is_told() -> None:
    world = World(ends_at=50, exit_code=1, beside=(World(ends_at=2, exit_code=4),))

    assert world.supervised().failed == 1


def test_one_host_that_is_done_leaves_the_others_alone() -> None:
    other = World(ends_at=20)
    world = World(ends_at=5, beside=(other,))

    assert world.supervised() == Verdict(cause=Cause.EXITED, exits=(Exit(0), Exit(0)))
    assert other.signals == []


def test_a_stop_reaches_every_host() -> None:
    other = World(heeds_sigterm_after=3)
    world = World(stop_at=5, heeds_sigterm_after=2, beside=(other,))

    assert world.supervised() == Verdict(cause=Cause.STOP_REQUESTED, exits=(Exit(-15), Exit(-15)))
