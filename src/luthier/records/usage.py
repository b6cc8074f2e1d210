"""
What a host of a training job used of its machine: stretches of time, one after another, which can be joined.

Percentages are Amazon CloudWatch's: of one core or one GPU, so that four cores have 400; of the whole memory, and of
the whole volume. AWS: "Amazon SageMaker AI metrics in Amazon CloudWatch", Developer Guide.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from types import MappingProxyType
from typing import TypeVar

Number = TypeVar("Number", int, float)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """What a host may use."""

    host: str  # algo-1
    cpus: float
    memory_limit_bytes: int
    gpus: int
    disk_limit_bytes: int  # of its volume


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageSeen(Provision):
    """What one host used during a stretch of its training; None is what nobody could tell."""

    at: float  # when the stretch ended, in seconds since the epoch
    span_s: float  # above 0

    processor_s: float | None = None  # time of processors, of all that ran
    peak_cpu_percent: float | None = None  # the highest of the pieces of some seconds that the stretch is made of
    memory_bytes: int | None = None  # the most that was seen
    gpu_percent: float | None = None  # the mean of the looks
    peak_gpu_percent: float | None = None  # the highest look
    gpu_memory_percent: float | None = None  # likewise
    disk_bytes: int | None = None  # the most that was seen

    @property
    def cpu_percent(self) -> float | None:
        """The mean use of processors."""
        return None if self.processor_s is None else 100.0 * self.processor_s / self.span_s

    @property
    def memory_percent(self) -> float | None:
        """The most memory that was seen in use."""
        return _percent(self.memory_bytes, self.memory_limit_bytes)

    @property
    def disk_percent(self) -> float | None:
        """The most room that was seen in use on the volume."""
        return _percent(self.disk_bytes, self.disk_limit_bytes)


MEASURES: Mapping[str, Callable[[UsageSeen], float | None]] = MappingProxyType(
    {
        "CPUUtilization": lambda each: each.cpu_percent,
        "MemoryUtilization": lambda each: each.memory_percent,
        "GPUUtilization": lambda each: each.gpu_percent,
        "GPUMemoryUtilization": lambda each: each.gpu_memory_percent,
        "DiskUtilization": lambda each: each.disk_percent,
    }
)
"""A stretch's percentages, by the names of SageMaker's metrics in CloudWatch."""


def joined(first: UsageSeen, second: UsageSeen) -> UsageSeen:
    """Join two stretches of one host, the earlier one first, to one that is as long as both together."""
    return replace(
        second,
        span_s=first.span_s + second.span_s,
        processor_s=_known(lambda one, other: one + other, first.processor_s, second.processor_s),
        peak_cpu_percent=_known(max, first.peak_cpu_percent, second.peak_cpu_percent),
        memory_bytes=_known(max, first.memory_bytes, second.memory_bytes),
        gpu_percent=_known(
            lambda one, other: (one * first.span_s + other * second.span_s) / (first.span_s + second.span_s),
            first.gpu_percent,
            second.gpu_percent,
        ),
        peak_gpu_percent=_known(max, first.peak_gpu_percent, second.peak_gpu_percent),
        gpu_memory_percent=_known(max, first.gpu_memory_percent, second.gpu_memory_percent),
        disk_bytes=_known(max, first.disk_bytes, second.disk_bytes),
    )


def all_joined(stretches: Sequence[UsageSeen]) -> dict[str, UsageSeen]:
    """Join all stretches of each host, in the order in which the hosts are first named."""
    hosts = dict.fromkeys(each.host for each in stretches)
    return {host: reduce(joined, (each for each in stretches if each.host == host)) for host in hosts}


def _known(join: Callable[[Number, Number], Number], one: Number | None, other: Number | None) -> Number | None:
    if one is None or other is None:
        return other if one is None else one
    return join(one, other)


def _percent(part: int | None, whole: int) -> float | None:
    return None if part is None else 100.0 * part / whole
