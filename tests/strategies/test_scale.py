"""Tests of the scales on which ranges are searched."""

import numpy as np
import pytest

from luthier.records.search_space import ContinuousRange, IntegerRange, ScalingType
from luthier.strategies.scale import Scale, scale_of


@pytest.mark.parametrize(
    ("low", "high", "scale"),
    [
        (1.0, 100.0, Scale.LOGARITHMIC),
        (1.0, 99.0, Scale.LINEAR),
        (0.0, 1000.0, Scale.LINEAR),
        (-1.0, 1000.0, Scale.LINEAR),
        (1e-300, 1e308, Scale.LOGARITHMIC),
    ],
)
def test_auto_is_logarithmic_from_two_decades_on(low: float, high: float, scale: Scale) -> None:
    """Auto looks at the ends of the range alone."""
    assert scale_of(ContinuousRange(name="x", low=low, high=high)) is scale


def test_auto_treats_whole_numbers_alike() -> None:
    """An integer range of two decades is searched logarithmically."""
    assert scale_of(IntegerRange(name="n", low=8, high=4096)) is Scale.LOGARITHMIC


@pytest.mark.parametrize("scaling", [ScalingType.LOGARITHMIC, ScalingType.LINEAR])
def test_a_scale_that_is_asked_for_is_used(scaling: ScalingType) -> None:
    """Only Auto is a question."""
    assert scale_of(ContinuousRange(name="x", low=1.0, high=3.0, scaling=scaling)).name == scaling.name


def test_a_range_too_narrow_for_its_logarithm_is_linear() -> None:
    """Neighbouring floats may share a logarithm."""
    low = 1e300
    each = ContinuousRange(name="x", low=low, high=float(np.nextafter(low, 2e300)), scaling=ScalingType.LOGARITHMIC)

    assert scale_of(each) is Scale.LINEAR


def test_a_range_wider_than_the_largest_float_is_halved() -> None:
    """Its width would be infinite."""
    assert scale_of(ContinuousRange(name="x", low=-1.7e308, high=1.7e308)) is Scale.HALVED


@pytest.mark.parametrize("scale", list(Scale))
def test_the_inverse_undoes_the_scale(scale: Scale) -> None:
    """Forward and inverse are a pair."""
    x = np.array([1e-9, 0.1, 0.5, 0.999])

    assert scale.inverse(scale.forward(x)) == pytest.approx(x, rel=1e-12)


def test_reverse_logarithmic_resolves_what_is_just_below_one() -> None:
    """Halfway from 0 to 0.9999 lies 0.99."""
    low, high = Scale.REVERSE_LOGARITHMIC.forward(np.array([0.0, 0.9999]))

    assert Scale.REVERSE_LOGARITHMIC.inverse((low + high) / 2) == pytest.approx(0.99)
