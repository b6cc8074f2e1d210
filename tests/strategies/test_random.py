"""Tests of random search."""

import numpy as np
import pytest

from luthier.strategies.random import Random
from strategies.spaces import MIXED, mixed, over


def test_points_are_uniform_on_their_scale() -> None:
    """Half of a logarithmic range's points lie below its geometric middle."""
    points = Random().propose(MIXED, [], 2000, np.random.default_rng(0))

    assert np.mean([float(point["rate"]) < 1e-5**0.5 for point in points]) == pytest.approx(0.5, abs=0.03)


def test_every_choice_is_equally_likely() -> None:
    """A third each."""
    points = Random().propose(MIXED, [], 3000, np.random.default_rng(0))

    assert np.mean([point["booster"] == "dart" for point in points]) == pytest.approx(1 / 3, abs=0.03)


def test_results_do_not_matter() -> None:
    """The same draw with and without trials."""
    first = Random().propose(MIXED, [], 3, np.random.default_rng(0))

    again = Random().propose(MIXED, [over(point, mixed(point)) for point in first], 3, np.random.default_rng(0))

    assert again == first
