"""A tuning job: what to search for, where, and how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from luthier.records.json_value import JsonObject
from luthier.records.names import Scope, TuningJobArn, TuningJobName
from luthier.records.search_space import SearchSpace
from luthier.records.status import TuningStatus
from luthier.records.training_job import TrainingDefinition, TrainingJob


class ObjectiveType(StrEnum):
    """Which way is better."""

    MAXIMIZE = "Maximize"
    MINIMIZE = "Minimize"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """The metric that a tuning job improves."""

    type: ObjectiveType
    metric: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """How often a training job of a Hyperband search reports its objective: one report is one unit of resource."""

    minimum: int  # it is not stopped before
    maximum: int  # nor does it go on after

    def __post_init__(self) -> None:
        if not 1 <= self.minimum <= self.maximum:
            raise ValueError(f"a resource of {self.minimum} to {self.maximum} reports: 1 <= minimum <= maximum")


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningDefinition:
    """One of the algorithms that a tuning job tunes: what is run, what it improves, and what is searched."""

    name: str | None  # distinct; None only where it is the only one
    objective: Objective
    space: SearchSpace
    static_hyperparameters: Mapping[str, str]
    training: TrainingDefinition
    resource: Resource | None = None  # of a Hyperband search

    def __post_init__(self) -> None:
        twice = {each.name for each in self.space.ranges} & set(self.static_hyperparameters)
        if twice:
            raise ValueError(f"both static and tunable: {sorted(twice)}")


class WarmStartType(StrEnum):
    """How the tuning jobs that a tuning job learns from are related to it."""

    IDENTICAL_DATA_AND_ALGORITHM = "IdenticalDataAndAlgorithm"
    TRANSFER_LEARNING = "TransferLearning"


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmStart:
    """The earlier tuning jobs that a tuning job learns from: its parents."""

    type: WarmStartType
    parents: tuple[TuningJobArn, ...]  # one to five, distinct, in the caller's order


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningSpecification:
    """What a tuning job was asked to do; it never changes."""

    strategy: str  # SageMaker's name of it, such as Bayesian
    definitions: tuple[TuningDefinition, ...]  # at least one, in the caller's order
    max_jobs: int
    max_parallel: int
    seed: int  # the caller's RandomSeed, or one drawn when the job was created
    max_runtime_s: int | None = None  # of the tuning job, from its creation
    target: float | None = None  # an objective that is good enough
    patience: int | None = None  # training jobs in a row that may fail to improve the objective
    completes_on_convergence: bool = False
    warm_start: WarmStart | None = None  # only with one definition
    stops_early: bool = False  # training jobs that will not win; only with one definition

    def __post_init__(self) -> None:
        names = [each.name for each in self.definitions]
        if not names or len(set(names)) < len(names) or (len(names) > 1 and None in names):
            raise ValueError(f"definitions need a name each, all distinct: {names}")
        if len({each.objective.type for each in self.definitions}) > 1:
            raise ValueError("definitions that are compared need one type of objective")
        if self.warm_start is not None and len(self.definitions) > 1:
            raise ValueError("a tuning job of several definitions has no parents")
        if self.stops_early and len(self.definitions) > 1:
            raise ValueError("a tuning job of several definitions stops no training job early")
        if self.stops_early and any(each.resource for each in self.definitions):
            raise ValueError("a Hyperband search stops training jobs by its own rule, and not early beside it")

    @property
    def direction(self) -> ObjectiveType:
        """Which way is better, in all definitions alike."""
        return self.definitions[0].objective.type

    @property
    def follows_curves(self) -> bool:
        """Whether training jobs may be stopped for what they report while they run."""
        return self.stops_early or any(each.resource is not None for each in self.definitions)

    def definition_of(self, job: TrainingJob) -> TuningDefinition:
        """Find what *job*, a training job of this tuning job, is of; raises LookupError for a stranger."""
        if len(self.definitions) == 1:
            return self.definitions[0]
        found = next((each for each in self.definitions if each.name == job.definition_name), None)
        if found is None:
            raise LookupError(f"{job.arn}: there is no definition {job.definition_name!r} in its tuning job")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningJob:
    """A tuning job as stored. Counters and best training job are never here: they are derived."""

    arn: TuningJobArn
    name: TuningJobName
    scope: Scope
    specification: TuningSpecification
    request: JsonObject  # the create request in the wire's own shape, defaults filled in, for Describe
    created_at: float
    modified_at: float
    status: TuningStatus = TuningStatus.IN_PROGRESS
    stop_requested_at: float | None = None
    ended_at: float | None = None
    failure_reason: str | None = None
    version: int = 1
    completing_at: float | None = None  # a completion criterion was met: no training job is launched from then on
