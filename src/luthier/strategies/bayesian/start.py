"""
Where to look before there is anything to learn from: what is usual, then points that fill the space evenly.

Evenly means: of many random candidates, the one that leaves the smallest centred L2 discrepancy of all points together.
For N points x_i in [0, 1]^d with z_ij = |x_ij - 1/2|, and leaving out a constant,

    N² CD² = Σ_i Σ_k Π_j (1 + z_ij/2 + z_kj/2 - |x_ij - x_kj|/2)  -  2 N Σ_i Π_j (1 + z_ij/2 - z_ij²/2)

With no points yet the centre is best, so a search opens there, but takes the algorithm's default where it is known:
that is where many others have ended. Unlike the farthest point, which is always a corner, the next ones balance every
projection onto fewer axes too, and open, failed and inherited trials are filled around.

Source: Hickernell, "A generalized discrepancy and quadrature error bound", Mathematics of Computation 67, 1998.
"""

from collections.abc import Collection

import numpy as np

from luthier.records.search_space import Assignment
from luthier.strategies.encoding import Cell, Encoding
from luthier.strategies.novelty import draw_free
from luthier.strategies.scale import Array

CANDIDATES = 256


def opening(encoding: Encoding, defaults: Assignment) -> Array:
    """Give the first point (d,) of a search, snapped: the known defaults, and the centre of every other range."""
    centre = encoding.snap(np.full((1, encoding.dimensions), 0.5))
    usual = encoding.encode([{**encoding.decode(centre[0]), **defaults}])
    is_known = np.array([each.name in defaults for each in encoding.ranges], dtype=bool)
    return np.asarray(np.where(is_known, usual, centre)[0])


def fill(encoding: Encoding, points: Array, taken: Collection[Cell], rng: np.random.Generator) -> Array:
    """Choose a snapped free point (d,) that spreads well among *points* (n, d). The space must not be exhausted."""
    drawn = rng.random((CANDIDATES, encoding.dimensions))
    U = encoding.snap(np.concatenate([np.full((1, encoding.dimensions), 0.5), drawn]))
    U = U[[cell not in taken for cell in encoding.cells(U)]]
    if not len(U):
        return draw_free(encoding, taken, rng)
    return np.asarray(U[np.argmin(discrepancy_with(U, points))])


def discrepancy_with(U: Array, points: Array) -> Array:
    """Give the part of N² CD² of *points* (n, d) and one row of U (m, d), N = n + 1, that depends on the row: (m,)."""
    z, others = np.abs(U - 0.5), np.abs(points - 0.5)
    gaps = np.abs(U[:, None, :] - points)
    pairs = np.prod(1.0 + 0.5 * (z[:, None, :] + others - gaps), axis=2)
    alone = np.prod(1.0 + 0.5 * z - 0.5 * z * z, axis=1)
    return np.asarray(2.0 * pairs.sum(axis=1) + np.prod(1.0 + z, axis=1) - 2.0 * (len(points) + 1) * alone)
