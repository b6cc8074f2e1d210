"""Tests of who goes on from a rung."""

from dataclasses import replace

from luthier.records.trial import Trial
from luthier.records.tuning_job import Resource
from luthier.strategies.hyperband.halving import halved, settled
from strategies.learning_curves import EPOCHS, cut, earlier, ended, falling, going

RESOURCE = Resource(minimum=3, maximum=27)
LONG = Resource(minimum=9, maximum=EPOCHS)


def at(*values: float, reports: int = 3) -> list[Trial]:
    """Running trials that have reported so often, and one value each time."""
    return [going((value,) * reports, reports) for value in values]


def stopped(trials: list[Trial], resource: Resource = RESOURCE) -> list[int]:
    return [verdict.place for verdict in halved(trials, resource)]


def test_one_in_three_goes_on() -> None:
    assert stopped(at(0.6, 0.1, 0.5, 0.2, 0.4, 0.3)) == [0, 2, 4, 5]


def test_the_best_goes_on_though_it_is_less_than_a_third() -> None:
    assert stopped(at(0.2, 0.1)) == [0]


def test_one_alone_goes_on() -> None:
    assert stopped(at(0.2)) == []


def test_equals_go_on_together() -> None:
    """Nobody is better."""
    assert stopped(at(0.2, 0.2, 0.2)) == []


def test_nobody_is_stopped_before_min_resource() -> None:
    """Nor is one with fewer reports held against those that have come as far."""
    assert stopped([*at(0.1, 0.2, 0.3, reports=9), *at(0.9, reports=2)]) == [1, 2]


def test_between_rungs_a_trial_is_still_held_against_the_last_one() -> None:
    """Whoever comes to it later counts too."""
    assert stopped([*at(0.5, reports=8), *at(0.1, 0.2, 0.3)]) == [0, 2, 3]


def test_on_the_next_rung_only_those_count_that_have_come_as_far() -> None:
    assert stopped([*at(0.5, 0.4, reports=9), *at(0.1, 0.2)]) == [0, 3]


def test_the_best_report_up_to_the_rung_counts() -> None:
    """Not a bad last one, and none of those after the rung."""
    spiked = going((0.2, 0.15, 0.9), 3)
    late = going((0.5, 0.5, 0.5, 0.16), 4)

    assert stopped([spiked, late, *at(0.18), *at(0.1, reports=2)]) == [1, 2]


def test_those_that_are_over_count_whole_or_cut_short() -> None:
    assert stopped([ended((0.1,) * 27), cut((0.2,) * 27, 3), *at(0.15)]) == [2]


def test_those_that_failed_do_not_count() -> None:
    """They were better, and there is nothing of them."""
    failed = Trial(assignment={}, is_open=False, curve=(0.1,) * 5)

    assert stopped([failed, *at(0.5)]) == []


def test_those_of_another_task_do_not_count() -> None:
    other = replace(ended((0.1,) * 27), task="other")

    assert stopped([other, *at(0.5)]) == []


def test_whoever_has_reported_the_best_value_so_far_goes_on() -> None:
    """After the rung, and better there than all others anywhere."""
    risen = going((0.9, 0.9, 0.9, 0.05), 4)

    assert stopped([*at(0.1, 0.2, 0.3), risen]) == [1, 2]


def test_the_reason_names_the_rung_and_the_place() -> None:
    verdicts = halved(at(0.1, 0.2, 0.3), RESOURCE)

    assert [verdict.reason for verdict in verdicts] == [
        "after 3 reports of the objective 1 of 3 training jobs were better, and one in 3 goes on",
        "after 3 reports of the objective 2 of 3 training jobs were better, and one in 3 goes on",
    ]


def test_what_goes_on_after_max_resource_is_stopped() -> None:
    """Though it is the best of all."""
    verdicts = halved([*at(0.1, reports=28), *at(0.2)], RESOURCE)

    assert verdicts[0].reason == "it went on after the 27 reports of MaxResource"


def test_what_has_made_its_last_report_may_store_its_model() -> None:
    """Though it would not go on from the last rung."""
    assert stopped([*at(0.9, reports=27), *at(0.1, 0.2, 0.3, reports=9)]) == [2, 3]


def test_nobody_is_stopped_where_min_and_max_are_the_same() -> None:
    assert stopped(at(0.1, 0.2, 0.3, reports=5), Resource(minimum=5, maximum=5)) == []


SLOW = going(falling(0.15, power=0.4), 9)
"""It is at 0.36 on the rung, where the best of `earlier` was at 0.34, and will overtake that by far."""


def test_one_that_is_foreseen_to_win_goes_on() -> None:
    hopeless = going(falling(0.6), 9)

    assert stopped([*earlier(), SLOW, hopeless, *at(0.33, 0.33, reports=9)], LONG) == [7]


def test_before_three_have_finished_nothing_is_foreseen() -> None:
    assert stopped([*earlier(2), SLOW, *at(0.33, 0.33, reports=9)], LONG) == [2]


def test_one_that_was_stopped_at_max_resource_has_finished() -> None:
    over = cut(falling(0.3), 30)

    assert settled(over, RESOURCE) == replace(over, curve=over.curve[:27], is_cut_short=False)


def test_one_that_was_stopped_before_has_not() -> None:
    over = cut(falling(0.3), 20)

    assert settled(over, RESOURCE) == over


def test_those_that_were_stopped_at_max_resource_teach_how_curves_end() -> None:
    """So the end of a curve is foreseen though no training program ends by itself."""
    over = [replace(each, is_cut_short=True) for each in earlier()]

    assert stopped([*over, SLOW, *at(0.33, 0.33, reports=9)], LONG) == []
