"""
Functions that need no data: Hartmann's, Ackley's in mixed form, and a stand-in for training jobs.

A name is `SHAPE` or `SHAPE@SALT`. The salt moves the optimum and draws every other constant anew, so there are as many
instances of a shape as there are words.
"""

import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from benchmarks.search.problem import Array, Exact, Problem
from benchmarks.search.spaces import Choice, Point, Real, Space, Whole, reals, to_unit

# Hartmann's function in six dimensions: Dixon and Szegö, Towards Global Optimisation 2 (1978).
ALPHA = np.array([1.0, 1.2, 3.0, 3.2])
A = np.array(
    [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
)
P = 1e-4 * np.array(
    [
        [1312, 1696, 5569, 124, 8283, 5886],
        [2329, 4135, 8307, 3736, 1004, 9991],
        [2348, 1451, 3522, 2883, 3047, 6650],
        [4047, 8828, 8732, 5743, 1091, 381],
    ]
)
MINIMUM = -3.32237


def make(name: str, data: Path | None) -> Problem:  # noqa: ARG001  # every family's
    """Make the function *name*; KeyError for a shape that there is not."""
    shape, _, salt = name.partition("@")
    if shape in HPO_SHAPES:
        numbers, seed = HPO_SHAPES[shape]
        return HpoLike(*numbers, seed=_number(name) if salt else seed)
    if shape == "fragile3d":
        return Fragile(*HPO_SHAPES["hpolike3d"][0], seed=_number(name))
    if shape == "hartmann6":
        return Hartmann(noise=0.05, dummies=0, salt=salt)
    if shape == "hartmann10":
        return Hartmann(noise=0.1, dummies=4, salt=salt or "public")
    if shape == "ackley20":
        return Ackley(salt=salt or "public")
    raise KeyError(f"synthetic problem {name!r}: no such shape")


def _number(word: str) -> int:
    return zlib.crc32(word.encode())


class Hartmann:
    """Hartmann's function with additive noise and inputs without effect; salted, its axes are permuted and mirrored."""

    is_noisy = True
    step: float | None = None

    def __init__(self, *, noise: float, dummies: int, salt: str) -> None:
        size = 6 + dummies
        self.space: Space = reals([f"x{i}" for i in range(size)], 0.0, 1.0)
        self.optimum: float | None = MINIMUM
        self._noise = noise
        self._order, self._mirrored = np.arange(size), np.zeros(6, dtype=bool)
        if salt:
            rng = np.random.default_rng(_number(salt))
            self._order, self._mirrored = rng.permutation(size), rng.random(6) < 0.5

    def truth(self, points: Sequence[Point]) -> Array:
        """Give the values (n,) of *points*."""
        x = np.array([[float(point[each.name]) for each in self.space] for point in points])[:, self._order][:, :6]
        x = np.where(self._mirrored, 1 - x, x)
        values: Array = -(ALPHA * np.exp(-(A * (x[:, None, :] - P) ** 2).sum(2))).sum(1)
        return values

    def observe(self, point: Point, rng: np.random.Generator) -> float:
        """Give the value with normal noise of one size."""
        return float(self.truth([point])[0] + self._noise * rng.normal())


HPO_SHAPES: dict[str, tuple[tuple[int, int, int, int, float], int]] = {
    # logarithmic reals, logarithmic whole numbers, linear reals, words, noise; the seed of the one without salt
    "hpolike1": ((3, 3, 2, 2, 0.02), 101),
    "hpolike2": ((2, 2, 1, 3, 0.02), 102),
    "hpolike3d": ((1, 1, 0, 1, 0.02), 203),
    "hpolike16": ((4, 4, 4, 4, 0.05), 204),
}


class HpoLike:
    """
    A cheap stand-in for a training job.

    A rotated, rippled bowl on the ranges' scales, flat far away; words that shift the optimum and lift the floor; a
    cliff beyond which training diverges; noise that grows with the value.
    """

    is_noisy = True
    step: float | None = None
    optimum: float | None = None

    def __init__(self, logs: int, wholes: int, linears: int, words: int, noise: float, *, seed: int) -> None:
        self._numbers: Space = (
            *reals([f"lg{i}" for i in range(logs)], 1e-6, 1.0, log=True),
            *(Whole(name=f"n{i}", low=1, high=512, log=True) for i in range(wholes)),
            *reals([f"p{i}" for i in range(linears)], 0.0, 0.9),
        )
        self._words = tuple(Choice(name=f"c{i}", choices=tuple("abcd"[: 2 + i % 3])) for i in range(words))
        self.space: Space = (*self._numbers, *self._words)
        self._noise = noise
        self._draw(np.random.default_rng(seed))

    def _draw(self, rng: np.random.Generator) -> None:
        size = len(self._numbers)
        self._centre = rng.uniform(0.15, 0.85, size)
        self._weights = rng.exponential(1.0, size) ** 1.5 + 0.02
        rotation = np.linalg.qr(rng.normal(size=(size, size)))[0]
        self._mixing = np.eye(size) + 0.35 * (rotation - np.diag(np.diag(rotation)))
        counts = [len(each.choices) for each in self._words]
        self._lifts = [np.concatenate([[0.0], rng.uniform(0.05, 0.4, 4)])[rng.permutation(count)] for count in counts]
        self._shifts = [rng.normal(0, 0.12, (count, size)) for count in counts]
        self._ripples = rng.uniform(1.0, 2.5, size)

    def truth(self, points: Sequence[Point]) -> Array:
        """Give the losses (n,) of *points*."""
        u = np.array([to_unit(self._numbers, point) for point in points]) - self._centre
        lift = np.zeros(len(points))
        for each, lifts, shifts in zip(self._words, self._lifts, self._shifts, strict=True):
            chosen = [each.choices.index(str(point[each.name])) for point in points]
            lift += lifts[chosen]
            u = u + shifts[chosen]
        z = u @ self._mixing.T
        bowl = (self._weights * z * z).sum(1) + 0.03 * (
            self._weights * (1 - np.cos(2 * np.pi * self._ripples * z))
        ).sum(1)
        cliff = 3.0 * np.sqrt(np.maximum(u[:, 0] - 0.35, 0.0))
        values: Array = 0.08 + 0.5 * lift * (1 + bowl) + 0.6 * bowl / (1 + bowl) + 0.02 * bowl + cliff
        return values

    def observe(self, point: Point, rng: np.random.Generator) -> float:
        """Give the loss with noise in proportion to it."""
        return float(self.truth([point])[0] * (1 + self._noise * rng.normal()))


class Fragile(HpoLike):
    """The same with trainings that fail in the upper third of the first range: to try adapters, in no list."""

    def truth(self, points: Sequence[Point]) -> Array:
        """Give the losses (n,) of *points*, NaN for those that fail."""
        first = np.array([to_unit(self._numbers[:1], point)[0] for point in points])
        values: Array = np.where(first > 2 / 3, np.nan, super().truth(points))
        return values


class Ackley(Exact):
    """Ackley's function in 20 dimensions: 8 real, 6 whole, and 6 words of which one is best."""

    optimum: float | None = 0.0

    def __init__(self, *, salt: str) -> None:
        self.space: Space = (
            *(Real(name=f"x{i}", low=-3.0, high=3.0) for i in range(8)),
            *(Whole(name=f"n{i}", low=0, high=12) for i in range(6)),
            *(Choice(name=f"c{i}", choices=("a", "b", "c")) for i in range(6)),
        )
        rng = np.random.default_rng(_number(salt))
        self._reals, self._wholes = rng.uniform(-2, 2, 8), rng.integers(2, 11, 6)
        self._words = [rng.permutation([0.0, 0.5, 1.0]) for _ in range(6)]

    def truth(self, points: Sequence[Point]) -> Array:
        """Give the values (n,) of *points*."""
        z = np.array([self._distances(point) for point in points])
        values: Array = -20 * np.exp(-0.2 * np.sqrt((z * z).mean(1))) - np.exp(np.cos(2 * np.pi * z).mean(1))
        return values + 20 + np.e

    def _distances(self, point: Point) -> list[float]:
        return [
            *(float(point[f"x{i}"]) - self._reals[i] for i in range(8)),
            *((float(point[f"n{i}"]) - self._wholes[i]) / 3.0 for i in range(6)),
            *(self._words[i]["abc".index(str(point[f"c{i}"]))] for i in range(6)),
        ]
