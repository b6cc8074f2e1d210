"""
What an algorithm uses on its host, looked at now and then, and reported in stretches that get longer.

    looks       · · · ·  ·   ·    ·    ·    ·    ·    at once, then after as long again, then every second
    pieces     |-------------|-------------|---...    5 s of looks: what a peak is taken of
    stretches  |-------------|------------------...   240 of 5 s, 240 of 10 s, 240 of 20 s and so on

So a training job of 20 minutes has 240 stretches, one of a day 1,600 and one of 28 days 2,700: each is an entry in the
journal. However many processes there are, looks have a 250th of a processor at most, and a twentieth of the time, which
is more on a busy machine.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict

from luthier.clusters.machine import look_at_machine
from luthier.host.equipment import Equipment
from luthier.host.journal import Journal
from luthier.records.allotment import Allotment
from luthier.records.journal import ClusterSpec
from luthier.records.training_job import TrainingDefinition
from luthier.records.usage import Provision, UsageSeen, joined
from luthier.runtimes import Running
from luthier.runtimes.nvml import Gpus, GpuUse, NvmlError, find_gpus

PIECE_S = 5.0
STRETCHES = 240
"""Stretches of one length, before they get twice as long."""

_INTERVAL_S = 1.0
_FIRST_S = 0.05
_SHARE, _SHARE_OF_TIME = 250, 20
_SHORTEST_S = 1e-3  # a stretch has a length, whatever the clock says

_logger = logging.getLogger(__name__)


class Meter:
    """Looks at one host's algorithm, and reports what it uses."""

    def __init__(
        self,
        running: Running,
        provision: Provision,
        journal: Journal,
        begun: float,
        gpus: Gpus | None = None,
        clock: Callable[[], float] = time.monotonic,
        cost: Callable[[], float] = time.thread_time,
    ) -> None:
        """Begin; *begun* is when the algorithm was about to be started, by *clock*; *cost* is time of a processor."""
        self.running = running
        self._provision, self._journal, self._gpus = provision, journal, gpus
        self._clock, self._cost = clock, cost
        self._begun = self._piece_begun = self._due = begun
        self._total_s: float | None = None  # time of processors
        self._known_s = 0.0  # how much of that is in a piece already
        self._memory: list[int] = []
        self._gpu_looks: list[GpuUse] = []
        self._disk_bytes: int | None = None
        self._stretch: UsageSeen | None = None
        self._length_s, self._left = PIECE_S, STRETCHES

    def follow(self) -> None:
        """Look, if it is time to, and report what is complete."""
        before, cost = self._clock(), self._cost()
        if before < self._due:
            return
        self._look()
        is_whole = self._stretch is not None and self._stretch.span_s >= self._length_s
        if is_whole and before - self._piece_begun >= _INTERVAL_S:  # not before: a short rest could be no stretch
            self._report()
        if before - self._piece_begun >= PIECE_S:
            self._end_piece(before)
        after = self._clock()
        interval_s = min(_INTERVAL_S, max(_FIRST_S, before - self._begun))
        self._due = after + max(interval_s, _SHARE * (self._cost() - cost), _SHARE_OF_TIME * (after - before))

    def finish(self) -> None:
        """Look for the last time, when the algorithm is over, and report the rest."""
        self._look()
        self._end_piece(self._clock())
        self._report()

    def note_disk(self, used_bytes: int) -> int:
        """Take in how much room is in use on the volume, which somebody else looks at, and give it back."""
        self._disk_bytes = used_bytes
        return used_bytes

    def _look(self) -> None:
        used = self.running.use()
        self._total_s = self._total_s if used.processor_s is None else used.processor_s
        self._memory += [] if used.memory_bytes is None else [used.memory_bytes]
        if self._gpus is not None:
            try:
                self._gpu_looks.append(self._gpus.use())
            except NvmlError as error:
                _logger.warning("%s: nobody can tell how GPUs are used: %s", self._provision.host, error)
                self._gpus = None

    def _end_piece(self, now: float) -> None:
        span_s = max(now - self._piece_begun, _SHORTEST_S)
        used_s = None if self._total_s is None else self._total_s - self._known_s
        is_telling = span_s >= _INTERVAL_S or self._stretch is None
        gpu = [each.percent for each in self._gpu_looks]
        piece = UsageSeen(
            **asdict(self._provision),
            at=self._journal.clock(),
            span_s=span_s,
            processor_s=used_s,
            peak_cpu_percent=None if used_s is None or not is_telling else 100.0 * used_s / span_s,
            memory_bytes=max(self._memory, default=None),
            gpu_percent=sum(gpu) / len(gpu) if gpu else None,
            peak_gpu_percent=max(gpu, default=None),
            gpu_memory_percent=max((each.memory_percent for each in self._gpu_looks), default=None),
            disk_bytes=self._disk_bytes,
        )
        self._stretch = piece if self._stretch is None else joined(self._stretch, piece)
        self._piece_begun, self._known_s = now, self._total_s or 0.0
        self._memory, self._gpu_looks = [], []

    def _report(self) -> None:
        if self._stretch is not None:
            self._journal.measure(self._stretch)
            self._stretch = None
            self._left -= 1
        if self._left == 0:
            self._length_s, self._left = 2 * self._length_s, STRETCHES


def meters(at_hand: Equipment, spec: ClusterSpec, running: Sequence[Running], begun: float) -> list[Meter]:
    """Make a meter for each host, now that its algorithm has been started."""
    allotments = spec.allotments or (Allotment(),) * len(running)
    names = (host.name for host in at_hand.workspace.hosts())
    return [
        Meter(each, provision(name, allotment, spec.definition), at_hand.journal, begun, find_gpus(allotment.gpus))
        for each, name, allotment in zip(running, names, allotments, strict=True)
    ]


def provision(host: str, allotment: Allotment, definition: TrainingDefinition) -> Provision:
    """Say what a host may use: its allotment, or where that leaves it open what this machine has."""
    machine = look_at_machine()
    return Provision(
        host=host,
        cpus=allotment.cpus or float(machine.cpus),
        memory_limit_bytes=allotment.memory_bytes or machine.memory_bytes,
        gpus=len(allotment.gpus),
        disk_limit_bytes=definition.volume_gb << 30,
    )
