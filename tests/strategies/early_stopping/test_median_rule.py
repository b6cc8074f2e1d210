"""Tests of the rule that SageMaker documents."""

import pytest

from luthier.strategies.early_stopping.median_rule import documented
from strategies.learning_curves import cut, ended, going

EARLIER = [ended((4.0, 2.0, 1.0)), ended((5.0, 3.0, 1.0)), ended((6.0, 4.0, 2.0))]  # averages of two: 3, 4, 5


@pytest.mark.parametrize(("latest", "stopped"), [(3.9, []), (4.0, []), (4.1, [3])])
def test_what_is_worse_than_the_median_of_running_averages_is_stopped(latest: float, stopped: list[int]) -> None:
    assert [each.place for each in documented([*EARLIER, going((9.0, latest), 2)])] == stopped


def test_the_reason_names_the_rule() -> None:
    [verdict] = documented([*EARLIER, going((9.0, 8.0), 2)])

    assert verdict.reason == (
        "after 2 reports of the objective it was worse than the median of the running averages of 3 earlier training "
        "jobs"
    )


def test_two_earlier_trials_are_too_few() -> None:
    assert documented([*EARLIER[:2], going((9.0, 8.0), 2)]) == []


def test_trials_that_have_not_come_as_far_do_not_count() -> None:
    assert documented([*EARLIER[:2], cut((9.0, 9.0, 9.0), 1), going((9.0, 8.0), 2)]) == []


def test_trials_that_began_later_do_not_count() -> None:
    assert documented([going((9.0, 8.0), 2), *EARLIER]) == []


def test_the_best_so_far_goes_on() -> None:
    """It has seen better days, and nobody has seen better ones."""
    assert documented([*EARLIER, going((0.5, 8.0), 2)]) == []


def test_huge_values_have_a_median_too() -> None:
    huge = [ended((1e308, 1e308)) for _ in range(3)]

    assert [each.place for each in documented([*huge, going((1.5e308, 1.5e308), 2)])] == [3]
