"""
What a container has had of processors, and holds of memory, as the kernel counts it for its control group.

|               | version 2 (cgroup-v2)             | version 1 (cpuacct, memory)              |
|---------------|-----------------------------------|------------------------------------------|
| processors    | cpu.stat: usage_usec              | cpuacct.usage, in nanoseconds            |
| memory        | memory.stat: anon, shmem          | memory.stat: total_rss, total_shmem      |
| out of memory | memory.events: oom_kill           | memory.oom_control: oom_kill             |

The engine would say it too, but takes a hundred times as long for it, and says nothing of who has ended. A group is
gone with its container, and what is open of it cannot be read any more: so it has to be looked at before.
"""

import os
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

from luthier.runtimes import Use

_LONGEST = 1 << 16  # bytes of a file that is read


class ControlGroup:
    """A container's control group; what it says of processors never falls, and stays when the group is gone."""

    def __init__(self, times: Path, memory: Path, kills: Path) -> None:
        """Open its files; raises OSError if they are not there."""
        with ExitStack() as opened:
            self._times, self._memory, self._kills = (_opened(each, opened) for each in (times, memory, kills))
            self._files = opened.pop_all()
        self._scale = 1e-6 if times.name == "cpu.stat" else 1e-9
        self._used = Use()
        self._has_run_out = False

    @property
    def has_run_out(self) -> bool:
        """Whether, at the last look, the kernel had killed any of its processes because memory ran out."""
        return self._has_run_out

    def look(self) -> Use:
        """Say what is in use now, or was at the last look if the group is gone: no memory then."""
        try:
            times, memory, kills = (_fields(each) for each in (self._times, self._memory, self._kills))
        except OSError:  # ENODEV: the group is gone
            self._used = Use(processor_s=self._used.processor_s)
            return self._used
        total_s = times.get("usage_usec", times.get("", 0)) * self._scale
        self._has_run_out |= kills.get("oom_kill", 0) > 0
        held = sum(memory.get(name, 0) for name in _names_of(memory))
        self._used = Use(processor_s=max(total_s, self._used.processor_s or 0.0), memory_bytes=held)
        return self._used

    def close(self) -> None:
        """Close its files. No look may follow."""
        self._files.close()


def control_group(pid: int, container: str, root: Path = Path("/")) -> ControlGroup | None:
    """
    Find the control group of a container by its first process; None where it has none of its own, or none is seen.

    Rootless engines have containers in a group of the user's session, where the kernel delegates none.
    """
    with suppress(OSError, ValueError):
        lines = (root / f"proc/{pid}/cgroup").read_text(encoding="utf-8", errors="replace").splitlines()
        places = {name: path for _, names, path in (line.split(":", 2) for line in lines) for name in names.split(",")}
        groups = root / "sys/fs/cgroup"
        if "cpuacct" in places:
            times = _own(groups / "cpuacct", places["cpuacct"], container) / "cpuacct.usage"
            own = _own(groups / "memory", places["memory"], container)
            return ControlGroup(times, own / "memory.stat", own / "memory.oom_control")
        own = _own(groups, places[""], container)
        return ControlGroup(own / "cpu.stat", own / "memory.stat", own / "memory.events")
    return None


def _opened(file: Path, opened: ExitStack) -> int:
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    opened.callback(os.close, descriptor)
    return descriptor


def _own(controller: Path, path: str, container: str) -> Path:
    """
    Find the folder of a group; raises ValueError for one that is not the container's alone.

    A first process may have made groups of its own below the container's, and have gone into one.
    """
    parts = path.strip("/").split("/")
    own = next((place for place, part in enumerate(parts) if container in part), None)
    if own is None or ".." in parts:
        raise ValueError(f"control group {path} is not that of container {container}")
    return controller.joinpath(*parts[: own + 1])


def _names_of(memory: Mapping[str, int]) -> tuple[str, str]:
    return ("anon", "shmem") if "anon" in memory else ("total_rss", "total_shmem")


def _fields(descriptor: int) -> Mapping[str, int]:
    """Read lines of a name and a number; a number alone has no name."""
    text = os.pread(descriptor, _LONGEST, 0).decode("ascii", "replace")
    pairs = (line.rpartition(" ") for line in text.splitlines())
    return {name: int(number) for name, _, number in pairs}
