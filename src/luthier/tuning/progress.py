"""
How far a tuning job has come: counters and best training job, derived from its training jobs and never stored.

| training job                 | status counter    | objective with a value | objective without |
|------------------------------|-------------------|------------------------|-------------------|
| InProgress, Stopping         | InProgress        | Pending                | Pending           |
| Completed                    | Completed         | Succeeded              | Failed            |
| Stopped                      | Stopped           | Succeeded              | Failed            |
| Failed by the service        | RetryableError    | Failed                 | Failed            |
| Failed otherwise             | NonRetryableError | Failed                 | Failed            |

AWS: TrainingJobStatusCounters and ObjectiveStatusCounters, Amazon SageMaker API Reference.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from luthier.records.names import TrainingJobArn
from luthier.records.status import ObjectiveStatus, TrainingStatus
from luthier.records.training_job import FinalMetric, TrainingJob
from luthier.records.tuning_job import ObjectiveType, TuningSpecification


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The counters of a tuning job, and its best training job; each family of counters adds up to all training jobs."""

    completed: int
    in_progress: int
    retryable_error: int
    non_retryable_error: int
    stopped: int

    succeeded: int
    pending: int
    failed: int

    best: TrainingJob | None  # None until a training job is over and has a value
    best_objective: float | None  # the value of *best*


def objective_values(
    specification: TuningSpecification,
    jobs: Sequence[TrainingJob],
    finals: Mapping[TrainingJobArn, Sequence[FinalMetric]],
) -> dict[TrainingJobArn, float]:
    """
    Pick, of the last values of all metrics, each training job's own objective.

    A training job that has never reported it is left out.
    """
    metrics = {job.arn: specification.definition_of(job).objective.metric for job in jobs}
    return {arn: each.value for arn, metric in metrics.items() for each in finals.get(arn, ()) if each.name == metric}


def progress(
    specification: TuningSpecification, jobs: Sequence[TrainingJob], finals: Mapping[TrainingJobArn, float]
) -> Progress:
    """
    Count *jobs* and choose the best of them.

    *finals* holds the objective's last value of every training job that has reported one (see `objective_values`).
    Training jobs of all definitions are compared. Of equally good ones the one with the lower ordinal is the best.
    """
    places = Counter(_place(job) for job in jobs)
    objectives = Counter(objective_status(job, finals.get(job.arn)) for job in jobs)
    best = _best(specification, jobs, finals)
    return Progress(
        completed=places[_Place.COMPLETED],
        in_progress=places[_Place.IN_PROGRESS],
        retryable_error=places[_Place.RETRYABLE_ERROR],
        non_retryable_error=places[_Place.NON_RETRYABLE_ERROR],
        stopped=places[_Place.STOPPED],
        succeeded=objectives[ObjectiveStatus.SUCCEEDED],
        pending=objectives[ObjectiveStatus.PENDING],
        failed=objectives[ObjectiveStatus.FAILED],
        best=best,
        best_objective=finals[best.arn] if best else None,
    )


def objective_status(job: TrainingJob, final: float | None) -> ObjectiveStatus:
    """Say what is known of a training job's objective, given the last value it reported (None: never one)."""
    if not job.status.is_over:
        return ObjectiveStatus.PENDING
    if job.status is TrainingStatus.FAILED or final is None:
        return ObjectiveStatus.FAILED
    return ObjectiveStatus.SUCCEEDED


def settled_objective(job: TrainingJob, finals: Mapping[TrainingJobArn, float]) -> float | None:
    """Give a training job's objective if it counts: the job is over, has not failed, and has reported one."""
    final = finals.get(job.arn)
    return final if objective_status(job, final) is ObjectiveStatus.SUCCEEDED else None


class _Place(Enum):
    COMPLETED = auto()
    IN_PROGRESS = auto()
    RETRYABLE_ERROR = auto()
    NON_RETRYABLE_ERROR = auto()
    STOPPED = auto()


_PLACES = {
    TrainingStatus.IN_PROGRESS: _Place.IN_PROGRESS,
    TrainingStatus.STOPPING: _Place.IN_PROGRESS,
    TrainingStatus.COMPLETED: _Place.COMPLETED,
    TrainingStatus.STOPPED: _Place.STOPPED,
    TrainingStatus.FAILED: _Place.NON_RETRYABLE_ERROR,
}


def _place(job: TrainingJob) -> _Place:
    if job.status is TrainingStatus.FAILED and job.is_retryable:
        return _Place.RETRYABLE_ERROR
    return _PLACES[job.status]


def _best(
    specification: TuningSpecification, jobs: Sequence[TrainingJob], finals: Mapping[TrainingJobArn, float]
) -> TrainingJob | None:
    sign = -1.0 if specification.direction is ObjectiveType.MAXIMIZE else 1.0
    candidates = [job for job in jobs if settled_objective(job, finals) is not None]
    return min(candidates, key=lambda job: (sign * finals[job.arn], job.ordinal or 0), default=None)
