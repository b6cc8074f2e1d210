"""
What SageMaker's training instance types are made of: processors, memory and accelerators.

The table says it by families. A size `4xlarge` has 16 vCPUs, four for each x; `large` and `medium` have 2; its memory
goes by its vCPUs. Where that does not hold, the size says its own: `8xlarge=60` has 60 GiB, `12xlarge*4` has four
accelerators, and `_VCPUS` has those whose vCPUs follow no rule. A GPU family's sizes have one accelerator unless they
say otherwise.

AWS: "Amazon EC2 instance types"; instance types of AWS's Neuron documentation (trn1, trn2).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceType:
    """A kind of machine that SageMaker trains on."""

    name: str  # ml.m5.large
    vcpus: int
    memory_gib: float
    accelerator: str | None = None  # what kind it is: T4, A10G, Trainium
    accelerators: int = 0
    accelerator_gib: int = 0  # memory of each

    @property
    def gpus(self) -> int:
        """How many of its accelerators are GPUs; Trainium is none."""
        return 0 if self.accelerator in _NO_GPUS else self.accelerators


@dataclass(frozen=True, slots=True)
class _Family:
    name: str
    gib_per_vcpu: float
    sizes: str
    accelerator: str | None = None
    accelerator_gib: int = 0


_NO_GPUS = ("Trainium", "Trainium2")

_TO_16 = "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"
_TO_24 = f"{_TO_16} 24xlarge"
_TO_32 = f"{_TO_24} 32xlarge"
_TO_48 = f"{_TO_24} 48xlarge"
_TO_96 = f"{_TO_32} 48xlarge 96xlarge"
_GPUS = "xlarge 2xlarge 4xlarge 8xlarge 12xlarge*4 16xlarge 24xlarge*4 48xlarge*8"
_MANY_GPUS = "2xlarge 4xlarge 8xlarge 12xlarge*2 24xlarge*4 48xlarge*8"

_FAMILIES = (
    _Family("t3", 4, "medium=4 large xlarge 2xlarge"),
    _Family("m4", 4, "xlarge 2xlarge 4xlarge 10xlarge 16xlarge"),
    _Family("m5", 4, "large xlarge 2xlarge 4xlarge 12xlarge 24xlarge"),
    _Family("m6i", 4, _TO_32),
    _Family("m7i", 4, _TO_48),
    _Family("m7i-flex", 4, _TO_16),
    _Family("m8i", 4, _TO_96),
    _Family("m8i-flex", 4, _TO_16),
    _Family("c4", 1.875, "xlarge 2xlarge 4xlarge 8xlarge=60"),
    _Family("c5", 2, "xlarge 2xlarge 4xlarge 9xlarge 18xlarge"),
    _Family("c5n", 2.625, "xlarge 2xlarge 4xlarge 9xlarge=96 18xlarge=192"),
    _Family("c6i", 2, _TO_32),
    _Family("c7i", 2, _TO_48),
    _Family("c7i-flex", 2, _TO_16),
    _Family("c8i", 2, _TO_96),
    _Family("c8i-flex", 2, _TO_16),
    _Family("r5", 8, _TO_24),
    _Family("r5d", 8, _TO_24),
    _Family("r6i", 8, _TO_32),
    _Family("r7i", 8, _TO_48),
    _Family("r8i", 8, _TO_96),
    _Family("r8i-flex", 8, _TO_16),
    _Family("g4dn", 4, "xlarge 2xlarge 4xlarge 8xlarge 12xlarge*4 16xlarge", "T4", 16),
    _Family("g5", 4, _GPUS, "A10G", 24),
    _Family("g6", 4, _GPUS, "L4", 24),
    _Family("g6e", 8, _GPUS, "L40S", 48),
    _Family("g7", 4, _MANY_GPUS, "RTX PRO 4500", 32),
    _Family("g7e", 8, "2xlarge 4xlarge 8xlarge 12xlarge=512*2 24xlarge=1024*4 48xlarge=2048*8", "RTX PRO 6000", 96),
    _Family("p2", 15.25, "xlarge 8xlarge*8 16xlarge=732*16", "K80", 12),
    _Family("p3", 7.625, "2xlarge 8xlarge*4 16xlarge*8", "V100", 16),
    _Family("p3dn", 8, "24xlarge*8", "V100", 32),
    _Family("p4d", 12, "24xlarge*8", "A100", 40),
    _Family("p4de", 12, "24xlarge*8", "A100", 80),
    _Family("p5", 16, "4xlarge 48xlarge=2048*8", "H100", 80),
    _Family("p5e", 16, "48xlarge=2048*8", "H200", 141),
    _Family("p5en", 16, "48xlarge=2048*8", "H200", 141),
    _Family("p6-b200", 16, "48xlarge=2048*8", "B200", 179),
    _Family("p6-b300", 16, "48xlarge=4096*8", "B300", 268),
    _Family("p6e-gb200", 16, "36xlarge=960*4", "GB200", 185),
    _Family("trn1", 4, "2xlarge 32xlarge*16", "Trainium", 32),
    _Family("trn1n", 4, "32xlarge*16", "Trainium", 32),
    _Family("trn2", 16, "48xlarge=2048*16", "Trainium2", 96),
)
_VCPUS = {"c4.8xlarge": 36}
_SIZE = re.compile(r"(\d*)(medium|large|xlarge)(?:=(\d+))?(?:\*(\d+))?")


def _made_of(family: _Family, given: str) -> InstanceType:
    match = _SIZE.fullmatch(given)
    if match is None:
        raise ValueError(f"{family.name}: {given!r} is no size")
    times, size, gib, accelerators = match.groups()
    name = f"{family.name}.{times}{size}"
    vcpus = _VCPUS.get(name, 4 * int(times or 1) if size == "xlarge" else 2)
    return InstanceType(
        name=f"ml.{name}",
        vcpus=vcpus,
        memory_gib=float(gib or vcpus * family.gib_per_vcpu),
        accelerator=family.accelerator,
        accelerators=int(accelerators or 1) if family.accelerator else 0,
        accelerator_gib=family.accelerator_gib,
    )


INSTANCE_TYPES: Mapping[str, InstanceType] = MappingProxyType(
    {made.name: made for family in _FAMILIES for made in (_made_of(family, size) for size in family.sizes.split())}
)
