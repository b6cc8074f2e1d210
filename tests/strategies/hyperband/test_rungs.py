"""Tests of where trials are held against others."""

import pytest

from luthier.records.tuning_job import Resource
from luthier.strategies.hyperband.rungs import rung_at, rungs_of


@pytest.mark.parametrize(
    ("minimum", "maximum", "rungs"),
    [(3, 81, (3, 9, 27)), (1, 30, (1, 3, 9, 27)), (4, 100, (4, 12, 36)), (1, 2, (1,)), (5, 5, ())],
)
def test_rungs_are_three_times_as_far_each_and_before_the_end(
    minimum: int, maximum: int, rungs: tuple[int, ...]
) -> None:
    assert rungs_of(Resource(minimum=minimum, maximum=maximum)) == rungs


@pytest.mark.parametrize(("reports", "rung"), [(0, None), (2, None), (3, 3), (8, 3), (9, 9), (500, 27)])
def test_a_trial_is_at_the_highest_rung_that_it_has_reached(reports: int, rung: int | None) -> None:
    assert rung_at(Resource(minimum=3, maximum=81), reports) == rung
