"""
Grid search: every combination of the ranges' values once, in the order in which they are written, the last fastest.

    learner: tree, line     depth: 2, 4          (tree, 2) (tree, 4) (line, 2) (line, 4)

AWS: "Understand the hyperparameter tuning strategies", Amazon SageMaker Developer Guide, where all ranges are
categorical. Whole numbers and single values are combined too; a range without end cannot be.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import islice, product

import numpy as np

from luthier.records.reason import Combination, Reason
from luthier.records.search_space import Assignment, CategoricalRange, IntegerRange, ParameterRange, SearchSpace
from luthier.records.trial import Trial


class Grid:
    """The Strategy that tries everything, and learns nothing on the way."""

    def propose(
        self,
        space: SearchSpace,
        trials: Sequence[Trial],
        count: int,
        rng: np.random.Generator,  # noqa: ARG002  # the Protocol's
    ) -> Sequence[Assignment]:
        """
        Give the next *count* combinations that no own trial has; fewer if no more are left (see `Strategy`).

        Raises ValueError for a continuous range of more than one value.
        """
        names = [each.name for each in space.ranges]
        return [dict(zip(names, values, strict=True)) for _, values in islice(_free(space, trials), count)]

    def reasons(
        self,
        space: SearchSpace,
        trials: Sequence[Trial],
        count: int,
        rng: np.random.Generator,  # noqa: ARG002  # the Protocol's
    ) -> Sequence[Reason]:
        """Say which place in the grid each of the next *count* combinations has (see `Strategy`)."""
        of = math.prod(len(_values(each)) for each in space.ranges)
        return [Combination(place=place, of=of) for place, _ in islice(_free(space, trials), count)]


def _free(space: SearchSpace, trials: Sequence[Trial]) -> Iterator[tuple[int, tuple[float | int | str, ...]]]:
    """Give the combinations that no own trial has, each with its place from 1."""
    names = [each.name for each in space.ranges]
    tried = {tuple(trial.assignment[name] for name in names) for trial in trials if not trial.is_inherited}
    return ((place, values) for place, values in enumerate(_combinations(space), 1) if values not in tried)


def _combinations(space: SearchSpace) -> Iterator[tuple[float | int | str, ...]]:
    return product(*(_values(each) for each in space.ranges))


def _values(each: ParameterRange) -> Sequence[float | int | str]:
    match each:
        case CategoricalRange():
            return each.choices
        case IntegerRange():
            return range(each.low, each.high + 1)
        case _ if each.low == each.high:
            return (each.low,)
        case _:
            raise ValueError(f"{each.name}: a continuous range has no end of values; give them as categories")
