"""
Training jobs as dots on a slice: where each lies on its hyperparameter, and what it has reached (pure).

A slice is what the model makes of training jobs that differ in all hyperparameters. The dots are those training jobs,
so they lie around the line, and show where it was tried at all.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from luthier.dashboard.parallel_lines import spread
from luthier.records.names import TrainingJobArn
from luthier.records.portrait import Slice
from luthier.records.search_space import read_value
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import ObjectiveType, TuningDefinition, TuningSpecification
from luthier.tuning.progress import settled_objective

MOST = 200
"""Dots on a slice: of more training jobs half are the best, the others are spread evenly over the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a training job was given, by the names of its definition's hyperparameters, and its objective."""

    values: Mapping[str, float | int | str | None]
    objective: float


def tried_of(
    specification: TuningSpecification, jobs: Sequence[TrainingJob], values: Mapping[TrainingJobArn, float]
) -> dict[str | None, list[Tried]]:
    """Choose the training jobs to be shown of each definition, by its name; *values* are all objectives."""
    counting: dict[str | None, list[TrainingJob]] = {each.name: [] for each in specification.definitions}
    for job in jobs:
        if settled_objective(job, values) is not None:
            counting[specification.definition_of(job).name].append(job)
    return {each.name: _tried(each, counting[each.name], values) for each in specification.definitions}


def dots_on(drawn: Slice, tried: Sequence[Tried]) -> list[tuple[float, float]]:
    """Give where on the slice's scale each of *tried* lies, from 0 to 1, and its objective; some have no place."""
    places = [_at(drawn, each.values.get(drawn.name)) for each in tried]
    return [(at, each.objective) for at, each in zip(places, tried, strict=True) if at is not None]


def _tried(
    definition: TuningDefinition, jobs: Sequence[TrainingJob], values: Mapping[TrainingJobArn, float]
) -> list[Tried]:
    sign = -1.0 if definition.objective.type is ObjectiveType.MAXIMIZE else 1.0
    by_merit = sorted(jobs, key=lambda job: (sign * values[job.arn], job.ordinal or 0))
    ranges = definition.space.ranges
    return [
        Tried(
            values={each.name: read_value(each, job.tuned.get(each.name)) for each in ranges},
            objective=values[job.arn],
        )
        for job in spread(by_merit, MOST)
    ]


def _at(drawn: Slice, value: float | int | str | None) -> float | None:
    """Find a value on the scale: a category's own place, or a number's between those of its neighbours."""
    if value is None or drawn.is_categorical:
        return next((place.at for place in drawn.places if place.value == value), None)
    numbers = [float(place.value) for place in drawn.places]
    right = bisect_left(numbers, float(value))
    if right == len(numbers) or (right == 0 and float(value) < numbers[0]):
        return None
    if numbers[right] == float(value):
        return drawn.places[right].at
    low, high = drawn.places[right - 1], drawn.places[right]
    part = (float(value) - numbers[right - 1]) / (numbers[right] - numbers[right - 1])
    return low.at + part * (high.at - low.at)
