"""
Search strategies: which hyperparameters next. Pure: trials in, assignments out.

A strategy holds nothing between calls. Two calls with the same arguments and a generator in the same state give the
same answer, on any machine of the same architecture.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from luthier.records.reason import Reason
from luthier.records.search_space import Assignment, SearchSpace
from luthier.records.trial import Trial


class Strategy(Protocol):
    """How a tuning job searches. Every verb is a pure function of its arguments."""

    def propose(
        self, space: SearchSpace, trials: Sequence[Trial], count: int, rng: np.random.Generator
    ) -> Sequence[Assignment]:
        """
        Choose up to *count* new points of *space*, knowing *trials* (open ones are pending), lower values being better.

        Fewer points than asked means that the space is exhausted. No point repeats an earlier one of a discrete space,
        but for inherited ones, which may be run again.
        """
        ...

    def reasons(
        self, space: SearchSpace, trials: Sequence[Trial], count: int, rng: np.random.Generator
    ) -> Sequence[Reason]:
        """
        Say why `propose` gives to the same arguments the points that it gives: one reason for each, in their order.

        What a reason says of the objective is said of values that are minimised, as *trials* have them.
        """
        ...
