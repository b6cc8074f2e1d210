"""Runtimes: what encloses the algorithm on a host."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from luthier.records.algorithm import Algorithm


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """What the algorithm is to find around it: its own `/opt/ml` and `/tmp`, its host name, its environment."""

    ml: Path  # the host folder that the algorithm sees as /opt/ml
    tmp: Path  # the host folder that the algorithm sees as /tmp
    host_name: str  # algo-1
    environment: Mapping[str, str]
    has_network: bool = True  # False: nothing but its own loopback
    hidden: tuple[Path, ...] = ()  # folders that the algorithm must never see (the server's data folder)


class Running(Protocol):
    """An algorithm that has been started."""

    def wait(self, timeout_s: float) -> int | None:
        """Give the exit code (negative: the signal that ended it), or None if it still runs after *timeout_s*."""
        ...

    def terminate(self) -> None:
        """Send SIGTERM to the algorithm's first process; harmless when it is gone."""
        ...

    def kill(self) -> None:
        """End the algorithm and all its children at once; harmless when they are gone."""
        ...


class Runtime(Protocol):
    """What encloses the algorithm."""

    def spawn(self, algorithm: Algorithm, enclosure: Enclosure, log: Path) -> Running:
        """
        Start the algorithm with stdout and stderr appended to *log*.

        Raises OSError if it cannot be started, or not without a network where it is to have none.
        """
        ...
