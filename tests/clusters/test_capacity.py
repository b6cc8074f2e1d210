"""How much of a machine training jobs get, by slots and by resources."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luthier.clusters.capacity import Capacity, Resources, Slots, Wanted
from luthier.clusters.machine import GIB, Machine
from luthier.records.allotment import Allotment
from luthier.records.instance_type import INSTANCE_TYPES
from things import MACHINE

ONE_GPU = Wanted(instance_type="ml.g4dn.xlarge", count=1)  # 4 vCPUs, 16 GiB
SMALL = Wanted(instance_type="ml.m5.large", count=1)  # 2 vCPUs, 8 GiB
TWO_SMALL = replace(SMALL, count=2)
LARGE = Machine(cpus=192, memory_bytes=2048 * GIB, gpus=tuple(range(8)))
NOTHING = Allotment(cpus=0.0, memory_bytes=0)

machines = st.builds(
    lambda cpus, gib, gpus: Machine(cpus=cpus, memory_bytes=gib * GIB, gpus=tuple(gpus)),
    st.integers(1, 200),
    st.integers(1, 2100),
    st.sets(st.integers(0, 15), max_size=8),
)
capacities = st.builds(Slots, machines, st.integers(0, 20)) | st.builds(Resources, machines)
wants = st.builds(
    lambda name, count: Wanted(instance_type=name, count=count),
    st.sampled_from(sorted(INSTANCE_TYPES)),
    st.integers(1, 20),
)


def allotted(capacity: Capacity, wanted: Wanted, *in_use: Allotment) -> tuple[Allotment, ...]:
    given = capacity.allot(wanted, in_use)
    assert given is not None
    return given


@pytest.mark.parametrize("capacity", [Slots(MACHINE), Resources(MACHINE)])
def test_an_instance_has_what_its_type_has(capacity: Capacity) -> None:
    assert allotted(capacity, SMALL) == (Allotment(cpus=2.0, memory_bytes=8 * GIB),)


def test_by_slots_an_instance_has_no_more_than_its_machine() -> None:
    [given] = allotted(Slots(MACHINE), Wanted(instance_type="ml.m5.24xlarge", count=1))

    assert (given.cpus, given.memory_bytes) == (4.0, 16 * GIB)


def test_by_slots_a_machine_without_gpus_runs_types_that_have_some() -> None:
    [given] = allotted(Slots(replace(MACHINE, gpus=())), ONE_GPU)

    assert given.gpus == ()


def test_by_slots_gpus_go_to_those_who_come_first() -> None:
    slots = Slots(MACHINE)
    [first] = allotted(slots, ONE_GPU)
    [second] = allotted(slots, ONE_GPU, first)
    [third] = allotted(slots, ONE_GPU, first, second)

    assert (first.gpus, second.gpus, third.gpus) == ((0,), (1,), ())


def test_by_slots_the_hosts_of_a_training_job_have_as_many_gpus_each() -> None:
    given = allotted(Slots(LARGE), Wanted(instance_type="ml.p3.16xlarge", count=3))

    assert [each.gpus for each in given] == [(0, 1), (2, 3), (4, 5)]


def test_by_slots_a_type_of_tomorrow_has_all_there_is() -> None:
    assert allotted(Slots(MACHINE), Wanted(instance_type="ml.z9.large", count=1)) == (Allotment(gpus=(0, 1)),)


def test_by_slots_all_instances_of_a_training_job_start_or_none() -> None:
    slots = Slots(MACHINE, 2)

    assert slots.allot(TWO_SMALL, [NOTHING]) is None
    assert slots.shortage(TWO_SMALL, [NOTHING]) == "Waiting for 2 free places: 1 of 2 slots are in use"


def test_more_instances_than_slots_can_never_be_had() -> None:
    assert Slots(MACHINE, 2).refusal(TWO_SMALL) is None
    assert Slots(MACHINE, 1).refusal(TWO_SMALL) == (
        "2 instances of ml.m5.large can never run at once: this machine has 1 slot. Lower InstanceCount, or raise the "
        "setting slots."
    )


@pytest.mark.parametrize(("cpus", "slots"), [(2, 16), (64, 64)])
def test_there_are_slots_for_all_cpus_and_for_more_than_one_tuning_job(cpus: int, slots: int) -> None:
    assert Slots(replace(MACHINE, cpus=cpus)).count == slots


def test_by_resources_gpus_are_nobody_else_s() -> None:
    resources = Resources(replace(LARGE, gpus=(0, 3)))
    [first] = allotted(resources, ONE_GPU)
    [second] = allotted(resources, ONE_GPU, first)

    assert (first.gpus, second.gpus) == ((0,), (3,))
    assert resources.allot(ONE_GPU, [first, second]) is None


def test_by_resources_what_is_missing_is_told() -> None:
    busy = Allotment(cpus=4.0, memory_bytes=41 * GIB, gpus=(0,))
    resources = Resources(Machine(cpus=8, memory_bytes=61 * GIB, gpus=(0,)))

    assert resources.shortage(Wanted(instance_type="ml.p3.2xlarge", count=1), [busy]) == (
        "Waiting for ml.p3.2xlarge: needs 8 vCPUs, 61 GiB and 1 GPU; free are 4 vCPUs, 20 GiB and 0 GPUs"
    )


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (
            Wanted(instance_type="ml.p3.2xlarge", count=1),
            "ml.p3.2xlarge needs 8 vCPUs, 61 GiB and 1 GPU; this machine has 4 vCPUs, 16 GiB and 2 GPUs. Choose a "
            "smaller InstanceType",
        ),
        (replace(SMALL, count=3), "3 instances of ml.m5.large need 6 vCPUs, 24 GiB and 0 GPUs; this machine has"),
        (Wanted(instance_type="ml.trn1.2xlarge", count=1), "needs 1 Trainium accelerator, which this machine cannot"),
        (Wanted(instance_type="ml.z9.large", count=1), "what ml.z9.large is made of is not known to this version"),
    ],
)
def test_what_the_whole_machine_has_not_got_can_never_be_had(wanted: Wanted, reason: str) -> None:
    refusal = Resources(MACHINE).refusal(wanted)

    assert refusal is not None
    assert reason in refusal
    assert 'capacity = "slots"' in refusal


@given(capacities, wants)
def test_a_free_machine_has_room_for_whatever_can_ever_be_had(capacity: Capacity, wanted: Wanted) -> None:
    given = capacity.allot(wanted, [])

    assert (given is None) == (capacity.refusal(wanted) is not None)


@given(machines, st.lists(wants, max_size=8))
def test_by_resources_nothing_is_given_twice(machine: Machine, wanted: list[Wanted]) -> None:
    in_use: list[Allotment] = []
    for each in wanted:
        in_use += Resources(machine).allot(each, in_use) or ()

    gpus = [index for each in in_use for index in each.gpus]
    assert sum(each.cpus or 0.0 for each in in_use) <= machine.cpus
    assert sum(each.memory_bytes or 0 for each in in_use) <= machine.memory_bytes
    assert len(set(gpus)) == len(gpus)
    assert set(gpus) <= set(machine.gpus)


@given(machines, st.integers(0, 20), st.lists(wants, max_size=8))
def test_by_slots_no_slot_and_no_gpu_is_given_twice(machine: Machine, count: int, wanted: list[Wanted]) -> None:
    slots = Slots(machine, count)
    in_use: list[Allotment] = []
    for each in wanted:
        in_use += slots.allot(each, in_use) or ()

    gpus = [index for each in in_use for index in each.gpus]
    assert len(in_use) <= slots.count
    assert len(set(gpus)) == len(gpus)
    assert set(gpus) <= set(machine.gpus)


@given(machines, wants)
def test_by_resources_an_instance_has_all_that_its_type_has(machine: Machine, wanted: Wanted) -> None:
    kind = INSTANCE_TYPES[wanted.instance_type]

    for each in Resources(machine).allot(wanted, []) or ():
        assert (each.cpus, each.memory_bytes, len(each.gpus)) == (kind.vcpus, kind.memory_gib * GIB, kind.gpus)
