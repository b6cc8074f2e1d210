"""What a tuning job's training jobs used of their machine, as lines of text and as JSON (pure)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from luthier.dashboard.thrift import advice, cores
from luthier.dashboard.usage_view import gib
from luthier.dashboard.wording import duration
from luthier.records.json_value import JsonObject
from luthier.records.usage import UsageSeen

Totals = Mapping[str, Sequence[UsageSeen]]
"""What each host of each training job used in all, by the training jobs' names."""


def lines(totals: Totals) -> list[str]:
    """Say what all used together, which of them the most, and what to do about it."""
    hosts = [_Host(name, each) for name, found in totals.items() for each in found]
    if not hosts:
        return ["Nothing has been measured yet."]
    said = [*_processors(hosts), *_memory(hosts), *_gpus(hosts)]
    advised: dict[str, list[str]] = {}
    for name, found in totals.items():
        for sentence in advice(found):
            advised.setdefault(sentence, []).append(name)
    return [*said, *(f"{_named(names)}: {sentence}" for sentence, names in advised.items())]


def document(totals: Totals) -> list[JsonObject]:
    """Give the same as JSON, each host's own figures, and null for what nobody could tell."""
    return [_figures(name, each) for name, found in totals.items() for each in found]


@dataclass(frozen=True, slots=True)
class _Host:
    training_job: str
    used: UsageSeen


def _processors(hosts: Sequence[_Host]) -> Iterator[str]:
    known = [each.used for each in hosts if each.used.processor_s is not None]
    if not known:
        return
    used_s, span_s = sum(each.processor_s or 0.0 for each in known), sum(each.span_s for each in known)
    had_s = sum(each.span_s * each.cpus for each in known)
    peak = max(hosts, key=lambda each: each.used.peak_cpu_percent or 0.0)
    yield (
        f"processors: {duration(used_s)} of their time, {cores(100.0 * used_s / span_s)} at a time on average, "
        f"{100.0 * used_s / had_s:.0f} % of what there was; at most {cores(peak.used.peak_cpu_percent or 0.0)} of "
        f"{cores(100.0 * peak.used.cpus)} ({peak.training_job})"
    )


def _memory(hosts: Sequence[_Host]) -> Iterator[str]:
    known = [each for each in hosts if each.used.memory_bytes is not None]
    if known:
        most = max(known, key=lambda each: each.used.memory_percent or 0.0)
        yield (
            f"memory: {gib(most.used.memory_bytes or 0)} at most, {most.used.memory_percent:.0f} % of "
            f"{gib(most.used.memory_limit_bytes)} ({most.training_job})"
        )


def _gpus(hosts: Sequence[_Host]) -> Iterator[str]:
    known = [each.used for each in hosts if each.used.gpu_percent is not None]
    if known:
        had_s = sum(each.span_s * each.gpus for each in known)
        mean = sum((each.gpu_percent or 0.0) * each.span_s for each in known) / had_s
        yield f"GPUs: {mean:.0f} % in use on average"


def _named(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} training jobs, {names[0]} among them"


def _figures(name: str, used: UsageSeen) -> JsonObject:
    return {
        "TrainingJobName": name,
        "Host": used.host,
        "Seconds": used.span_s,
        "ProcessorSeconds": used.processor_s,
        "CPUUtilization": used.cpu_percent,
        "PeakCPUUtilization": used.peak_cpu_percent,
        "Processors": used.cpus,
        "PeakMemoryBytes": used.memory_bytes,
        "PeakMemoryUtilization": used.memory_percent,
        "MemoryBytes": used.memory_limit_bytes,
        "GPUs": used.gpus,
        "GPUUtilization": used.gpu_percent,
        "PeakGPUUtilization": used.peak_gpu_percent,
        "PeakGPUMemoryUtilization": used.gpu_memory_percent,
        "PeakDiskBytes": used.disk_bytes,
        "PeakDiskUtilization": used.disk_percent,
        "Advice": list(advice([used])),
    }
