"""Runtimes: what encloses the algorithm on the hosts of a training job."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from luthier.records.algorithm import Algorithm
from luthier.records.allotment import Allotment


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """
    A folder that many read, seen by one algorithm as a folder of its own.

    What it writes, changes or deletes goes into *above*. Both folders of its own are empty at first, and of one file
    system.
    """

    below: Path  # never written to
    above: Path
    scratch: Path  # the kernel's


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """What the algorithm is to find around it on one host: its own `/opt/ml` and `/tmp`, its name, its environment."""

    host_name: str  # algo-1
    ml: Path  # the host folder that the algorithm sees as /opt/ml
    tmp: Path  # the host folder that the algorithm sees as /tmp
    log: Path  # what its stdout and stderr are appended to
    environment: Mapping[str, str]
    folders: Mapping[str, Path] = field(default_factory=dict)  # further writable ones, by the path that it sees
    layers: Mapping[str, Layer] = field(default_factory=dict)  # likewise; only for a runtime that has them
    allotment: Allotment = Allotment()  # noqa: RUF009  # frozen


@dataclass(frozen=True, slots=True, kw_only=True)
class HostGroup:
    """
    All hosts of one training job, which reach one another by name.

    Beside that they reach the front door at its own address, unless they are isolated, and whatever else the runtime
    lets them.
    """

    name: str  # distinct on this machine, of letters, digits and dashes: what a runtime makes for the group bears it
    hosts: tuple[Enclosure, ...]  # at least one
    front_door: str  # URL on a loopback address of this machine
    is_isolated: bool = False  # nothing can be reached but the group's own hosts
    networks: tuple[str, ...] = ()  # of the container engine, that the hosts are to join
    hidden: tuple[Path, ...] = ()  # folders that the algorithm must never see (the server's data folder)


@dataclass(frozen=True, slots=True)
class Exit:
    """How an algorithm has ended on one host."""

    code: int  # negative: the signal that ended it
    is_out_of_memory: bool = False  # the runtime knows that it needed more memory than it may have


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What an algorithm uses on one host, all its processes together; None is what nobody knows."""

    processor_s: float | None = None  # time of processors since its start, that of processes which have ended included
    memory_bytes: int | None = None  # now: anonymous and shared memory, what processes share counted once


class Running(Protocol):
    """An algorithm that has been started on one host."""

    def wait(self, timeout_s: float) -> Exit | None:
        """Say how it has ended, or give None if it still runs after *timeout_s*."""
        ...

    def terminate(self) -> None:
        """Send SIGTERM to the algorithm's first process; harmless when it is gone."""
        ...

    def kill(self) -> None:
        """End the algorithm and all its children at once; harmless when they are gone."""
        ...

    def written_bytes(self) -> int:
        """Say how much of the disk it uses beside the folders of its enclosure; may take long."""
        ...

    def use(self) -> Use:
        """Say what it uses now, or has used when it is over. What is said of processors never falls."""
        ...


class Runtime(Protocol):
    """What encloses the algorithm."""

    def has_layers(self, algorithm: Algorithm) -> bool:
        """Say whether the enclosures of an algorithm may have layers here."""
        ...

    def started(self, algorithm: Algorithm, group: HostGroup) -> AbstractContextManager[Sequence[Running]]:
        """
        Start the algorithm on every host of the group, or on none, for as long as the context lasts.

        The order is that of the group's hosts. When the context ends, nothing of the group runs any more, and nothing
        that the runtime has made for it is left. Raises OSError if a host cannot be started, or not as it is wanted.
        """
        ...
