"""
How much of this machine a training job needs, and whether it is free: by slots, or by resources.

| capacity  | an instance takes                 | its host may use                        | never fits             |
|-----------|-----------------------------------|-----------------------------------------|------------------------|
| slots     | one slot, whatever its type       | its type's CPUs and memory, or all that | more instances than    |
|           |                                   | there is, and GPUs where some are free  | there are slots        |
| resources | its type's CPUs, memory and GPUs, | the same                                | what the whole machine |
|           | which are nobody else's meanwhile |                                         | has not got            |
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from luthier.clusters.machine import GIB, Machine
from luthier.records.allotment import Allotment
from luthier.records.instance_type import INSTANCE_TYPES, InstanceType

SLOTS = 16  # at least, unless a setting says otherwise: more than one tuning job trains at once on the usual quotas

BY_SLOTS = 'or share the machine by slots, with the setting capacity = "slots"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The instances of one training job, all of which it needs at once."""

    instance_type: str
    count: int


class Capacity(Protocol):
    """What there is to be had, and what of it is free beside the allotments *in_use*."""

    def refusal(self, wanted: Wanted) -> str | None:
        """Say why the instances can never be had here, and what to do; None if they can."""
        ...

    def allot(self, wanted: Wanted, in_use: Sequence[Allotment]) -> tuple[Allotment, ...] | None:
        """Give each instance its part of the machine; None if there is no room for all of them just now."""
        ...

    def shortage(self, wanted: Wanted, in_use: Sequence[Allotment]) -> str:
        """Say what there is no room for just now."""
        ...

    def summary(self) -> str:
        """Say what there is to be had."""
        ...


@dataclass(frozen=True, slots=True)
class Slots:
    """So many instances at once, whatever they are; 0: as many as there are CPUs, and no fewer than `SLOTS`."""

    machine: Machine
    asked: int = 0

    @property
    def count(self) -> int:
        """How many instances there may be at once."""
        return self.asked or max(SLOTS, self.machine.cpus)

    def refusal(self, wanted: Wanted) -> str | None:
        """See `Capacity.refusal`."""
        if wanted.count <= self.count:
            return None
        return (
            f"{wanted.count} instances of {wanted.instance_type} can never run at once: this machine has "
            f"{_counted(self.count, 'slot')}. Lower InstanceCount, or raise the setting slots."
        )

    def allot(self, wanted: Wanted, in_use: Sequence[Allotment]) -> tuple[Allotment, ...] | None:
        """See `Capacity.allot`. Free GPUs are shared evenly among the instances."""
        if len(in_use) + wanted.count > self.count:
            return None
        kind, free = INSTANCE_TYPES.get(wanted.instance_type), _free_gpus(self.machine, in_use)
        share = len(free) // wanted.count
        if kind is None:  # a type of tomorrow: whatever there is
            return _allotments(wanted.count, None, None, free, share)
        cpus, memory_bytes = min(kind.vcpus, self.machine.cpus), min(_memory_bytes(kind), self.machine.memory_bytes)
        return _allotments(wanted.count, cpus, memory_bytes, free, min(kind.gpus, share))

    def shortage(self, wanted: Wanted, in_use: Sequence[Allotment]) -> str:
        """See `Capacity.shortage`."""
        places = "a free place" if wanted.count == 1 else f"{wanted.count} free places"
        return f"Waiting for {places}: {len(in_use)} of {_counted(self.count, 'slot')} are in use"

    def summary(self) -> str:
        """See `Capacity.summary`."""
        return f"{_counted(self.count, 'instance')} of any type at once, on {_said(_all_of(self.machine))}"


@dataclass(frozen=True, slots=True)
class Resources:
    """As much as the machine has."""

    machine: Machine

    def refusal(self, wanted: Wanted) -> str | None:
        """See `Capacity.refusal`."""
        kind = INSTANCE_TYPES.get(wanted.instance_type)
        if kind is None:
            return (
                f"what {wanted.instance_type} is made of is not known to this version of Luthier. Choose another "
                f"InstanceType, {BY_SLOTS}."
            )
        if kind.accelerators > kind.gpus:
            return (
                f"{kind.name} needs {_counted(kind.accelerators, f'{kind.accelerator} accelerator')}, which this "
                f"machine cannot have. Choose another InstanceType, {BY_SLOTS}."
            )
        needed, whole = _needed(kind, wanted.count), _all_of(self.machine)
        if needed.fits(whole):
            return None
        return (
            f"{_named(wanted)} {'needs' if wanted.count == 1 else 'need'} {_said(needed)}; this machine has "
            f"{_said(whole)}. Choose a smaller InstanceType or InstanceCount, correct the settings cpus, memory_gb or "
            f"gpus, {BY_SLOTS}."
        )

    def allot(self, wanted: Wanted, in_use: Sequence[Allotment]) -> tuple[Allotment, ...] | None:
        """See `Capacity.allot`."""
        kind = INSTANCE_TYPES.get(wanted.instance_type)
        if kind is None or not _needed(kind, wanted.count).fits(_free(self.machine, in_use)):
            return None
        free = _free_gpus(self.machine, in_use)
        return _allotments(wanted.count, kind.vcpus, _memory_bytes(kind), free, kind.gpus)

    def shortage(self, wanted: Wanted, in_use: Sequence[Allotment]) -> str:
        """See `Capacity.shortage`."""
        free, kind = _free(self.machine, in_use), INSTANCE_TYPES.get(wanted.instance_type)
        needed = f"needs {_said(_needed(kind, wanted.count))}; " if kind is not None else ""
        return f"Waiting for {_named(wanted)}: {needed}free are {_said(free)}"

    def summary(self) -> str:
        """See `Capacity.summary`."""
        return f"instances get what their types have, of {_said(_all_of(self.machine))}"


@dataclass(frozen=True, slots=True)
class _Amount:
    cpus: float
    memory_bytes: int
    gpus: int

    def fits(self, room: "_Amount") -> bool:
        return self.cpus <= room.cpus and self.memory_bytes <= room.memory_bytes and self.gpus <= room.gpus


def _allotments(
    count: int, cpus: int | None, memory_bytes: int | None, free: tuple[int, ...], gpus: int
) -> tuple[Allotment, ...]:
    """Give each of *count* instances as much, and the next *gpus* of those that are free."""
    return tuple(
        Allotment(cpus=cpus, memory_bytes=memory_bytes, gpus=free[place * gpus : (place + 1) * gpus])
        for place in range(count)
    )


def _needed(kind: InstanceType, count: int) -> _Amount:
    return _Amount(float(kind.vcpus * count), _memory_bytes(kind) * count, kind.gpus * count)


def _all_of(machine: Machine) -> _Amount:
    return _Amount(float(machine.cpus), machine.memory_bytes, len(machine.gpus))


def _free(machine: Machine, in_use: Sequence[Allotment]) -> _Amount:
    """Say what nobody uses; hosts whose part was never told, those of earlier versions, are not counted."""
    return _Amount(
        max(0.0, machine.cpus - sum(each.cpus or 0.0 for each in in_use)),
        max(0, machine.memory_bytes - sum(each.memory_bytes or 0 for each in in_use)),
        len(_free_gpus(machine, in_use)),
    )


def _free_gpus(machine: Machine, in_use: Sequence[Allotment]) -> tuple[int, ...]:
    taken = {index for each in in_use for index in each.gpus}
    return tuple(index for index in machine.gpus if index not in taken)


def _memory_bytes(kind: InstanceType) -> int:
    return int(kind.memory_gib * GIB)


def _named(wanted: Wanted) -> str:
    return wanted.instance_type if wanted.count == 1 else f"{wanted.count} instances of {wanted.instance_type}"


def _said(amount: _Amount) -> str:
    gib = f"{amount.memory_bytes / GIB:.1f}".removesuffix(".0")
    return f"{_counted(amount.cpus, 'vCPU')}, {gib} GiB and {_counted(amount.gpus, 'GPU')}"


def _counted(count: float, noun: str) -> str:
    return f"{count:g} {noun}" if count == 1 else f"{count:g} {noun}s"
