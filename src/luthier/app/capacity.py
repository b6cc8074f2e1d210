"""How much training jobs may have of this machine, as the settings say."""

from luthier.clusters.capacity import Resources, Slots
from luthier.clusters.machine import look_at_machine
from luthier.settings import Settings


def capacity_of(settings: Settings) -> Slots | Resources:
    """Look at the machine, and share it out by slots or by resources."""
    machine = look_at_machine(cpus=settings.cpus, memory_gib=settings.memory_gb, gpus=settings.gpus)
    return Resources(machine) if settings.capacity == "resources" else Slots(machine, settings.slots)
