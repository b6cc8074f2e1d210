"""Tests of what a search learns from trials that were stopped early."""

import pytest

from luthier.strategies.early_stopping.outlook import with_expectations
from strategies.learning_curves import cut, earlier, falling, going, noisy


def test_a_trial_that_was_stopped_is_expected_to_have_gone_on() -> None:
    """It was stopped at 0.5, and on its way to 0.4."""
    curve = noisy(falling(0.4, power=0.8), 9)

    [*_, foreseen] = with_expectations([*earlier(), cut(curve, 8)])

    assert foreseen.expected == pytest.approx(0.4, abs=0.05)
    assert foreseen.lesson == foreseen.expected


def test_its_value_stays_what_it_reported_last() -> None:
    stopped = cut(falling(0.4), 8)

    assert with_expectations([*earlier(), stopped])[-1].value == stopped.value


def test_other_trials_stay_as_they_are() -> None:
    trials = [*earlier(), going(falling(0.3), 5)]

    assert with_expectations([*trials, cut(falling(0.4), 8)])[:-1] == trials


def test_without_finished_trials_it_is_taken_for_its_best_report() -> None:
    [foreseen] = with_expectations([cut((0.9, 0.5, 0.7, 0.8), 4)])

    assert foreseen.expected == 0.5


def test_a_trial_that_ran_to_its_end_teaches_its_value() -> None:
    trial = earlier(1)[0]

    assert trial.lesson == trial.value
