"""
COCO's mixed-integer suite, bbob-mixint: functions of whole and real numbers with known optima (`coco-experiment`).

A name is `mixint:fFUNCTION_dDIMENSIONS_iINSTANCE`: 24 functions, dimensions 5, 10, 20, 40, 80 and 160, 15 instances.
"""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import cocoex
import numpy as np
from benchmarks.search.problem import Array, Exact, Problem
from benchmarks.search.spaces import Point, Real, Space, Whole


def make(name: str, data: Path | None) -> Problem:  # noqa: ARG001  # every family's
    """Make the function *name*."""
    function, dimensions, instance = (int(part[1:]) for part in name.partition(":")[2].split("_"))
    return MixInt(function, dimensions, instance)


class MixInt(Exact):
    """One function of the suite. COCO allows a problem to be open only once in a process."""

    def __init__(self, function: int, dimensions: int, instance: int) -> None:
        chosen = f"function_indices:{function} dimensions:{dimensions} instance_indices:{instance}"
        self._suite = cocoex.Suite("bbob-mixint", "", chosen)  # the problem lives as long as it
        self._problem = self._suite.get_problem(0)
        wholes = self._problem.number_of_integer_variables
        bounds = list(zip(self._problem.lower_bounds, self._problem.upper_bounds, strict=True))
        self.space: Space = (
            *(Whole(name=f"i{j}", low=int(low), high=int(high)) for j, (low, high) in enumerate(bounds[:wholes])),
            *(
                Real(name=f"x{j}", low=float(low), high=float(high))
                for j, (low, high) in enumerate(bounds[wholes:], start=wholes)
            ),
        )
        self.optimum: float | None = float(self._problem(self._best_parameter()))

    def truth(self, points: Sequence[Point]) -> Array:
        """Give the values (n,) of *points*."""
        return np.array([self._problem(np.array([float(point[each.name]) for each in self.space])) for point in points])

    def _best_parameter(self) -> Array:
        """COCO tells its optimum in a file in the working folder alone."""
        here = Path.cwd()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                self._problem._best_parameter("print")
                return np.loadtxt("._bbob_problem_best_parameter.txt")
            finally:
                os.chdir(here)
