"""Tests of what a search learns from trials that were stopped early."""

import pytest

from luthier.strategies.early_stopping.outlook import expected_ends
from strategies.learning_curves import cut, earlier, falling, going, noisy


def test_a_trial_that_was_stopped_is_expected_to_have_gone_on() -> None:
    """It was stopped at 0.5, and on its way to 0.4."""
    curve = noisy(falling(0.4, power=0.8), 9)

    assert expected_ends([*earlier(), cut(curve, 8)])[-1] == pytest.approx(0.4, abs=0.05)


def test_nothing_is_expected_of_other_trials() -> None:
    trials = [*earlier(), going(falling(0.3), 5), cut(falling(0.4), 8)]

    assert expected_ends(trials)[:-1] == [None] * 7


def test_without_finished_trials_it_is_taken_for_its_best_report() -> None:
    assert expected_ends([cut((0.9, 0.5, 0.7, 0.8), 4)]) == [0.5]


def test_where_no_trial_was_stopped_nothing_is_expected() -> None:
    assert expected_ends(earlier(3)) == [None] * 3
