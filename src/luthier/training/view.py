"""All that a decision about a training job may look at, and all that it may ask for."""

from dataclasses import dataclass

from luthier.records.journal import ClusterSpec, JournalEntry, Observation
from luthier.records.names import TrainingJobArn
from luthier.records.training_job import TrainingJob


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingView:
    """A training job, what its cluster says of it, and the moment of looking."""

    job: TrainingJob
    observation: Observation
    now: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Have the cluster start the hosts, under the training job's own name."""

    spec: ClusterSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """Let the training job's latest secondary status say what it waits for."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Take new journal entries into the store."""

    entries: tuple[JournalEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Have the cluster stop the hosts."""

    arn: TrainingJobArn


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """Have the cluster clear the workspace away, and let go of the training job."""

    arn: TrainingJobArn


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    """Have the cluster forget the name, and after that the store: the training job is deleted."""

    arn: TrainingJobArn


Step = Start | Tell | Record | Stop | Remove | Forget
