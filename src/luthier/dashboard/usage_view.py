"""What the page of a training job shows of its use of the machine: a table and a curve for each measure (pure)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from luthier.dashboard.curves import Curve, curves
from luthier.dashboard.thrift import advice, cores
from luthier.dashboard.wording import duration
from luthier.records.training_job import MetricPoint
from luthier.records.usage import MEASURES, UsageSeen, all_joined

_UNKNOWN = "–"
_MIB, _GIB = 1 << 20, 1 << 30
_SHORT_S = 10.0  # what lasted less is told in tenths of a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One line of a host's table, in words."""

    name: str
    mean: str
    most: str
    limit: str  # what there was to use


@dataclass(frozen=True, slots=True, kw_only=True)
class HostUse:
    """What one host used."""

    host: str
    measured: str  # for how long, and what that came to
    measures: tuple[Measure, ...]
    curves: tuple[Curve, ...]  # over the time since the training job was created, in percent


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageView:
    """What all hosts used, and what to do about it."""

    hosts: tuple[HostUse, ...]
    advice: tuple[str, ...]


def usage_view(stretches: Sequence[UsageSeen], created_at: float) -> UsageView:
    """Lay out what hosts have reported, in that order."""
    wholes = all_joined(stretches)
    return UsageView(
        hosts=tuple(
            HostUse(
                host=host,
                measured=_measured(whole),
                measures=tuple(_measures(whole)),
                curves=curves(list(_points([each for each in stretches if each.host == host])), "time", created_at),
            )
            for host, whole in wholes.items()
        ),
        advice=advice(list(wholes.values())),
    )


def gib(size: int) -> str:
    """
    Say how much memory or room that is.

    >>> gib(16 << 30), gib(1234567890), gib(1 << 20), gib(5000)
    ('16 GiB', '1.15 GiB', '1 MiB', '5 KiB')
    """
    if size >= _GIB:
        return f"{size / _GIB:.3g} GiB"
    return f"{size / _MIB:.3g} MiB" if size >= _MIB else f"{size / (1 << 10):.0f} KiB"


def _measured(whole: UsageSeen) -> str:
    used = "" if whole.processor_s is None else f"{_lasted(whole.processor_s)} of processors "
    return f"{used}in {_lasted(whole.span_s)} of training"


def _lasted(seconds: float) -> str:
    return duration(seconds) if seconds >= _SHORT_S else f"{seconds:.1f} s"


def _measures(whole: UsageSeen) -> Iterator[Measure]:
    yield Measure(
        name="Processors",
        mean=_percent(whole.cpu_percent),
        most=_percent(whole.peak_cpu_percent),
        limit=f"{cores(100.0 * whole.cpus)} cores, {100.0 * whole.cpus:.0f} %",
    )
    yield Measure(
        name="Memory",
        mean=_UNKNOWN,
        most=_part(whole.memory_bytes, whole.memory_percent),
        limit=gib(whole.memory_limit_bytes),
    )
    if whole.gpus:
        limit = f"{whole.gpus} GPU{'s' if whole.gpus > 1 else ''}, {100 * whole.gpus} %"
        yield Measure(name="GPUs", mean=_percent(whole.gpu_percent), most=_percent(whole.peak_gpu_percent), limit=limit)
        yield Measure(name="GPU memory", mean=_UNKNOWN, most=_percent(whole.gpu_memory_percent), limit=limit)
    yield Measure(
        name="Volume",
        mean=_UNKNOWN,
        most=_part(whole.disk_bytes, whole.disk_percent),
        limit=gib(whole.disk_limit_bytes),
    )


def _percent(percent: float | None) -> str:
    if percent is None:
        return _UNKNOWN
    return "below 1 %" if 0.0 < percent < 1.0 else f"{percent:.0f} %"


def _part(size: int | None, percent: float | None) -> str:
    return _UNKNOWN if size is None else f"{gib(size)}, {_percent(percent)}"


def _points(stretches: Sequence[UsageSeen]) -> Iterator[MetricPoint]:
    for number, each in enumerate(stretches, start=1):
        for name, measure in MEASURES.items():
            value = measure(each)
            if value is not None:
                yield MetricPoint(name=name, value=round(value, 2), at=each.at, sequence=number)
