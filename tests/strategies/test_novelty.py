"""Tests of drawing points that have not been tried."""

import numpy as np
import pytest

from luthier.records.search_space import IntegerRange, ScalingType, SearchSpace
from luthier.strategies.encoding import Encoding
from luthier.strategies.novelty import draw_free, is_exhausted
from strategies.spaces import MIXED, SMALL

THIN = SearchSpace(
    ranges=(
        IntegerRange(name="n", low=1, high=1_000_000, scaling=ScalingType.LOGARITHMIC),
        IntegerRange(name="m", low=0, high=1),
    )
)


def test_a_space_is_exhausted_when_every_cell_is_taken() -> None:
    """And not one cell earlier."""
    encoding = Encoding(SMALL)
    cells = encoding.cells(encoding.everything())

    assert [is_exhausted(encoding, set(cells[:count])) for count in (5, 6)] == [False, True]


def test_a_continuous_space_is_never_exhausted() -> None:
    """However much of it is taken."""
    assert not is_exhausted(Encoding(MIXED), {(float(i),) * 6 for i in range(1000)})


@pytest.mark.parametrize("left", range(6))
def test_the_last_free_cell_is_always_found(left: int) -> None:
    """By its rank, when no draw hits it."""
    encoding = Encoding(SMALL)
    cells = encoding.cells(encoding.everything())
    taken = {cell for place, cell in enumerate(cells) if place != left}

    point = draw_free(encoding, taken, np.random.default_rng(0))

    assert encoding.cells(point[None]) == [cells[left]]


def test_a_thin_free_cell_is_found_among_a_million() -> None:
    """The high numbers of a logarithmic range have almost no room on the axis; all the low ones are taken."""
    encoding = Encoding(THIN)
    taken = {(float(n), float(m)) for n in range(20_000) for m in range(2)}

    cells = encoding.cells(np.array([draw_free(encoding, taken, np.random.default_rng(seed)) for seed in range(20)]))

    assert not taken & set(cells)
