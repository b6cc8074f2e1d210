"""What a training host reports: the entries of its append-only journal, and what a cluster makes of them."""

from dataclasses import dataclass, field
from enum import StrEnum

from luthier.records.allotment import Allotment
from luthier.records.names import TrainingJobArn, TrainingJobName
from luthier.records.status import SecondaryStatus
from luthier.records.training_job import TrainingDefinition
from luthier.records.usage import UsageSeen


class Outcome(StrEnum):
    """How a training job ended."""

    COMPLETED = "Completed"
    FAILED = "Failed"
    STOPPED = "Stopped"
    MAX_RUNTIME_EXCEEDED = "MaxRuntimeExceeded"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseEntered:
    """The host went on to its next phase."""

    status: SecondaryStatus
    at: float
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricSeen:
    """A metric definition matched a log line."""

    name: str
    value: float  # finite
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The last entry: nothing follows it."""

    outcome: Outcome
    at: float
    reason: str | None = None  # for Failed: SageMaker's prefix and what happened, 1,024 characters at most
    is_retryable: bool = False  # the service's fault (a lost host), not the algorithm's or its input's


JournalEntry = PhaseEntered | MetricSeen | UsageSeen | Ended


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSpec:
    """All hosts of one training job, keyed by its ARN: everything that its hosts need to know."""

    arn: TrainingJobArn
    name: TrainingJobName
    tuning_job: str | None  # the tuning job's ARN
    hyperparameters: tuple[tuple[str, str], ...]
    definition: TrainingDefinition
    credentials_token: str | None = field(default=None, repr=False)  # fetches the role's; None: before there were any
    asked_at: float = 0.0  # seconds since the epoch: of those that wait for a place, who asked first comes first
    allotments: tuple[Allotment, ...] = ()  # the cluster's to fill in, one for each host; none: before there were any


class Presence(StrEnum):
    """What a cluster says of a name."""

    ABSENT = "Absent"  # never started, or not heard of
    PRESENT = "Present"  # started, stopped before it started, or over: the journal tells which
    REMOVED = "Removed"  # over, and its workspace is gone; the name will never start again


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What a cluster says of a training job now: its presence, and the journal entries after those already known."""

    presence: Presence
    is_stopping: bool = False  # the cluster knows that it is to stop
    awaits_restart: bool = False  # its hosts were lost, and begin anew when they are started once more
    entries: tuple[JournalEntry, ...] = ()  # entry i has the sequence number after + i + 1
    waiting: str | None = None  # what the hosts wait for, which have been asked to start and have no place as yet
