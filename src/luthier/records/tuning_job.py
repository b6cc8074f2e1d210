"""A tuning job: what to search for, where, and how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from luthier.records.json_value import JsonObject
from luthier.records.names import Scope, TuningJobArn, TuningJobName
from luthier.records.search_space import SearchSpace
from luthier.records.status import TuningStatus
from luthier.records.training_job import TrainingDefinition


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
class TuningSpecification:
    """What a tuning job was asked to do; it never changes."""

    strategy: str  # SageMaker's name of it, such as Bayesian
    objective: Objective
    space: SearchSpace
    static_hyperparameters: Mapping[str, str]
    definition: TrainingDefinition
    max_jobs: int
    max_parallel: int
    seed: int  # the caller's RandomSeed, or one drawn when the job was created

    def __post_init__(self) -> None:
        twice = {each.name for each in self.space.ranges} & set(self.static_hyperparameters)
        if twice:
            raise ValueError(f"both static and tunable: {sorted(twice)}")


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
