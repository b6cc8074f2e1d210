"""
Learning curves of a tuning job over each other: which of many are shown, and how much of each (pure).

Of more training jobs than a drawing can hold, the best is shown, then in turns the newest, the next best and those that
were stopped early, so that none of the three crowds the others out. All curves are thinned at the same steps, which
keeps them comparable, and each keeps its first step and its last.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from luthier.records.names import TrainingJobArn
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import ObjectiveType
from luthier.tuning.progress import settled_objective

MOST = 200
"""Curves of one drawing."""

STEPS = 200
"""Points of one curve, about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningCurve:
    """What one training job has reported of the objective: a value for each of *steps*, 1-based and rising."""

    job: TrainingJob
    steps: tuple[int, ...]
    values: tuple[float, ...]
    reports: int  # how many there are, before thinning
    is_best: bool
    is_early: bool  # its tuning job stopped it before its end


def choose(
    jobs: Sequence[TrainingJob],
    values: Mapping[TrainingJobArn, float],
    direction: ObjectiveType,
    most: int = MOST,
) -> list[TrainingJob]:
    """Pick *most* of *jobs* that have reported their objective (*values*), and give them by ordinal."""
    told = [job for job in jobs if job.arn in values]
    if len(told) <= most:
        return sorted(told, key=_ordinal)
    sign = -1.0 if direction is ObjectiveType.MAXIMIZE else 1.0
    settled = [job for job in told if settled_objective(job, values) is not None]
    by_merit = sorted(settled, key=lambda job: (sign * values[job.arn], _ordinal(job)))
    newest = sorted(told, key=_ordinal, reverse=True)
    early = [job for job in newest if job.was_stopped_early]
    picked = islice(_without_repeats(_in_turns(by_merit, newest, early)), most)
    return sorted(picked, key=_ordinal)


def thin(curves: Sequence[tuple[TrainingJob, Sequence[float]]], best: TrainingJob | None) -> tuple[LearningCurve, ...]:
    """Thin the objective of each training job, as reported from its first step on; one without any is left out."""
    longest = max((len(values) for _, values in curves), default=0)
    stride = max(1, -(-longest // STEPS))
    return tuple(_thinned(job, values, stride, is_best=job is best) for job, values in curves if values)


def _thinned(job: TrainingJob, values: Sequence[float], stride: int, *, is_best: bool) -> LearningCurve:
    steps = [*range(0, len(values) - 1, stride), len(values) - 1]
    return LearningCurve(
        job=job,
        steps=tuple(step + 1 for step in steps),
        values=tuple(values[step] for step in steps),
        reports=len(values),
        is_best=is_best,
        is_early=job.was_stopped_early,
    )


def _in_turns(*lists: Sequence[TrainingJob]) -> Iterator[TrainingJob]:
    return (job for turn in zip_longest(*lists) for job in turn if job is not None)


def _without_repeats(jobs: Iterator[TrainingJob]) -> Iterator[TrainingJob]:
    seen = set[TrainingJobArn]()
    for job in jobs:
        if job.arn not in seen:
            seen.add(job.arn)
            yield job


def _ordinal(job: TrainingJob) -> int:
    return job.ordinal or 0
