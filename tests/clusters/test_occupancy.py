"""How much of a machine is in use."""

from luthier.clusters.capacity import Resources, Slots
from luthier.clusters.machine import GIB
from luthier.clusters.occupancy import Level, levels
from luthier.records.allotment import Allotment
from things import MACHINE

IN_USE = [Allotment(cpus=2, memory_bytes=8 * GIB, gpus=(1,)), Allotment(cpus=1, memory_bytes=4 * GIB)]


def test_by_slots_every_host_takes_one() -> None:
    assert levels(Slots(MACHINE, 5), IN_USE) == {"slots": Level(total=5, in_use=2)}


def test_by_resources_hosts_take_what_they_were_allotted() -> None:
    assert levels(Resources(MACHINE), IN_USE) == {
        "cpus": Level(total=4, in_use=3),
        "memory_bytes": Level(total=16 * GIB, in_use=12 * GIB),
        "gpus": Level(total=2, in_use=1),
    }


def test_no_less_than_nothing_is_free() -> None:
    assert Level(total=1, in_use=3).free == 0.0
