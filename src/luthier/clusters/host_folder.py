"""
The folder in which one host of a training job lives: `algo-1` in the training job's workspace.

    algo-1.log      what the algorithm wrote to stdout and stderr
    algo-1.times    how many bytes that had at which time, a note a second
    algo-1/
        ml/  tmp/   what the algorithm sees as /opt/ml and /tmp
        pipes/      named pipes that are being made
        packed/     archives on their way to S3: those of all hosts are made on the first
        layers/     what the algorithm has written above input that it shares with others
        checkpoints/  what it sees as the folder of its checkpoints, unless that lies in /opt/ml
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class HostFolder:
    """One training host's folder, and its log beside it, which outlasts the folder."""

    workspace: Path
    name: str  # algo-1

    @property
    def folder(self) -> Path:
        """All that is gone when the training job is over."""
        return self.workspace / self.name

    @property
    def ml(self) -> Path:
        """What the algorithm sees as /opt/ml."""
        return self.folder / "ml"

    @property
    def tmp(self) -> Path:
        """What the algorithm sees as /tmp."""
        return self.folder / "tmp"

    @property
    def pipes(self) -> Path:
        """Where named pipes are made; the algorithm sees them only once they are moved into its own folder."""
        return self.folder / "pipes"

    @property
    def packed(self) -> Path:
        """Where archives are made; the algorithm never sees it."""
        return self.folder / "packed"

    @property
    def layers(self) -> Path:
        """What lies above shared input, a folder for each channel."""
        return self.folder / "layers"

    @property
    def checkpoints(self) -> Path:
        """What the algorithm sees as the folder of its checkpoints, unless that lies in /opt/ml."""
        return self.folder / "checkpoints"

    @property
    def log(self) -> Path:
        """The algorithm's stdout and stderr."""
        return self.workspace / f"{self.name}.log"

    @property
    def log_times(self) -> Path:
        """When the log had grown how far: a line with the bytes and the seconds since the epoch for each look."""
        return self.workspace / f"{self.name}.times"


def host_name(number: int) -> str:
    """Name a host of a training job by its number, counted from 1, as SageMaker does: algo-1, algo-2 and so on."""
    return f"algo-{number}"


def host_names(count: int) -> tuple[str, ...]:
    """Name all hosts of a training job."""
    return tuple(map(host_name, range(1, count + 1)))
