"""Who has a place and who waits: never too many, nobody passed over, nobody forgotten."""

from dataclasses import dataclass, field, replace

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from luthier.clusters.admission import BEHIND, Admission
from luthier.clusters.capacity import Capacity, Resources, Slots, Wanted
from luthier.clusters.machine import GIB, Machine
from luthier.records.allotment import Allotment
from luthier.records.journal import ClusterSpec
from luthier.records.names import TrainingJobArn
from things import MACHINE
from training_hosts import a_spec

LARGE = Machine(cpus=16, memory_bytes=128 * GIB, gpus=(0, 1, 2, 3))


def asked(number: int, **changes: object) -> ClusterSpec:
    """Give the training job that was asked for as the *number*th."""
    return replace(a_spec(f"job-{number}", **changes), asked_at=float(number))


def names(admitted: object) -> list[str]:
    return [each.name for each in admitted]  # type: ignore[attr-defined]  # specs


def of_slots(count: int, *specs: ClusterSpec) -> Admission:
    admission = Admission(Slots(MACHINE, count), {})
    for each in specs:
        admission.ask(each)
    return admission


def test_as_many_come_in_as_there_is_room_for() -> None:
    assert names(of_slots(2, asked(1), asked(2), asked(3)).admit()) == ["job-1", "job-2"]


def test_who_asked_first_comes_first_however_late_it_is_heard_of() -> None:
    assert names(of_slots(1, asked(3), asked(1), asked(2)).admit()) == ["job-1"]


def test_those_who_come_in_are_given_their_part_of_the_machine() -> None:
    [placed] = of_slots(1, asked(1)).admit()

    assert placed.allotments == (Allotment(cpus=2.0, memory_bytes=8 * GIB),)


def test_asking_twice_is_asking_once() -> None:
    assert names(of_slots(5, asked(1), asked(1)).admit()) == ["job-1"]


def test_a_large_training_job_is_not_passed_by_small_ones() -> None:
    admission = of_slots(2, asked(1), asked(2, instance_count=2), asked(3))
    admission.admit()

    assert admission.admit() == []

    admission.leave(asked(1).arn)
    assert names(admission.admit()) == ["job-2"]


def test_the_first_says_what_there_is_no_room_for_and_the_others_that_they_come_later() -> None:
    admission = of_slots(1, asked(1), asked(2), asked(3))
    admission.admit()

    assert admission.waiting(asked(1).arn) is None
    assert admission.waiting(asked(2).arn) == "Waiting for a free place: 1 of 1 slot are in use"
    assert admission.waiting(asked(3).arn) == BEHIND


def test_those_inside_at_the_start_keep_their_places() -> None:
    admission = Admission(Slots(MACHINE, 1), {asked(1).arn: (Allotment(),)})
    admission.ask(asked(2))

    assert admission.admit() == []


def test_who_can_never_come_in_holds_nobody_up() -> None:
    """The settings may have been others when it was asked for."""
    never = asked(1, instance_type="ml.p3.16xlarge")
    admission = Admission(Resources(MACHINE), {})
    admission.ask(never)
    admission.ask(asked(2))

    assert names(admission.admit()) == ["job-2"]
    assert (admission.waiting(never.arn) or "").startswith("Waiting for other settings: ml.p3.16xlarge needs 64 vCPUs")


SIZES = ("ml.m5.large", "ml.m5.xlarge", "ml.g4dn.xlarge", "ml.g4dn.12xlarge", "ml.p3.8xlarge")


@dataclass
class _Known:
    inside: dict[TrainingJobArn, ClusterSpec] = field(default_factory=dict)
    waiting: dict[TrainingJobArn, ClusterSpec] = field(default_factory=dict)


class AnyOrder(RuleBasedStateMachine):
    """Training jobs that come and go in any order, and a record of who should be where."""

    capacity: Capacity = Resources(LARGE)

    def __init__(self) -> None:
        super().__init__()
        self.admission = Admission(self.capacity, {})
        self.known = _Known()

    @rule(number=st.integers(0, 30), size=st.sampled_from(SIZES), count=st.integers(1, 3))
    def ask(self, number: int, size: str, count: int) -> None:
        spec = asked(number, instance_type=size, instance_count=count)
        self.admission.ask(spec)
        if spec.arn not in self.known.inside:
            self.known.waiting.setdefault(spec.arn, spec)

    @rule()
    def admit(self) -> None:
        possible = [each for each in self.in_order() if self.can_ever(each)]
        admitted = self.admission.admit()
        assert names(admitted) == names(possible[: len(admitted)]), "somebody was passed over"
        for each in admitted:
            self.known.inside[each.arn] = each
            del self.known.waiting[each.arn]
        for first in possible[len(admitted) :][:1]:
            in_use = [part for each in self.known.inside.values() for part in each.allotments]
            assert self.capacity.allot(wanted(first), in_use) is None, "there was room for the first"

    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        arns = [*self.known.inside, *self.known.waiting]
        if not arns:
            return
        arn = data.draw(st.sampled_from(arns))
        self.admission.leave(arn)
        self.known.inside.pop(arn, None)
        self.known.waiting.pop(arn, None)

    @invariant()
    def nobody_is_lost(self) -> None:
        assert set(self.admission.inside()) == set(self.known.inside)
        assert all(self.admission.waiting(arn) for arn in self.known.waiting)

    @invariant()
    def nothing_is_given_twice(self) -> None:
        parts = [part for each in self.known.inside.values() for part in each.allotments]
        gpus = [index for part in parts for index in part.gpus]
        assert len(set(gpus)) == len(gpus)
        self.hold(parts)

    def hold(self, parts: list[Allotment]) -> None:
        assert sum(part.cpus or 0 for part in parts) <= LARGE.cpus
        assert sum(part.memory_bytes or 0 for part in parts) <= LARGE.memory_bytes

    def in_order(self) -> list[ClusterSpec]:
        return sorted(self.known.waiting.values(), key=lambda each: (each.asked_at, each.arn))

    def can_ever(self, spec: ClusterSpec) -> bool:
        return self.capacity.refusal(wanted(spec)) is None


class AnyOrderOfSlots(AnyOrder):
    """The same, by slots."""

    capacity = Slots(LARGE, 4)

    def hold(self, parts: list[Allotment]) -> None:
        assert len(parts) <= 4


def wanted(spec: ClusterSpec) -> Wanted:
    return Wanted(instance_type=spec.definition.instance_type, count=spec.definition.instance_count)


TestByResources = AnyOrder.TestCase
TestBySlots = AnyOrderOfSlots.TestCase
