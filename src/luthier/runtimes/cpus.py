"""
Which of the machine's processors the programs of a host run on.

Nobody hands them out: whoever starts a host looks at what others have taken, and takes those that the fewest have. A
program may take others; it is a matter of not being in one another's way, and of telling programs how many there are.
"""

import os
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from math import ceil
from pathlib import Path


@contextmanager
def on_cpus(count: float | None) -> Iterator[None]:
    """
    Have what this thread starts, while the context lasts, run on *count* processors, rounded up; None is all there are.

    They are those of this process that the fewest other sessions are confined to.
    """
    ours = os.sched_getaffinity(0)
    (chosen,) = choose_cpus([count])
    if chosen == ours:
        yield
        return
    os.sched_setaffinity(0, chosen)
    try:
        yield
    finally:
        os.sched_setaffinity(0, ours)


def choose_cpus(counts: Sequence[float | None]) -> list[frozenset[int]]:
    """Choose processors of this process for several hosts that are about to start, as `on_cpus` does for one."""
    ours = frozenset(os.sched_getaffinity(0))
    wanted = [len(ours) if each is None else max(1, ceil(each)) for each in counts]
    if min(wanted, default=len(ours)) >= len(ours):
        return [ours for _ in wanted]
    taken = taken_by_sessions(ours)
    chosen = []
    for each in wanted:
        chosen.append(least_taken(ours, each, taken))
        taken.update(chosen[-1] if chosen[-1] != ours else ())
    return chosen


def least_taken(cpus: Collection[int], count: int, taken: Counter[int]) -> frozenset[int]:
    """
    Choose processors; the lowest of those that are equally taken.

    >>> sorted(least_taken({0, 1, 2, 3}, 2, Counter({0: 1, 1: 2, 2: 1})))
    [0, 3]
    """
    return frozenset(sorted(cpus, key=lambda each: (taken[each], each))[:count])


def parse_cpus(listed: str) -> frozenset[int]:
    """
    Read a list of processors as the kernel writes it (cpuset(7), list format).

    >>> sorted(parse_cpus("0-2,5"))
    [0, 1, 2, 5]
    """
    ranges = [each.split("-") for each in listed.split(",") if each]
    return frozenset(cpu for each in ranges for cpu in range(int(each[0]), int(each[-1]) + 1))


def taken_by_sessions(ours: Collection[int], processes: Path = Path("/proc")) -> Counter[int]:
    """Count, for each processor, the sessions that are confined to it and to fewer others than *ours*."""
    taken: Counter[int] = Counter()
    for each in processes.glob("[0-9]*/status"):
        try:
            lines = each.read_text(encoding="utf-8", errors="replace").splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        fields = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
        if fields.get("NSsid", "").split()[:1] != [each.parent.name]:  # not the first of its session
            continue
        cpus = parse_cpus(fields["Cpus_allowed_list"])
        if not cpus >= frozenset(ours):
            taken.update(cpus)
    return taken
