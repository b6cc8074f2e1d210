"""How much of this machine there is for training jobs: its processors, its memory and its GPUs."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

GIB = 1 << 30

_GROUPS = ("sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory/memory.limit_in_bytes")  # version 2, version 1
_DEVICE = re.compile(r"nvidia(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What training jobs share."""

    cpus: int
    memory_bytes: int
    gpus: tuple[int, ...]  # their numbers, as of their device files


def look_at_machine(*, cpus: int = 0, memory_gib: int = 0, gpus: int = 0, root: Path = Path("/")) -> Machine:
    """
    Find out what this process may use of its machine; what is given, and not 0, is believed instead.

    A container's limits count. GPUs are NVIDIA's, by their device files, or where these are not made yet by the
    driver's list; of those *gpus* are the first. All is looked for below *root*.
    """
    found = _gpus(root)
    return Machine(
        cpus=cpus or _cpus(root),
        memory_bytes=memory_gib * GIB or min(_memory_bytes(root), *_limits(root)),
        gpus=found[: gpus or None] if gpus <= len(found) else tuple(range(gpus)),
    )


def _cpus(root: Path) -> int:
    ours = len(os.sched_getaffinity(0))
    limit = root / "sys/fs/cgroup/cpu.max"
    if not limit.exists():
        return ours
    quota, _, period = limit.read_text(encoding="ascii").strip().partition(" ")
    return ours if quota == "max" else max(1, min(ours, int(quota) // int(period)))


def _memory_bytes(root: Path) -> int:
    lines = (root / "proc/meminfo").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemTotal:"))


def _limits(root: Path) -> Iterator[int]:
    yield 1 << 62  # so that there is one
    for each in _GROUPS:
        file = root / each
        if file.exists() and (text := file.read_text(encoding="ascii").strip()) != "max":
            yield int(text)


def _gpus(root: Path) -> tuple[int, ...]:
    names = (each.name for each in (root / "dev").glob("nvidia*"))
    numbers = sorted(int(match[1]) for match in map(_DEVICE.fullmatch, names) if match)
    listed = (root / "proc/driver/nvidia/gpus").glob("*")
    return tuple(numbers) or tuple(place for place, _ in enumerate(listed))
