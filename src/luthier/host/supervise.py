"""
The algorithm's clock: what ends a training that does not end by itself, on all of its hosts.

    stop requested ──────────┐
    MaxRuntimeInSeconds over ┼── SIGTERM ── up to 120 s ── SIGKILL
    volume full, input lost ─┼───────────────────────────── SIGKILL at once
    one host failed ─────────┘   (the others)
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from luthier.runtimes import Exit, Running

GRACE_S = 120.0  # between SIGTERM and SIGKILL: StopTrainingJob in SageMaker's API
_POLL_S = 0.05
_LEAST_VOLUME_INTERVAL_S = 1.0


class Cause(Enum):
    """Why the algorithm runs no more."""

    EXITED = auto()
    STOP_REQUESTED = auto()
    MAX_RUNTIME = auto()
    VOLUME_FULL = auto()
    INPUT_LOST = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How the algorithm ended: why, and what it came to on every host."""

    cause: Cause
    exits: tuple[Exit, ...]  # in the order of the hosts
    failed: int | None = None  # where all were left to exit: the first host that failed, at which the others were ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an algorithm may use up."""

    max_runtime_s: float
    volume_bytes: int  # of each host
    grace_s: float = GRACE_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What is looked at while the algorithm runs."""

    is_stop_requested: Callable[[], bool]
    used_bytes: Callable[[], int]  # of the fullest volume; may take long; asked no more than a twentieth of the time
    follow_log: Callable[[], object]  # called at every look
    is_input_lost: Callable[[], bool] = lambda: False  # a pipe can be fed no further
    clock: Callable[[], float] = time.monotonic


def supervise(running: Sequence[Running], limits: Limits, watch: Watch) -> Verdict:
    """Stay with the algorithm until it has ended on all hosts, and say how. Whatever it started has ended, too."""
    started = watch.clock()
    hosts = _Hosts(running)
    volume = _VolumeWatch(limits.volume_bytes, watch, due=started + _LEAST_VOLUME_INTERVAL_S)
    while not hosts.are_over():
        watch.follow_log()
        if hosts.failed is not None:
            return hosts.killed(Cause.EXITED)
        if watch.is_stop_requested():
            return _end(hosts, Cause.STOP_REQUESTED, limits, watch, volume)
        if watch.clock() - started >= limits.max_runtime_s:
            return _end(hosts, Cause.MAX_RUNTIME, limits, watch, volume)
        if volume.is_full():
            return hosts.killed(Cause.VOLUME_FULL)
        if watch.is_input_lost():
            return hosts.killed(Cause.INPUT_LOST)
    return hosts.verdict(Cause.INPUT_LOST if watch.is_input_lost() else Cause.EXITED)


def _end(hosts: "_Hosts", cause: Cause, limits: Limits, watch: Watch, volume: "_VolumeWatch") -> Verdict:
    hosts.terminate()
    deadline = watch.clock() + limits.grace_s
    while not hosts.are_over():
        watch.follow_log()
        if watch.clock() >= deadline:
            return hosts.killed(cause)
        if volume.is_full():
            return hosts.killed(Cause.VOLUME_FULL)
    return hosts.verdict(cause)


class _Hosts:
    """The algorithm on every host, and what has come of it so far."""

    def __init__(self, running: Sequence[Running]) -> None:
        self._running = running
        self._exits: dict[int, Exit] = {}
        self.failed: int | None = None

    def are_over(self) -> bool:
        """Look at all hosts, for about the time of one look; says whether none of them runs any more."""
        timeout_s = _POLL_S
        for place, each in enumerate(self._running):
            if place in self._exits:
                continue
            ended = each.wait(timeout_s)
            timeout_s = 0.0
            if ended is not None:
                self._exits[place] = ended
                if ended.code and self.failed is None:
                    self.failed = place
        return len(self._exits) == len(self._running)

    def terminate(self) -> None:
        """Ask all to end."""
        for each in self._running:
            each.terminate()

    def killed(self, cause: Cause) -> Verdict:
        """End all at once."""
        while True:
            for each in self._running:
                each.kill()
            if self.are_over():
                return self.verdict(cause)

    def verdict(self, cause: Cause) -> Verdict:
        """Say how all have ended."""
        exits = tuple(self._exits[place] for place in range(len(self._running)))
        return Verdict(cause=cause, exits=exits, failed=self.failed if cause is Cause.EXITED else None)


class _VolumeWatch:
    """Looks at the volumes now and then: the longer a look takes, the rarer."""

    def __init__(self, limit: int, watch: Watch, *, due: float) -> None:
        self._limit = limit
        self._watch = watch
        self._due = due

    def is_full(self) -> bool:
        """Say whether a volume is known to be overfull now."""
        before = self._watch.clock()
        if before < self._due:
            return False
        used = self._watch.used_bytes()
        after = self._watch.clock()
        self._due = after + max(_LEAST_VOLUME_INTERVAL_S, 20 * (after - before))
        return used > self._limit
