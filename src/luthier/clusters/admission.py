"""
Which training jobs have a place on a machine, and which wait for one: in the order in which they were asked for.

Who is first in the queue is the next to start, however small the others are, so that a large training job is never
passed for ever. Those that can never have a place (the settings were others when they were asked for) hold nobody up.
"""

from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from luthier.clusters.capacity import Capacity, Wanted
from luthier.records.allotment import Allotment
from luthier.records.journal import ClusterSpec
from luthier.records.names import TrainingJobArn

BEHIND = "Waiting for training jobs that were asked for earlier, which wait for a place themselves"

Allotments = tuple[Allotment, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Ticket:
    """A training job that waits; tickets compare by who is served first."""

    spec: ClusterSpec

    def __lt__(self, other: "Ticket") -> bool:
        return self._turn < other._turn

    @property
    def _turn(self) -> tuple[float, str]:
        return self.spec.asked_at, self.spec.arn


class Admission:
    """Who is in, and who waits. Safe to share between threads; it knows nothing of folders and processes."""

    def __init__(self, capacity: Capacity, inside: Mapping[TrainingJobArn, Allotments]) -> None:
        """Begin with those that are *inside* already, room or not."""
        self._capacity = capacity
        self._inside = dict(inside)
        self._queue: list[Ticket] = []
        self._tickets: dict[TrainingJobArn, Ticket] = {}  # of the queue, too
        self._guard = Lock()

    def ask(self, spec: ClusterSpec) -> None:
        """Have a training job wait for a place, unless it does so, or has one."""
        with self._guard:
            if spec.arn not in self._inside and spec.arn not in self._tickets:
                self._tickets[spec.arn] = Ticket(spec)
                insort(self._queue, self._tickets[spec.arn])

    def admit(self) -> Sequence[ClusterSpec]:
        """Let in those whose turn it is, as far as there is room, and give them with their allotments."""
        admitted = []
        with self._guard:
            while (first := self._first()) is not None:
                allotments = self._capacity.allot(_wanted(first.spec), self._in_use())
                if allotments is None:
                    break
                self._drop_ticket(first.spec.arn)
                self._inside[first.spec.arn] = allotments
                admitted.append(replace(first.spec, allotments=allotments))
        return admitted

    def placed(self, spec: ClusterSpec) -> ClusterSpec | None:
        """Give a training job that has a place with its allotments; None if it has none."""
        with self._guard:
            allotments = self._inside.get(spec.arn)
        return None if allotments is None else replace(spec, allotments=allotments)

    def leave(self, arn: TrainingJobArn) -> None:
        """Give up a training job's place, or its waiting for one."""
        with self._guard:
            self._inside.pop(arn, None)
            self._drop_ticket(arn)

    def inside(self) -> Sequence[TrainingJobArn]:
        """Name those that have a place."""
        with self._guard:
            return list(self._inside)

    def occupancy(self) -> tuple[int, int, Allotments]:
        """Count those that have a place and those that wait, and give all that is allotted."""
        with self._guard:
            return len(self._inside), len(self._queue), tuple(self._in_use())

    def is_first(self, arn: TrainingJobArn) -> bool:
        """Whether a training job is the next to be let in."""
        with self._guard:
            first = self._first()
            return first is not None and first.spec.arn == arn

    def waiting(self, arn: TrainingJobArn) -> str | None:
        """
        Say what a training job waits for; None if it does not wait.

        Numbers, which change all the time, are only told of the first: behind it, nobody's words change.
        """
        with self._guard:
            ticket = self._tickets.get(arn)
            if ticket is None:
                return None
            wanted = _wanted(ticket.spec)
            if (never := self._capacity.refusal(wanted)) is not None:
                return f"Waiting for other settings: {never}"
            return self._capacity.shortage(wanted, self._in_use()) if ticket is self._first() else BEHIND

    def _drop_ticket(self, arn: TrainingJobArn) -> None:
        ticket = self._tickets.pop(arn, None)
        if ticket is not None:
            self._queue.remove(ticket)

    def _first(self) -> Ticket | None:
        return next((each for each in self._queue if self._capacity.refusal(_wanted(each.spec)) is None), None)

    def _in_use(self) -> list[Allotment]:
        return [each for allotments in self._inside.values() for each in allotments]


def _wanted(spec: ClusterSpec) -> Wanted:
    return Wanted(instance_type=spec.definition.instance_type, count=spec.definition.instance_count)
