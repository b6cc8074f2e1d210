"""A training job: one run of the algorithm with one choice of hyperparameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from luthier.records.algorithm import MetricDefinition
from luthier.records.channel import Channel
from luthier.records.checkpoints import Checkpoints
from luthier.records.json_value import JsonObject
from luthier.records.names import Scope, TrainingJobArn, TrainingJobName, TuningJobArn
from luthier.records.status import SecondaryStatus, TrainingStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingDefinition:
    """Everything about a training job that is settled before it starts, but for its name and hyperparameters."""

    image: str
    metrics: tuple[MetricDefinition, ...]  # as used: the caller's, or the image's own
    role: str
    channels: tuple[Channel, ...]
    output_path: str  # s3://bucket/prefix, with or without a slash at its end
    instance_type: str
    instance_count: int
    volume_gb: int
    max_runtime_s: int
    max_pending_s: int | None = None  # to wait for a place at most, on an accelerated instance type
    environment: Mapping[str, str] = field(default_factory=dict)
    is_isolated: bool = False  # from every network, but for its own peers
    networks: tuple[str, ...] = ()  # of the container engine, that its hosts join
    max_retries: int = 0  # after the loss of its hosts, or another fault of the service
    kms_key: str | None = None  # what artifacts are encrypted with, an ARN once it is settled; None: they are not
    command: tuple[str, ...] = ()  # run in the place of the image's own; empty: the image's own
    arguments: tuple[str, ...] = ()  # of the image's own command, where that is a container's; empty: train
    volume_key: str | None = None  # the ARN of the KMS key with which its hosts' volumes are encrypted; None: none
    is_compressed: bool = True  # its artifacts are archives; otherwise plain files
    checkpoints: Checkpoints | None = None  # None: none are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A secondary status, the moment it began, and what there is to say of it."""

    status: SecondaryStatus
    at: float  # seconds since the epoch
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricPoint:
    """One value that a training job reported."""

    name: str
    value: float  # finite
    at: float  # seconds since the epoch
    sequence: int  # the journal line it came from; unique in its training job


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingJob:
    """One run of the algorithm with one choice of hyperparameters, and all that has become of it."""

    arn: TrainingJobArn
    name: TrainingJobName
    scope: Scope
    hyperparameters: Mapping[str, str]  # everything the algorithm gets: static, tuned and added
    definition: TrainingDefinition
    request: JsonObject  # the definition in the wire's own shape, defaults filled in, for Describe
    created_at: float

    tuning_job: TuningJobArn | None = None
    ordinal: int | None = None  # 1-based place in its tuning job; None once that is deleted
    definition_name: str | None = None  # of its definition, if that has one
    tuned: Mapping[str, str] = field(default_factory=dict)  # the chosen hyperparameters, as wire text

    status: TrainingStatus = TrainingStatus.IN_PROGRESS
    transitions: tuple[Transition, ...] = ()
    stop_requested_at: float | None = None
    stop_reason: str | None = None  # why its tuning job asked it to stop early; None: it did not
    started_at: float | None = None  # training on the instances began (TrainingStartTime)
    ended_at: float | None = None
    modified_at: float
    failure_reason: str | None = None
    is_retryable: bool = False  # failed by a fault of the service, not of the algorithm or its input
    is_released: bool = False  # over, and nothing of it is left on any cluster
    journal_read: int = 0  # journal lines already taken into the store
    version: int = 1

    @property
    def was_stopped_early(self) -> bool:
        """Whether its tuning job stopped it before its end; one that was asked to may have ended before it heard."""
        return self.status is TrainingStatus.STOPPED and self.stop_reason is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalMetric:
    """The last value of one metric, which is its final value by SageMaker's rule."""

    name: str
    value: float
    at: float
