"""
Whether the processes of a host have more memory than it may have.

Nothing keeps them from taking it, so it is looked at now and then. What counts is memory that nothing but this host's
processes keep from others: anonymous and shared memory, as /proc knows them (proc(5)), each page once. To count pages
once is dear, as it goes through all of them. So first they are counted once for each process that has them, which is
never less and costs next to nothing, and only if that is too much, exactly.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

_INTERVAL_S = 1.0
_SHARE = 20  # a look that takes long is made the more seldom, so that it is made a twentieth of the time
_BOUND = ("RssAnon", "RssShmem")  # of /proc/pid/status
_EXACT = ("Pss_Anon", "Pss_Shmem")  # of /proc/pid/smaps_rollup, each page divided by the processes that have it


class MemoryWatch:
    """Says when some processes have more than *limit_bytes*; never, if that is None."""

    def __init__(self, limit_bytes: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit_bytes
        self._clock = clock
        self._due = clock()

    def is_exceeded(self, pids: Callable[[], Sequence[int]]) -> bool:
        """Look, unless it was looked at a moment ago: then it is taken to be well."""
        before = self._clock()
        if self._limit is None or before < self._due:
            return False
        known = pids()
        is_exceeded = _sum(known, "status", _BOUND) > self._limit and used_bytes(known) > self._limit
        self._due = self._clock() + max(_INTERVAL_S, _SHARE * (self._clock() - before))
        return is_exceeded


def used_bytes(pids: Sequence[int]) -> int:
    """Count the memory of some processes, each page once; what a process does not let us look into counts in full."""
    exact = [(pid, _sum([pid], "smaps_rollup", _EXACT)) for pid in pids]
    return sum(size or _sum([pid], "status", _BOUND) for pid, size in exact)


def held_bytes(pids: Sequence[int]) -> int:
    """
    Count the memory of some processes for about as little as it takes: no more than a twentieth too much.

    Where nearly all of it is one process's, the others cannot share much.
    """
    bounds = [_sum([pid], "status", _BOUND) for pid in pids]
    most = max(bounds, default=0)
    return sum(bounds) if sum(bounds) - most <= most / 20 else used_bytes(pids)


def _sum(pids: Sequence[int], file: str, names: Sequence[str]) -> int:
    return sum(_fields(Path(f"/proc/{pid}/{file}"), names) for pid in pids)


def _fields(path: Path, names: Sequence[str]) -> int:
    """Add up lines like `RssAnon:  120 kB`; 0 for a process that is gone, or that does not let us look into it."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0
    found = (line.partition(":") for line in lines)
    return sum(int(value.split()[0]) << 10 for name, _, value in found if name in names)
