"""How much of a machine is in use, in numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from luthier.clusters.capacity import Resources, Slots
from luthier.records.allotment import Allotment


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """So much there is of something, and so much of it is in use, which may be more after a change of settings."""

    total: float
    in_use: float

    @property
    def free(self) -> float:
        """What is left."""
        return max(0.0, self.total - self.in_use)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupancy:
    """Who is on a machine, and what that takes up."""

    placed: int  # training jobs that have a place
    waiting: int  # training jobs that wait for one
    levels: Mapping[str, Level]  # by slots: slots; by resources: cpus, memory_bytes, gpus


def levels(capacity: Slots | Resources, in_use: Sequence[Allotment]) -> dict[str, Level]:
    """Say what there is to be had, and how much of it the allotments take up."""
    machine = capacity.machine
    match capacity:
        case Slots():
            return {"slots": Level(total=capacity.count, in_use=len(in_use))}
        case Resources():
            return {
                "cpus": Level(total=machine.cpus, in_use=sum(each.cpus or 0.0 for each in in_use)),
                "memory_bytes": Level(
                    total=machine.memory_bytes, in_use=sum(each.memory_bytes or 0 for each in in_use)
                ),
                "gpus": Level(total=len(machine.gpus), in_use=sum(len(each.gpus) for each in in_use)),
            }
        case _:
            assert_never(capacity)
