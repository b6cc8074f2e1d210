"""Random search: points drawn uniformly on the ranges' scales, whatever the results."""

from collections.abc import Sequence

import numpy as np

from luthier.records.reason import Drawn, Reason
from luthier.records.search_space import Assignment, SearchSpace
from luthier.records.trial import Trial
from luthier.strategies.encoding import Cell, Encoding
from luthier.strategies.novelty import draw_free, is_exhausted


class Random:
    """The Strategy that learns nothing; in a discrete space it never draws a point twice."""

    def propose(
        self, space: SearchSpace, trials: Sequence[Trial], count: int, rng: np.random.Generator
    ) -> Sequence[Assignment]:
        """Draw up to *count* points; fewer if a discrete space is exhausted (see `Strategy`)."""
        encoding = Encoding(space)
        taken: set[Cell] = set()
        if encoding.cardinality is not None:
            taken.update(
                encoding.cells(encoding.encode(trial.assignment for trial in trials if not trial.is_inherited))
            )
        chosen: list[Assignment] = []
        while len(chosen) < count and not is_exhausted(encoding, taken):
            point = draw_free(encoding, taken, rng)
            taken.update(encoding.cells(point[None]))
            chosen.append(encoding.decode(point))
        return chosen

    def reasons(
        self, space: SearchSpace, trials: Sequence[Trial], count: int, rng: np.random.Generator
    ) -> Sequence[Reason]:
        """Say of each point that chance chose it (see `Strategy`)."""
        return [Drawn() for _ in self.propose(space, trials, count, rng)]
