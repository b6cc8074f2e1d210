"""
The algorithm's clock: what ends a training that does not end by itself.

    stop requested ──────────┐
    MaxRuntimeInSeconds over ┼── SIGTERM ── up to 120 s ── SIGKILL
    volume full, input lost ─┴───────────────────────────── SIGKILL at once
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from luthier.runtimes import Running

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
    """How the algorithm ended."""

    cause: Cause
    exit_code: int  # negative: the signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an algorithm may use up."""

    max_runtime_s: float
    volume_bytes: int
    grace_s: float = GRACE_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What is looked at while the algorithm runs."""

    is_stop_requested: Callable[[], bool]
    used_bytes: Callable[[], int]  # may take long; it is asked no more than a twentieth of the time
    follow_log: Callable[[], object]  # called at every look
    is_input_lost: Callable[[], bool] = lambda: False  # a pipe can be fed no further
    clock: Callable[[], float] = time.monotonic


def supervise(running: Running, limits: Limits, watch: Watch) -> Verdict:
    """Stay with the algorithm until it has ended, and say how. Whatever it started has ended, too."""
    started = watch.clock()
    volume = _VolumeWatch(limits.volume_bytes, watch, due=started + _LEAST_VOLUME_INTERVAL_S)
    while (code := running.wait(_POLL_S)) is None:
        watch.follow_log()
        if watch.is_stop_requested():
            return _end(running, Cause.STOP_REQUESTED, limits, watch, volume)
        if watch.clock() - started >= limits.max_runtime_s:
            return _end(running, Cause.MAX_RUNTIME, limits, watch, volume)
        if volume.is_full():
            return _kill(running, Cause.VOLUME_FULL)
        if watch.is_input_lost():
            return _kill(running, Cause.INPUT_LOST)
    return Verdict(cause=Cause.INPUT_LOST if watch.is_input_lost() else Cause.EXITED, exit_code=code)


def _end(running: Running, cause: Cause, limits: Limits, watch: Watch, volume: "_VolumeWatch") -> Verdict:
    running.terminate()
    deadline = watch.clock() + limits.grace_s
    while (code := running.wait(_POLL_S)) is None:
        watch.follow_log()
        if watch.clock() >= deadline:
            return _kill(running, cause)
        if volume.is_full():
            return _kill(running, Cause.VOLUME_FULL)
    return Verdict(cause=cause, exit_code=code)


def _kill(running: Running, cause: Cause) -> Verdict:
    running.kill()
    while (code := running.wait(_POLL_S)) is None:
        running.kill()
    return Verdict(cause=cause, exit_code=code)


class _VolumeWatch:
    """Looks at the volume now and then: the longer a look takes, the rarer."""

    def __init__(self, limit: int, watch: Watch, *, due: float) -> None:
        self._limit = limit
        self._watch = watch
        self._due = due

    def is_full(self) -> bool:
        """Say whether the volume is known to be overfull now."""
        before = self._watch.clock()
        if before < self._due:
            return False
        used = self._watch.used_bytes()
        after = self._watch.clock()
        self._due = after + max(_LEAST_VOLUME_INTERVAL_S, 20 * (after - before))
        return used > self._limit
