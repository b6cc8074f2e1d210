"""
Training jobs seen as trials: the one dictionary between SageMaker's words and the optimisation literature's.

| SageMaker                             | literature                                                   |
|---------------------------------------|--------------------------------------------------------------|
| training job, InProgress or Stopping  | open (pending) trial                                         |
| training job, Completed or Stopped    | closed trial; its value is the objective metric's last value |
| training job that was stopped early   | closed trial that was cut short                              |
| training job, Failed, or no objective | failed trial                                                 |
| tuned hyperparameters (text)          | assignment (numbers and choices)                             |
| Maximize                              | minimise the negated value                                   |
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import assert_never

from luthier.records.names import TrainingJobArn
from luthier.records.search_space import (
    Assignment,
    CategoricalRange,
    ContinuousRange,
    IntegerRange,
    ParameterRange,
    SearchSpace,
)
from luthier.records.status import TrainingStatus
from luthier.records.training_job import TrainingJob
from luthier.records.trial import Trial
from luthier.records.tuning_job import ObjectiveType, TuningDefinition


def as_trials(
    definition: TuningDefinition,
    children: Sequence[TrainingJob],
    finals: Mapping[TrainingJobArn, float],
    curves: Mapping[TrainingJobArn, Sequence[float]] = MappingProxyType({}),
) -> list[Trial]:
    """
    Show training jobs of one definition, in their order, as trials to be minimised.

    A training job that the service itself failed says nothing of its hyperparameters and is left out.
    """
    sign = -1.0 if definition.objective.type is ObjectiveType.MAXIMIZE else 1.0
    return [
        _trial(definition.space, job, finals.get(job.arn), curves.get(job.arn, ()), sign)
        for job in children
        if not was_lost(job)
    ]


def was_lost(job: TrainingJob) -> bool:
    """Whether the service itself failed a training job."""
    return job.status is TrainingStatus.FAILED and job.is_retryable


def as_text(space: SearchSpace, assignment: Assignment) -> dict[str, str]:
    """
    Write an assignment as hyperparameters: what `as_assignment` reads back exactly.

    Integers are decimal digits, continuous values the shortest text that gives the same double, categories the
    caller's own bytes.
    """
    return {each.name: _text(each, assignment[each.name]) for each in space.ranges}


def as_assignment(space: SearchSpace, tuned: Mapping[str, str]) -> Assignment:
    """Read tuned hyperparameters as a point of the space."""
    return {each.name: _value(each, tuned[each.name]) for each in space.ranges}


def _trial(space: SearchSpace, job: TrainingJob, final: float | None, curve: Sequence[float], sign: float) -> Trial:
    is_open = not job.status.is_over
    has_value = final is not None and job.status in (TrainingStatus.COMPLETED, TrainingStatus.STOPPED)
    return Trial(
        assignment=as_assignment(space, job.tuned),
        is_open=is_open,
        value=sign * final if final is not None and has_value else None,
        curve=tuple(sign * value for value in curve),
        is_cut_short=job.was_stopped_early,
    )


def _text(where: ParameterRange, value: float | int | str) -> str:
    match where:
        case ContinuousRange():
            return repr(float(value))
        case IntegerRange():
            return str(int(value))
        case CategoricalRange():
            return str(value)
        case _:
            assert_never(where)


def _value(where: ParameterRange, text: str) -> float | int | str:
    match where:
        case ContinuousRange():
            return float(text)
        case IntegerRange():
            return int(text)
        case CategoricalRange():
            return text
        case _:
            assert_never(where)
