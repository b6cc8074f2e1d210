"""
XGBoost trainings that Amazon's tuning team published, 5,000 on each data set (Salinas, Shen and Perrone, ICML 2020).

Prepared: `awsxgb/space.json`, and for each data set `awsxgb/DATASET.npz` with an ensemble of three small networks
fitted to the logarithm of the error, and the spread of what they leave over. A name is `awsxgbq:DATASET`; its noise is
a quarter of that spread, since part of it is misfit.
"""

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from benchmarks.search.families.prepared import prepared
from benchmarks.search.problem import Array, Problem
from benchmarks.search.spaces import Point, Range, Real, Space, Whole

WORST = 0.6
NOISE = 0.25
NETWORKS, LAYERS = 3, 3


def make(name: str, data: Path | None) -> Problem:
    """Make the surrogate *name*; FileNotFoundError if *data* does not hold it."""
    dataset = name.partition(":")[2]
    return AwsXgb(prepared(data, name, f"awsxgb/{dataset}.npz").parent, dataset)


class AwsXgb:
    """The error of XGBoost on one data set, with noise in proportion."""

    is_noisy = True
    step: float | None = None
    optimum: float | None = None

    def __init__(self, folder: Path, dataset: str) -> None:
        described = json.loads((folder / "space.json").read_text())
        self._low, self._high = np.array(described["lo"]), np.array(described["hi"])
        with np.load(folder / f"{dataset}.npz") as stored:
            self._mean, self._spread = float(stored["mu"]), float(stored["sd"])
            self._noise = NOISE * float(stored["noise"])
            self._networks = [
                [(stored[f"w{m}_{i}"].astype(float), stored[f"b{m}_{i}"].astype(float)) for i in range(LAYERS)]
                for m in range(NETWORKS)
            ]
        columns = zip(described["cols"], described["lo"], described["hi"], strict=True)
        self.space: Space = tuple(_range(name.removeprefix("hp_"), low, high) for name, low, high in columns)

    def truth(self, points: Sequence[Point]) -> Array:
        """Give the errors (n,) of *points*."""
        x = np.array([[_input(each, float(point[each.name])) for each in self.space] for point in points])
        inputs = (x - self._low) / (self._high - self._low)
        answer = np.mean([_answer(network, inputs) for network in self._networks], axis=0)
        errors: Array = np.minimum(np.exp(answer * self._spread + self._mean), WORST)
        return errors

    def observe(self, point: Point, rng: np.random.Generator) -> float:
        """Give the error with log-normal noise."""
        return float(min(self.truth([point])[0] * math.exp(rng.normal() * self._noise), WORST))


def _range(name: str, low: float, high: float) -> Range:
    if name.startswith("log2_"):
        return Real(name=name.removeprefix("log2_"), low=2.0**low, high=2.0**high, log=True)
    if name == "max_depth_index":
        return Whole(name="max_depth", low=0, high=12)
    return Real(name=name, low=max(low, 0.0), high=min(high, 1.0))


def _input(each: Range, value: float) -> float:
    return math.log2(value) if isinstance(each, Real) and each.log else value


def _answer(network: list[tuple[Array, Array]], inputs: Array) -> Array:
    """Give a network's answers (n,): two hidden layers of rectified units."""
    hidden = inputs
    for weights, biases in network[:-1]:
        hidden = np.maximum(hidden @ weights + biases, 0)
    weights, biases = network[-1]
    answers: Array = (hidden @ weights + biases)[:, 0]
    return answers
