"""Trainings of luthier's XGBoost image on scikit-learn's shipped data, for the comparison through the whole service."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from benchmarks.end_to_end.datasets import DATASETS
from benchmarks.end_to_end.program import trained_here
from benchmarks.end_to_end.ranges import SPACE, hyperparameters
from benchmarks.search.problem import Array, Exact
from benchmarks.search.spaces import Point


def make(name: str, data: Path | None) -> "XGBoostImage":
    """Make the problem `xgboost:DATASET`; *data* is the folder that `benchmarks.end_to_end.datasets` writes."""
    dataset = name.partition(":")[2]
    if data is None or not (data / dataset).is_dir():
        raise FileNotFoundError(f"{name}: its rows are not there; python -m benchmarks.end_to_end writes them")
    return XGBoostImage(dataset, data / dataset)


class XGBoostImage(Exact):
    """The validation metric after the last round; a point has one value, for the program has one seed and thread."""

    space = SPACE
    optimum: float | None = None

    def __init__(self, dataset: str, rows: Path) -> None:
        self._dataset, self._rows = DATASETS[dataset], rows

    def truth(self, points: Sequence[Point]) -> Array:
        """Train *points* and give their metrics (n,)."""
        return np.array([self._metric(point) for point in points])

    def _metric(self, point: Point) -> float:
        return trained_here(self._rows, hyperparameters(self._dataset, point), self._dataset.tuned)
