"""
What one hyperparameter does while all others stay as at the best point tried.

Slices, and not averages over the rest: "what if I change this one alone?" is the question that a person has, the
model's spread at a single point is exact, and an average over bad regions hides what happens where it matters.
"""

from collections.abc import Callable

import numpy as np

from luthier.records.portrait import Place, Slice
from luthier.records.search_space import Assignment, CategoricalRange, IntegerRange, ParameterRange
from luthier.strategies.bayesian.portrait.unwarping import Unwarping
from luthier.strategies.encoding import Encoding
from luthier.strategies.scale import Array

PLACES = 33
"""Places of a slice along numbers, besides the best point's own; fewer whole numbers than that are all shown."""


def slices_through(
    best: Assignment, encoding: Encoding, predict: Callable[[Array], tuple[Array, Array]], unwarping: Unwarping
) -> list[Slice]:
    """Give a slice through *best* along every range that has more than one value, in the order of ranges."""
    centre = encoding.encode([best])[0]
    return [
        _slice(each, line_through(each, j, best, centre, encoding), j, encoding, predict, unwarping, float(centre[j]))
        for j, each in enumerate(encoding.ranges)
        if encoding.sizes[j] != 1
    ]


def line_through(
    each: ParameterRange, j: int, best: Assignment, centre: Array, encoding: Encoding, most: int = PLACES
) -> Array:
    """
    Give snapped points (m, d) that change *best*, *centre* in the cube, along range j: rising, none twice.

    There are about *most* along numbers; every category, and every whole number where they are fewer.
    """
    size = encoding.sizes[j]
    if size is not None and (size <= most or isinstance(each, CategoricalRange)):
        U = encoding.encode([{**best, each.name: value} for value in _values(each)])
    else:
        U = np.tile(centre, (most, 1))
        U[:, j] = np.linspace(0.0, 1.0, most)
        U = encoding.snap(np.concatenate([U, centre[None]]))
    _, places = np.unique(U[:, j], return_index=True)
    return np.asarray(U[places])


def _values(each: ParameterRange) -> tuple[str, ...] | range:
    if isinstance(each, CategoricalRange):
        return each.choices
    assert isinstance(each, IntegerRange)  # a continuous range of more than one value has no size
    return range(each.low, each.high + 1)


def _slice(
    each: ParameterRange,
    line: Array,
    j: int,
    encoding: Encoding,
    predict: Callable[[Array], tuple[Array, Array]],
    unwarping: Unwarping,
    centre: float,
) -> Slice:
    places = tuple(
        Place(value=encoding.decode(u)[each.name], at=float(u[j]), estimate=estimate)
        for u, estimate in zip(line, unwarping.estimates(*predict(line)), strict=True)
    )
    best = int(np.argmin(np.abs(line[:, j] - centre)))
    return Slice(name=each.name, is_categorical=isinstance(each, CategoricalRange), places=places, best=best)
