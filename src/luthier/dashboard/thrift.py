"""
What to do about what a training job used, or left unused (pure).

| seen on a host                                                       | what to do                              |
|----------------------------------------------------------------------|-----------------------------------------|
| at its peak no more than a quarter of its processors, two left idle  | more workers, or a smaller instance     |
| no more than a tenth of its GPUs on average                          | look whether the program finds them     |
| nine tenths of its memory                                            | more memory, or smaller batches         |
| nine tenths of its volume                                            | a larger volume                         |

Of processors and GPUs nothing is said after less than a minute: programs take that long to begin.
"""

from collections.abc import Iterator, Sequence

from luthier.records.usage import UsageSeen

FULL = 90.0  # percent
IDLE = 0.25  # of the processors, at the peak
UNUSED = 0.1  # of the GPUs, on average
_TELLING_S = 60.0


def advice(hosts: Sequence[UsageSeen]) -> tuple[str, ...]:
    """Say what to do, by what each of a training job's hosts used in all; every sentence once."""
    return tuple(dict.fromkeys(sentence for each in hosts for sentence in _advice(each)))


def cores(percent: float) -> str:
    """
    Say how many processors or GPUs a percentage of one is.

    >>> cores(137.0), cores(400.0)
    ('1.4', '4')
    """
    return f"{percent / 100:.1f}".removesuffix(".0")


def _advice(used: UsageSeen) -> Iterator[str]:
    if used.span_s >= _TELLING_S:
        yield from _idle(used)
    if (used.memory_percent or 0.0) >= FULL:
        yield (
            f"Its memory was {used.memory_percent:.0f} % full. Choose an InstanceType with more of it, or smaller "
            "batches, before a training job fails for want of it."
        )
    if (used.disk_percent or 0.0) >= FULL:
        yield f"Its volume was {used.disk_percent:.0f} % full. Raise VolumeSizeInGB."


def _idle(used: UsageSeen) -> Iterator[str]:
    peak, all_of = used.peak_cpu_percent, 100.0 * used.cpus
    if peak is not None and peak <= IDLE * all_of and all_of - peak >= 200.0:
        yield (
            f"It had {cores(all_of)} processors and used {cores(peak)} at most. Let the program have more threads or "
            "workers, or choose a smaller InstanceType."
        )
    if used.gpus and used.gpu_percent is not None and used.gpu_percent <= UNUSED * 100.0 * used.gpus:
        yield (
            f"It had {used.gpus} GPU{'s' if used.gpus > 1 else ''} and used {used.gpu_percent / used.gpus:.0f} % on "
            "average. Look whether the program finds the GPU, and whether its input keeps up; or choose an "
            "InstanceType without one."
        )
