"""
Tuning jobs beside each other: the best so far of each over its training jobs, in a drawing of 720 by 280 units (pure).

Values on one axis mean the same only where the metric does; a table says which metric each tuning job improves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from luthier.dashboard.distribution import Distribution, distribution
from luthier.dashboard.families import Family
from luthier.dashboard.plot import BOTTOM, LEFT, RIGHT, TOP, Tick
from luthier.dashboard.scale import Axis, axis
from luthier.dashboard.tuning_view import Standing, standing
from luthier.records.tuning_job import ObjectiveType, TuningJob
from luthier.tuning.progress import objective_values, settled_objective

MOST = 8
"""Tuning jobs beside each other; there is a colour for each."""

_FEWEST = 10  # training jobs that the horizontal axis has room for
_AFTER = (10, 20, 50, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One tuning job with its line; *points* is empty as long as no training job has an objective that counts."""

    standing: Standing
    points: str
    after: tuple[float | None, ...]  # the best among the first training jobs, as many as `Comparison.after` says


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All that is drawn and told."""

    courses: tuple[Course, ...]
    across: tuple[Tick, ...]  # numbers of training jobs
    upward: tuple[Tick, ...]  # objective values
    after: tuple[int, ...]
    distribution: Distribution | None  # of all objectives that count; None: there are none
    is_mixed: bool  # not all improve the same metric in the same direction


_Steps = list[tuple[int, float]]  # where a training job was better than all before: its ordinal and its objective


def compare(subjects: Sequence[tuple[TuningJob, Family]], now: float) -> Comparison:
    """Lay out tuning jobs, in the order in which they are given."""
    steps = [_steps(job, family) for job, family in subjects]
    lengths = [max((child.ordinal or 0 for child in family.children), default=0) for _, family in subjects]
    values = [value for each in steps for _, value in each]
    upward = axis(values, keep=values[0]) if values else Axis(low=0.0, high=1.0, ticks=())
    last = max([_FEWEST, *lengths])
    after = tuple(count for count in _AFTER if count <= max(lengths, default=0))
    counts = axis([0.0, float(last)], keep=0.0, parts=8).ticks
    return Comparison(
        courses=tuple(
            Course(
                standing=standing(job, family.children, family.finals, now),
                points=_line(found, length, last, upward),
                after=tuple(_best_of(found, count) if count <= length else None for count in after),
            )
            for (job, family), found, length in zip(subjects, steps, lengths, strict=True)
        ),
        across=tuple(Tick(at=_across(int(each), last), value=each) for each in counts if 1 <= each <= last),
        upward=tuple(Tick(at=_height(upward, each), value=each) for each in upward.ticks) if values else (),
        after=after,
        distribution=distribution([_settled(job, family) for job, family in subjects]),
        is_mixed=len({(job.specification.direction, _metrics(job)) for job, _ in subjects}) > 1,
    )


def _metrics(job: TuningJob) -> frozenset[str]:
    return frozenset(each.objective.metric for each in job.specification.definitions)


def _settled(job: TuningJob, family: Family) -> list[float]:
    values = objective_values(job.specification, family.children, family.finals)
    found = (settled_objective(child, values) for child in family.children)
    return [value for value in found if value is not None]


def _steps(job: TuningJob, family: Family) -> _Steps:
    values = objective_values(job.specification, family.children, family.finals)
    sign = -1.0 if job.specification.direction is ObjectiveType.MAXIMIZE else 1.0
    found: _Steps = []
    for child in family.children:
        value = settled_objective(child, values)
        if value is not None and (not found or sign * value < sign * found[-1][1]):
            found.append((child.ordinal or 0, value))
    return found


def _best_of(steps: _Steps, count: int) -> float | None:
    return next((value for ordinal, value in reversed(steps) if ordinal <= count), None)


def _line(steps: _Steps, length: int, last: int, upward: Axis) -> str:
    """Go across first, then up or down, and at the end on to the last training job."""
    path: list[tuple[float, float]] = []
    for ordinal, value in steps:
        if path:
            path.append((_across(ordinal, last), path[-1][1]))
        path.append((_across(ordinal, last), _height(upward, value)))
    if path:
        path.append((_across(length + 0.5, last), path[-1][1]))  # half a place on: one training job is a line too
    return " ".join(f"{x},{y}" for x, y in path)


def _across(ordinal: float, last: int) -> float:
    return round(LEFT + (RIGHT - LEFT) * (ordinal - 0.5) / last, 1)


def _height(upward: Axis, value: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * upward.place(value), 1)
