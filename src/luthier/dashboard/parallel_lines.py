"""
Parallel coordinates of a tuning job: an axis for each hyperparameter and the objective, a line for each job (pure).

Of more training jobs than a drawing can hold, the better half is the best ones, and the rest is spread evenly over the
others by merit, so that the bad regions can still be told from those that were never tried.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from luthier.records.names import TrainingJobArn
from luthier.records.search_space import CategoricalRange, ContinuousRange, IntegerRange, read_value
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import ObjectiveType, TuningDefinition
from luthier.strategies.scale import Scale, scale_of
from luthier.tuning.progress import settled_objective

MOST = 1000
"""Lines of one drawing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordinate:
    """The axis of one hyperparameter: of numbers from *low* to *high*, or of *choices*."""

    name: str
    low: float | None
    high: float | None
    is_logarithmic: bool
    choices: tuple[str, ...]  # empty for numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A training job: its values in the order of coordinates (None: not one of the range), and its objective."""

    job: TrainingJob
    values: tuple[float | str | None, ...]
    objective: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ParallelLines:
    """All that the drawing of one definition shows; the best line comes last, above the others."""

    definition: TuningDefinition
    coordinates: tuple[Coordinate, ...]
    lines: tuple[Line, ...]
    of: int  # how many training jobs have an objective that counts


def parallel_lines(
    definition: TuningDefinition, jobs: Sequence[TrainingJob], values: Mapping[TrainingJobArn, float]
) -> ParallelLines:
    """Lay out the *jobs* of *definition* whose objective, in *values*, counts."""
    sign = -1.0 if definition.objective.type is ObjectiveType.MAXIMIZE else 1.0
    settled = [job for job in jobs if settled_objective(job, values) is not None]
    by_merit = sorted(settled, key=lambda job: (sign * values[job.arn], job.ordinal or 0))
    return ParallelLines(
        definition=definition,
        coordinates=tuple(_coordinate(each) for each in definition.space.ranges),
        lines=tuple(_line(definition, job, values[job.arn]) for job in reversed(spread(by_merit, MOST))),
        of=len(settled),
    )


def spread(by_merit: Sequence[TrainingJob], most: int) -> list[TrainingJob]:
    """Pick *most* of training jobs, the best first: half of them the best, the others evenly from the rest."""
    if len(by_merit) <= most:
        return list(by_merit)
    best, rest = by_merit[: most // 2], by_merit[most // 2 :]
    places = most - len(best)
    return [*best, *(rest[(place + 1) * len(rest) // places - 1] for place in range(places))]


def _coordinate(where: ContinuousRange | IntegerRange | CategoricalRange) -> Coordinate:
    match where:
        case CategoricalRange():
            return Coordinate(name=where.name, low=None, high=None, is_logarithmic=False, choices=where.choices)
        case ContinuousRange() | IntegerRange():
            is_logarithmic = scale_of(where) is Scale.LOGARITHMIC
            return Coordinate(
                name=where.name, low=where.low, high=where.high, is_logarithmic=is_logarithmic, choices=()
            )
        case _:
            assert_never(where)


def _line(definition: TuningDefinition, job: TrainingJob, objective: float) -> Line:
    return Line(
        job=job,
        values=tuple(read_value(each, job.tuned.get(each.name)) for each in definition.space.ranges),
        objective=objective,
    )
