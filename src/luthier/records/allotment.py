"""What of a machine one training host may use."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Allotment:
    """A training host's part of its machine; None is as much as there is."""

    cpus: float | None = None
    memory_bytes: int | None = None
    gpus: tuple[int, ...] = ()  # indices of the machine's GPUs, none of them anybody else's
