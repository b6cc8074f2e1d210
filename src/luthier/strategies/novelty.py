"""Points that have not been tried: no training job is paid for twice in a discrete space."""

from collections.abc import Collection, Iterable

import numpy as np

from luthier.strategies.encoding import Cell, Encoding
from luthier.strategies.scale import Array

DRAWS = 64
"""How many points are drawn at random before a free cell is picked by its rank."""


def is_exhausted(encoding: Encoding, taken: Collection[Cell]) -> bool:
    """Say whether every point of the space is among the *taken* ones (never true of a continuous space)."""
    return encoding.cardinality is not None and len(taken) >= encoding.cardinality


def draw_free(encoding: Encoding, taken: Collection[Cell], rng: np.random.Generator) -> Array:
    """
    Draw one snapped point (d,) uniformly in the cube, but outside the *taken* cells. The space must not be exhausted.

    When the free cells are too few or too thin to be hit, one of them is chosen with equal chances instead.
    """
    U = encoding.snap(rng.random((DRAWS, encoding.dimensions)))
    free = [i for i, cell in enumerate(encoding.cells(U)) if cell not in taken]
    if free or encoding.cardinality is None:
        return np.asarray(U[free[0] if free else 0])
    left = encoding.cardinality - len(taken)
    rank = int(rng.integers(min(left, np.iinfo(np.int64).max)))
    return np.asarray(encoding.points([_free_cell(encoding, taken, rank)])[0])


def _free_cell(encoding: Encoding, taken: Iterable[Cell], rank: int) -> Cell:
    """Find the free cell that *rank* free cells precede, counting cells like the digits of a number."""
    place = rank
    for occupied in sorted(_place(encoding, cell) for cell in taken):
        if occupied > place:
            break
        place += 1
    digits = []
    for size in reversed(_sizes(encoding)):
        place, digit = divmod(place, size)
        digits.append(float(digit))
    return tuple(reversed(digits))


def _place(encoding: Encoding, cell: Cell) -> int:
    place = 0
    for size, digit in zip(_sizes(encoding), cell, strict=True):
        place = place * size + int(digit)
    return place


def _sizes(encoding: Encoding) -> list[int]:
    return [size for size in encoding.sizes if size is not None]
