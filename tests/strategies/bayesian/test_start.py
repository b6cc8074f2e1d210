"""Tests of the first points."""

import numpy as np
import pytest

from luthier.strategies.bayesian.start import discrepancy_with, fill, opening
from luthier.strategies.encoding import Encoding
from strategies.spaces import MIXED, PLANE, SMALL


def centred_discrepancy(X: np.ndarray) -> float:
    """N² CD² by its definition, without the constant."""
    z = np.abs(X - 0.5)
    total = 0.0
    for i in range(len(X)):
        for k in range(len(X)):
            total += np.prod(1 + z[i] / 2 + z[k] / 2 - np.abs(X[i] - X[k]) / 2)
        total -= 2 * len(X) * np.prod(1 + z[i] / 2 - z[i] ** 2 / 2)
    return total


def test_the_first_point_is_the_centre() -> None:
    """With nothing known, the middle of every range."""
    encoding = Encoding(PLANE)

    point = fill(encoding, np.empty((0, 2)), set(), np.random.default_rng(0))

    assert point.tolist() == [0.5, 0.5]


def test_candidates_are_compared_by_the_discrepancy_they_leave() -> None:
    """The part that depends on the candidate differs from the whole by a constant."""
    rng = np.random.default_rng(0)
    points, U = rng.random((5, 3)), rng.random((4, 3))
    whole = [centred_discrepancy(np.concatenate([points, u[None]])) for u in U]

    assert np.ptp(discrepancy_with(U, points) - whole) == pytest.approx(0.0, abs=1e-9)


def test_points_spread_over_every_axis() -> None:
    """Sixteen points leave no quarter of any axis empty, nor a quadrant with fewer than three."""
    encoding, points, rng = Encoding(PLANE), np.empty((0, 2)), np.random.default_rng(0)
    for _ in range(16):
        points = np.concatenate([points, fill(encoding, points, set(), rng)[None]])

    quarters = [np.bincount((points[:, j] * 4).astype(int), minlength=4).min() for j in range(2)]
    quadrants = np.bincount((points > 0.5) @ np.array([1, 2]), minlength=4)

    assert min(quarters) >= 2
    assert quadrants.min() >= 3


def test_taken_points_are_left_out() -> None:
    """The last free point of a space is found."""
    encoding = Encoding(SMALL)
    everything = encoding.everything()

    point = fill(encoding, everything[:5], set(encoding.cells(everything[:5])), np.random.default_rng(0))

    assert point.tolist() == everything[5].tolist()


def test_a_search_opens_at_the_defaults_and_in_the_middle_of_the_rest() -> None:
    """The middle is that of the range's scale."""
    encoding = Encoding(MIXED)

    point = encoding.decode(opening(encoding, {"rate": 0.3, "depth": 6, "booster": "dart"}))

    assert point == pytest.approx({**encoding.decode(np.full(6, 0.5)), "rate": 0.3, "depth": 6, "booster": "dart"})


def test_without_defaults_a_search_opens_in_the_centre() -> None:
    """Bit for bit."""
    assert opening(Encoding(PLANE), {}).tolist() == [0.5, 0.5]
