"""Tests of the shapes of learning curves."""

import numpy as np
import pytest

from luthier.strategies.early_stopping.shapes import shapes


@pytest.mark.parametrize("knots", [6, 52, 64])
def test_every_shape_falls_from_one_to_nothing(knots: int) -> None:
    psi = shapes(knots)

    assert np.allclose(psi[0], 1.0)
    assert np.allclose(psi[-1], 0.0)
    assert np.all(np.diff(psi, axis=0) <= 1e-12)


def test_some_curves_fall_at_once_and_others_late() -> None:
    half_way = shapes(52)[25]

    assert (half_way.min() < 0.01, half_way.max() > 0.4) == (True, True)
