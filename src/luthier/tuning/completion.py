"""
When a tuning job has done enough, before its training jobs are used up.

| criterion                             | met                                                                      |
|---------------------------------------|--------------------------------------------------------------------------|
| MaxRuntimeInSeconds                   | so long after its creation                                               |
| TargetObjectiveMetricValue            | an objective is as good or better                                        |
| MaxNumberOfTrainingJobsNotImproving   | so many training jobs in a row were no improvement on the best one before |
| CompleteOnConvergence                 | so were as many as show that the search has converged                     |

Converged is a search of which CONVERGED_AFTER training jobs in a row, and CONVERGED_PART of all, were no improvement.
Both figures were chosen on recorded searches, as AWS says that its own criteria were.

Only objectives that are settled count: a value seen of a training job that still runs may be followed by a worse one,
and it is the last value that is the objective.

AWS: "Track and set completion criteria for your tuning job", Amazon SageMaker Developer Guide; ResourceLimits and
TuningJobCompletionCriteria, Amazon SageMaker API Reference.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum

from luthier.records.names import TrainingJobArn
from luthier.records.status import TrainingStatus
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import ObjectiveType, TuningJob
from luthier.tuning.progress import settled_objective
from luthier.tuning.view import TuningView

IMPROVEMENT = 0.01
"""The part of the best objective by which a better one must differ to be an improvement."""

CONVERGED_AFTER = 25
CONVERGED_PART = 0.4


class Criterion(StrEnum):
    """What completes a tuning job before its training jobs are used up, by the member that asks for it."""

    MAX_RUNTIME = "MaxRuntimeInSeconds"
    TARGET = "TargetObjectiveMetricValue"
    NOT_IMPROVING = "MaxNumberOfTrainingJobsNotImproving"
    CONVERGED = "CompleteOnConvergence"


def is_complete(view: TuningView) -> bool:
    """Whether any of the tuning job's criteria is met; which are asked for is up to its specification."""
    return any(is_met(view) for is_met in _CRITERIA.values())


def met(view: TuningView) -> list[Criterion]:
    """Name the criteria that are met."""
    return [criterion for criterion, is_met in _CRITERIA.items() if is_met(view)]


def not_improving(job: TuningJob, children: Sequence[TrainingJob], finals: Mapping[TrainingJobArn, float]) -> int:
    """
    Count the training jobs that have ended, one after the other, since the last improvement.

    A training job improves if its objective is better than the best before it by 1 % of that. The first objective of
    all is an improvement, and nothing is counted before it. A training job without an objective is none; one that the
    service itself failed is not counted. Nor are those that ended after the tuning job's criterion was met.
    """
    *_, last = [0, *(count for _, count in _in_a_row(job, children, finals))]
    return last


def converged_at(
    job: TuningJob, children: Sequence[TrainingJob], finals: Mapping[TrainingJobArn, float]
) -> float | None:
    """Say when the search first was converged: when a training job ended; None if it was not before it was complete."""
    for over, (child, count) in enumerate(_in_a_row(job, children, finals), 1):
        if count >= max(CONVERGED_AFTER, CONVERGED_PART * over):
            return child.ended_at
    return None


def _in_a_row(
    job: TuningJob, children: Sequence[TrainingJob], finals: Mapping[TrainingJobArn, float]
) -> Iterator[tuple[TrainingJob, int]]:
    """Go through the training jobs that have ended, each with how many in a row, up to it, were no improvement."""
    sign = -1.0 if job.specification.direction is ObjectiveType.MAXIMIZE else 1.0
    best: float | None = None  # values are turned, so that less is better
    count = 0
    for child in _ended(children, job.completing_at):
        value = settled_objective(child, finals)
        turned = math.inf if value is None else sign * value
        if best is None:
            best = None if value is None else turned
        else:
            count = 0 if _improves(turned, best) else count + 1
            best = min(best, turned)
        yield child, count


def _improves(value: float, best: float) -> bool:
    return value < best and best - value >= IMPROVEMENT * abs(best)


def _is_out_of_time(view: TuningView) -> bool:
    limit = view.job.specification.max_runtime_s
    return limit is not None and view.now >= view.job.created_at + limit


def _has_reached_its_target(view: TuningView) -> bool:
    target = view.job.specification.target
    if target is None:
        return False
    values = [value for each in view.children if (value := settled_objective(each, view.finals)) is not None]
    if view.job.specification.direction is ObjectiveType.MAXIMIZE:
        return any(value >= target for value in values)
    return any(value <= target for value in values)


def _is_out_of_patience(view: TuningView) -> bool:
    patience = view.job.specification.patience
    return patience is not None and not_improving(view.job, view.children, view.finals) >= patience


def _is_to_end_converged(view: TuningView) -> bool:
    if not view.job.specification.completes_on_convergence:
        return False
    return converged_at(view.job, view.children, view.finals) is not None


_CRITERIA: Mapping[Criterion, Callable[[TuningView], bool]] = {
    Criterion.MAX_RUNTIME: _is_out_of_time,
    Criterion.TARGET: _has_reached_its_target,
    Criterion.NOT_IMPROVING: _is_out_of_patience,
    Criterion.CONVERGED: _is_to_end_converged,
}


def _ended(children: Sequence[TrainingJob], until: float | None) -> list[TrainingJob]:
    """Give the training jobs that are over, in the order in which they ended."""
    over = [
        (job.ended_at, job.ordinal or 0, job)
        for job in children
        if job.ended_at is not None and not (job.status is TrainingStatus.FAILED and job.is_retryable)
    ]
    return [job for at, _, job in sorted(over, key=lambda each: each[:2]) if until is None or at <= until]
