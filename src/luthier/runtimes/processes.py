"""
What some processes have had of processors, and hold of memory, by /proc (proc(5)).

Who has ended counts with whoever waited for it: /proc/pid/stat has the time of a process, and that of all its
descendants that were waited for. So the sum over all that run is the time of all there ever were, but for those that
nobody waited for.

    sandbox's first process ── sh ── python ── worker        read from left to right
    time of those that were    ^                 ^ ends: from now on it counts with python
    waited for: all orphans

Parents are read before their children: one that ends meanwhile is missing in this look, and is never counted twice. A
program may start any number of processes, so a look that would take too long is not made.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from luthier.runtimes import Use
from luthier.runtimes.memory import held_bytes

MOST = 2000
"""Processes of which a look is made, and of threads that are asked for their children."""

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_TIMES = slice(11, 15)  # of the fields that follow a process's name: utime, stime, cutime and cstime


class Tally:
    """What some processes have had of processors; it never falls."""

    def __init__(self) -> None:
        self._processor_s = 0.0

    def look(self, pids: Sequence[int] | None) -> Use:
        """Say what processes use, parents before their children; nothing of None, or of too many."""
        if pids is None or len(pids) > MOST:
            return Use()
        self._processor_s = max(self._processor_s, sum(map(_ticks, pids)) / _TICKS_A_SECOND)
        return Use(processor_s=self._processor_s, memory_bytes=held_bytes(pids))

    def settle(self, processor_s: float | None) -> Use:
        """Say what all have used together, now that they are over and were waited for."""
        self._processor_s = max(self._processor_s, processor_s or 0.0)
        return Use(processor_s=self._processor_s)


def children(pid: int) -> list[int]:
    """List the children that a process's first thread has started, the first one first."""
    return _listed(Path(f"/proc/{pid}/task/{pid}/children"))


def descendants(pid: int) -> list[int]:
    """List all below a process, whichever thread has started them; parents before their children."""
    return [each for below in _walk(pid) for each in below]


def few_descendants(pid: int, most: int = MOST) -> list[int] | None:
    """List them likewise; None if there are more than *most*, together with the threads that are asked for them."""
    found: list[int] = []
    for asked, below in enumerate(_walk(pid)):
        found += below
        if asked + len(found) > most:
            return None
    return found


def stat_fields(pid: int) -> Sequence[bytes]:
    """Read the fields of /proc/pid/stat that follow the name, which may be any bytes; none if the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return ()


def _ticks(pid: int) -> int:
    return sum(map(int, stat_fields(pid)[_TIMES]))


def _walk(pid: int) -> Iterator[list[int]]:
    """Give the children of one thread after another; without recursion: they may go deep."""
    left = [pid]
    while left:
        tasks = Path(f"/proc/{left.pop()}/task")
        for thread in _threads(tasks):
            below = _listed(tasks / thread / "children")
            left += below
            yield below


def _threads(tasks: Path) -> list[str]:
    try:
        return os.listdir(tasks)  # noqa: PTH208  # names are all that is wanted
    except (FileNotFoundError, ProcessLookupError):
        return []


def _listed(children: Path) -> list[int]:
    try:
        return [int(each) for each in children.read_text(encoding="ascii").split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
