"""
Where the acquisition is highest: a search of a space that mixes numbers, whole numbers and categories.

A small discrete space is looked through completely. Any other is searched by evolution: a broad sample of the cube and
of the best trials' neighbourhoods is thinned to a few parents, whose mutations, shrinking from round to round, compete
with them. Every point is snapped before it is judged, so what is judged is what would be run. In the end the best of
them climb to the nearest peak along their continuous coordinates, and the best one steps on along all others.
"""

from collections.abc import Collection
from typing import Protocol

import numpy as np
from scipy.optimize import fmin_l_bfgs_b

from luthier.strategies.bayesian.kernel import Mask
from luthier.strategies.encoding import Cell, Encoding
from luthier.strategies.scale import Array


class Acquisition(Protocol):
    """What is sought; higher is better."""

    def promise(self, U: Array) -> Array:
        """Give the finite values (m,) of snapped points (m, d)."""
        ...

    def slope(self, U: Array) -> tuple[Array, Array]:
        """Give the values (m,) and their gradients (m, d), of which those along continuous axes count."""
        ...


ENUMERABLE = 2048
"""Discrete spaces of at most so many points are looked through completely."""

SAMPLES, NEIGHBOURS, PARENTS, CHILDREN, ROUNDS = 512, 384, 8, 64, 10
FIRST_STEP, SHRINKAGE = 0.15, 0.84
CLIMBERS, CLIMB, STEPS = 4, 20, 4


def maximise(
    acquisition: Acquisition, encoding: Encoding, best: Array, taken: Collection[Cell], rng: np.random.Generator
) -> Array | None:
    """
    Find a snapped point (d,) outside the *taken* cells that promises most, beginning near *best* (k, d), k > 0.

    None if none was found: an enumerable space is then exhausted, and of another space everything looked at was taken.
    """
    if encoding.cardinality is not None and encoding.cardinality <= ENUMERABLE:
        pool = _Pool(acquisition, encoding, taken, 1)
        pool.add(encoding.everything())
    else:
        pool = _Pool(acquisition, encoding, taken, PARENTS)
        _evolve(pool, encoding, best, rng)
        _climb(pool, acquisition, encoding)
        _step(pool, encoding)
    return pool.points[0] if len(pool.points) else None


class _Pool:
    """The best *size* different free points seen so far, best first."""

    def __init__(self, acquisition: Acquisition, encoding: Encoding, taken: Collection[Cell], size: int) -> None:
        self.points = np.empty((0, encoding.dimensions))
        self._promises = np.empty(0)
        self._acquisition = acquisition
        self._encoding = encoding
        self._seen = set(taken)
        self._size = size

    def add(self, U: Array) -> None:
        """Judge those of the snapped points U (m, d) that are new, and keep the best."""
        new = []
        for i, cell in enumerate(self._encoding.cells(U)):
            if cell not in self._seen:
                self._seen.add(cell)
                new.append(i)
        if not new:
            return
        U = U[new]
        points, promises = np.concatenate([self.points, U]), np.append(self._promises, self._acquisition.promise(U))
        order = np.argsort(-promises, kind="stable")[: self._size]
        self.points, self._promises = points[order], promises[order]


def _evolve(pool: _Pool, encoding: Encoding, best: Array, rng: np.random.Generator) -> None:
    broad = rng.random((SAMPLES, encoding.dimensions))
    near = _mutate(encoding, best, 10.0 ** rng.uniform(-2.3, -0.3, NEIGHBOURS), rng)
    pool.add(encoding.snap(np.concatenate([broad, near])))
    step = FIRST_STEP
    for _ in range(ROUNDS):
        parents = pool.points if len(pool.points) else best
        pool.add(encoding.snap(_mutate(encoding, parents, step * 10.0 ** rng.uniform(-1.0, 0.3, CHILDREN), rng)))
        step *= SHRINKAGE


def _climb(pool: _Pool, acquisition: Acquisition, encoding: Encoding) -> None:
    free = ~encoding.is_whole
    if free.any() and len(pool.points):
        pool.add(encoding.snap(_peaks(acquisition, pool.points[:CLIMBERS], free)))


def _peaks(acquisition: Acquisition, points: Array, free: Mask) -> Array:
    """
    Move points (k, d) up the slope along their *free* axes, for a few steps and inside the cube.

    They climb together, on the sum of their promises, which has a coordinate of its own for every one of theirs.
    """

    def descent(coordinates: Array) -> tuple[float, Array]:
        promises, slopes = acquisition.slope(_with(points, free, coordinates))
        return -float(promises.sum()), -slopes[:, free].ravel()

    start = points[:, free].ravel()
    walls = [(0.0, 1.0)] * start.size
    coordinates, _, _ = fmin_l_bfgs_b(descent, start, bounds=walls, maxiter=CLIMB, maxfun=CLIMB + 5)
    return _with(points, free, coordinates)


def _with(points: Array, free: Mask, coordinates: Array) -> Array:
    changed = points.copy()
    changed[:, free] = coordinates.reshape(len(points), -1)
    return changed


def _step(pool: _Pool, encoding: Encoding) -> None:
    """Go from the best point to the best one beside it, for a few steps or until there is none better."""
    for _ in range(STEPS if encoding.is_whole.any() and len(pool.points) else 0):
        best = pool.points[0]
        pool.add(encoding.beside(best))
        if np.array_equal(best, pool.points[0]):
            return


def _mutate(encoding: Encoding, parents: Array, steps: Array, rng: np.random.Generator) -> Array:
    """
    Give one child of a random parent for each of *steps* (m,), the deviations of its mutated coordinates: (m, d).

    A quarter of the coordinates mutate, or one or two where there are few; numbers are reflected at the cube's walls,
    categories drawn anew.
    """
    m, d = len(steps), encoding.dimensions
    children = parents[rng.integers(len(parents), size=m)]
    hit = rng.random((m, d)) < max(0.25, 1.5 / d)
    hit[np.arange(m), rng.integers(d, size=m)] = True
    moved = np.abs(children + steps[:, None] * rng.standard_normal((m, d)))
    moved = np.where(encoding.is_category, rng.random((m, d)), 1.0 - np.abs(1.0 - moved))
    return np.where(hit, moved, children)
