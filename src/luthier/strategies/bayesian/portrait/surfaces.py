"""What two hyperparameters do together while all others stay as at the best point tried: a map of the objective."""

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from luthier.records.portrait import Stop, Surface
from luthier.records.search_space import Assignment
from luthier.strategies.bayesian.portrait.slices import line_through
from luthier.strategies.bayesian.portrait.unwarping import Unwarping
from luthier.strategies.encoding import Encoding
from luthier.strategies.scale import Array

PAIRED = 3
"""Pairs are made of so many of the most important hyperparameters."""

STOPS = 24
"""Values along each side, besides the best point's own."""

_MOST = 40  # categories and whole numbers beyond which a side has no room


def surfaces_through(
    best: Assignment,
    order: Sequence[int],
    encoding: Encoding,
    mean: Callable[[Array], Array],
    unwarping: Unwarping,
) -> list[Surface]:
    """Map pairs of ranges through *best*; *order* gives the places of ranges, the most important first."""
    centre = encoding.encode([best])[0]
    lines = {
        j: line_through(encoding.ranges[j], j, best, centre, encoding, STOPS)
        for j in order[:PAIRED]
        if encoding.sizes[j] != 1
    }
    return [
        _surface(lines[j], lines[k], (j, k), centre, encoding, mean, unwarping)
        for j, k in combinations([j for j, line in lines.items() if len(line) <= _MOST], 2)
    ]


def _surface(
    first: Array,
    second: Array,
    places: tuple[int, int],
    centre: Array,
    encoding: Encoding,
    mean: Callable[[Array], Array],
    unwarping: Unwarping,
) -> Surface:
    j, k = places
    U = np.tile(centre, (len(second) * len(first), 1))  # row by row, from the lowest up
    U[:, j] = np.tile(first[:, j], len(second))
    U[:, k] = np.repeat(second[:, k], len(first))
    values = unwarping.values(mean(U)).reshape(len(second), len(first))
    return Surface(
        names=(encoding.ranges[j].name, encoding.ranges[k].name),
        across=_stops(first, j, encoding),
        upward=_stops(second, k, encoding),
        values=tuple(tuple(row) for row in values.tolist()),
        best=(_nearest(first[:, j], centre[j]), _nearest(second[:, k], centre[k])),
    )


def _stops(line: Array, j: int, encoding: Encoding) -> tuple[Stop, ...]:
    name = encoding.ranges[j].name
    return tuple(Stop(value=encoding.decode(u)[name], at=float(u[j])) for u in line)


def _nearest(coordinates: Array, wanted: float) -> int:
    return int(np.argmin(np.abs(coordinates - wanted)))
