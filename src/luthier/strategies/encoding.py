"""
A search space as the unit cube, and back.

Every range becomes one axis of [0, 1]. Numbers are spread evenly on their scale. Whole numbers are cells, and so are
the indices 0 ... k-1 of a category's choices: the axis of a whole number from a to b covers [a - 1/2, b + 1/2], and
every point of a cell stands for the number in its middle.

    IntegerRange(1, 4)   0 ├───1───┼───2───┼───3───┼───4───┤ 1      snapped: u = 0.125, 0.375, 0.625, 0.875

A point that has been *snapped* has all its whole numbers in the middle of their cells, bit for bit the same for the
same number, so equality of coordinates is equality of values. A continuous range of one value is one cell too, of
width 1.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from luthier.records.search_space import Assignment, CategoricalRange, IntegerRange, ParameterRange, SearchSpace
from luthier.strategies.scale import Array, Scale, scale_of

Cell = tuple[float, ...]
"""Which values a point stands for: hashable, equal for points that no training job could tell apart."""

RESOLUTION = 2.0**20
"""Continuous coordinates in the same one of this many parts of an axis count as the same point."""


@dataclass(frozen=True, slots=True)
class _Axis:
    """One range as an interval [low, high] on a scale; *first* to *last* are its whole numbers, if it has such."""

    scale: Scale
    low: float
    high: float
    first: float
    last: float
    size: int | None  # how many values; None for a continuous range of more than one


class Encoding:
    """
    The map between a space of d ranges and [0, 1]^d.

    `is_category` and `is_whole` (a whole number, a category or one value) are boolean vectors (d,). Points are the
    rows of matrices U (n, d).
    """

    def __init__(self, space: SearchSpace) -> None:
        self.ranges = space.ranges
        axes = [_axis_of(each) for each in space.ranges]
        self.sizes = [axis.size for axis in axes]
        self.is_category = np.array([isinstance(each, CategoricalRange) for each in space.ranges], dtype=bool)
        self.is_whole = np.array([size is not None for size in self.sizes], dtype=bool)
        self._low = np.array([float(axis.scale.forward(np.array(axis.low))) for axis in axes])
        self._width = np.array([axis.scale.width(axis.low, axis.high) or 1.0 for axis in axes])
        self._first = np.array([axis.first for axis in axes])
        self._last = np.array([axis.last for axis in axes])
        self._columns = [
            (scale, np.array([j for j, axis in enumerate(axes) if axis.scale is scale]))
            for scale in Scale
            if any(axis.scale is scale for axis in axes)
        ]

    @property
    def dimensions(self) -> int:
        """The number d of ranges."""
        return len(self.ranges)

    @property
    def cardinality(self) -> int | None:
        """The number of distinct points, None if there is no end of them."""
        sizes = [size for size in self.sizes if size is not None]
        return math.prod(sizes) if len(sizes) == len(self.sizes) else None

    def encode(self, assignments: Iterable[Assignment]) -> Array:
        """Place n assignments in the cube: snapped points (n, d); numbers outside their range go to its edge."""
        rows = [[_number(each, assignment[each.name]) for each in self.ranges] for assignment in assignments]
        X = np.array(rows, dtype=np.float64).reshape(len(rows), self.dimensions)
        return np.clip(self._to_unit(np.clip(X, self._first, self._last)), 0.0, 1.0)

    def decode(self, u: Array) -> Assignment:
        """Read one point (d,): every range's name with a value of its own type, inside its bounds."""
        x = self._from_unit(u[None])[0].tolist()
        return {each.name: _value(each, number) for each, number in zip(self.ranges, x, strict=True)}

    def snap(self, U: Array) -> Array:
        """Move points (n, d) into the cube and into the middle of their cells; snapping twice changes nothing."""
        U = np.clip(U, 0.0, 1.0)
        if not self.is_whole.any():
            return U
        return np.where(self.is_whole, self._to_unit(self._from_unit(U)), U)

    def cells(self, U: Array) -> list[Cell]:
        """Name what each of the snapped points (n, d) stands for."""
        numbers = self._from_unit(U) if self.is_whole.any() else U
        return list(map(tuple, np.where(self.is_whole, numbers - self._first, np.rint(U * RESOLUTION)).tolist()))

    def points(self, cells: Sequence[Cell]) -> Array:
        """Give the snapped points (n, d) of cells of a discrete space."""
        return self._to_unit(np.array(cells).reshape(len(cells), self.dimensions) + self._first)

    def beside(self, u: Array) -> Array:
        """List the snapped points one step from a snapped one (d,): next whole numbers, other categories; (k, d)."""
        x = self._from_unit(u[None])[0]
        steps = []
        for j in np.flatnonzero(self.is_whole):
            span = np.arange(self._first[j], self._last[j] + 1) if self.is_category[j] else x[j] + np.array([-1.0, 1.0])
            steps += [(j, number) for number in span if number != x[j] and self._first[j] <= number <= self._last[j]]
        X = np.tile(x, (len(steps), 1))
        for row, (j, number) in zip(X, steps, strict=True):
            row[j] = number
        return np.where(self.is_whole, self._to_unit(X), u)

    def everything(self) -> Array:
        """List all snapped points of a discrete space: (cardinality, d)."""
        sizes = [size for size in self.sizes if size is not None]
        return self.points(list(map(tuple, np.indices(sizes).reshape(len(sizes), -1).T.tolist())))

    def _to_unit(self, X: Array) -> Array:
        T = X.copy()
        for scale, columns in self._columns:
            if scale is not Scale.LINEAR:
                T[:, columns] = scale.forward(X[:, columns])
        return np.asarray((T - self._low) / self._width)

    def _from_unit(self, U: Array) -> Array:
        T = self._low + U * self._width
        for scale, columns in self._columns:
            if scale is not Scale.LINEAR:
                T[:, columns] = scale.inverse(T[:, columns])
        return np.asarray(np.clip(np.where(self.is_whole, np.rint(T), T), self._first, self._last))


def _axis_of(each: ParameterRange) -> _Axis:
    if isinstance(each, CategoricalRange):
        last = len(each.choices) - 1
        return _Axis(Scale.LINEAR, -0.5, last + 0.5, 0.0, float(last), len(each.choices))
    low, high = float(each.low), float(each.high)
    if isinstance(each, IntegerRange):
        return _Axis(scale_of(each), low - 0.5, high + 0.5, low, high, each.high - each.low + 1)
    return _Axis(scale_of(each), low, high, low, high, 1 if low == high else None)


def _number(each: ParameterRange, value: float | int | str) -> float:
    return float(each.choices.index(str(value)) if isinstance(each, CategoricalRange) else value)


def _value(each: ParameterRange, number: float) -> float | int | str:
    if isinstance(each, CategoricalRange):
        return each.choices[int(number)]
    if isinstance(each, IntegerRange):
        return min(max(int(number), each.low), each.high)
    return number
