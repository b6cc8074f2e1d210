"""All that a decision about a tuning job may look at, and all that it may ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from luthier.records.names import TrainingJobArn
from luthier.records.status import TuningStatus
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningJob


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningView:
    """A tuning job, its training jobs in the order of their ordinals, and the moment of looking."""

    job: TuningJob
    children: tuple[TrainingJob, ...]
    finals: Mapping[TrainingJobArn, float]  # the objective's last value, of each training job that has reported one
    now: float
    curves: Mapping[TrainingJobArn, tuple[float, ...]] = field(default_factory=dict)  # the objective, oldest first
    losers: Mapping[TrainingJobArn, str] = field(default_factory=dict)  # running, and why they will not win
    exhausted: frozenset[str | None] = frozenset()  # definitions, by name, with no further point to propose


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """A tuning job that another one learns from; it is over, and so are its training jobs."""

    job: TuningJob
    children: tuple[TrainingJob, ...]
    finals: Mapping[TrainingJobArn, float]  # as in TuningView


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose:
    """Choose hyperparameters for *count* more training jobs, and write them down."""

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StopTraining:
    """Ask that a training job be stopped."""

    arn: TrainingJobArn
    reason: str | None = None  # for one that is stopped early


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclude:
    """Write down that the tuning job has done enough: no training job is launched from now on, and none goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """End the tuning job."""

    status: TuningStatus
    reason: str | None = None  # for Failed


Step = Propose | StopTraining | Conclude | Finish
