"""Tests of the rule that looks ahead."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luthier.records.trial import Trial
from luthier.strategies.early_stopping.prediction_rule import GRACE, judgements, predicted
from strategies.learning_curves import cut, earlier, ended, falling, going, noisy

HOPELESS = noisy(falling(0.9), 50)


def test_a_trial_that_will_not_win_is_stopped_and_told_why() -> None:
    [verdict] = predicted([*earlier(), going(HOPELESS, 12)])

    assert verdict.place == 6
    assert verdict.reason.startswith("after 12 of about 40 reports of the objective, the chance that it would end as ")


def test_a_trial_that_will_win_goes_on() -> None:
    """It is behind the best one so far, and on its way."""
    assert predicted([*earlier(), going(noisy(falling(0.05, power=0.6), 51), 12)]) == []


def test_a_trial_that_starts_slowly_goes_on_where_others_did() -> None:
    late = 1.0 / (1.0 + (np.arange(1.0, 41.0) / 14.0) ** 4)
    family = [noisy((0.3 + 0.02 * place + 0.7 * late).tolist(), place) for place in range(8)]

    assert predicted([*map(ended, family[1:]), going(family[0], 8)]) == []


def test_the_best_so_far_is_never_stopped() -> None:
    """Whatever is foreseen: this one will end far worse than it is."""
    rising = (*falling(0.1)[:12], *np.linspace(0.1, 5.0, 28).tolist())
    best = noisy((0.19, *np.linspace(0.5, 0.6, 20).tolist()), 1)

    assert predicted([*earlier(), *(ended(rising) for _ in range(3)), going((0.01, *best), 15)]) == []


def test_nothing_is_stopped_before_three_trials_are_finished() -> None:
    assert predicted([*earlier(2), cut(HOPELESS, 9), going(HOPELESS, 30)]) == []


def test_nothing_is_stopped_before_its_third_report() -> None:
    assert predicted([*earlier(), going(HOPELESS, GRACE - 1)]) == []


def test_failed_trials_are_no_finished_ones() -> None:
    failed = [replace(trial, value=None) for trial in earlier()]

    assert predicted([*failed, going(HOPELESS, 12)]) == []


def test_trials_of_another_task_are_looked_past() -> None:
    others = [replace(trial, task="another") for trial in earlier()]

    assert predicted([*others, going(HOPELESS, 12)]) == []


@given(shift=st.floats(-1e6, 1e6), stretch=st.sampled_from([1e-6, 1e-3, 7.0, 1e4]))
@settings(max_examples=20, deadline=None)
def test_the_unit_of_the_objective_does_not_matter(shift: float, stretch: float) -> None:
    """Accuracies below zero, errors in percent, losses of millions: verdicts are the same, but for rounding."""
    curves = [noisy(falling(0.2 + 0.1 * place), place) for place in range(10)]
    trials = [*map(ended, curves[:6]), *(going(curve, 15) for curve in curves[6:])]
    moved = [replace(trial, curve=tuple(stretch * (value + shift) for value in trial.curve)) for trial in trials]
    moved = [trial if trial.is_open else replace(trial, value=trial.curve[-1]) for trial in moved]

    assert [each.place for each in predicted(moved)] == [each.place for each in predicted(trials)] != []


@pytest.mark.parametrize("every", [25, 250])
def test_reports_of_every_step_are_judged_like_those_of_every_epoch(every: int) -> None:
    """Thousands of noisy reports: what counts is how far a trial is."""

    def steps(end: float, seed: int) -> tuple[float, ...]:
        return noisy(np.repeat(falling(end), every).tolist(), seed, 0.1)

    trials = [ended(steps(0.2 + 0.05 * place, place)) for place in range(6)]

    assert [each.place for each in predicted([*trials, going(steps(0.9, 7), 12 * every)])] == [6]
    assert predicted([*trials, going(steps(0.1, 8), 12 * every)]) == []


def test_the_order_of_the_trials_does_not_matter() -> None:
    trials = [*earlier(), cut(HOPELESS, 9), going(HOPELESS, 12)]

    forwards, backwards = predicted(trials), predicted(trials[::-1])

    assert (forwards[0].place, backwards[0].place) == (7, 0)
    assert forwards[0].reason == backwards[0].reason


def test_the_same_trials_have_the_same_verdicts() -> None:
    trials = [*earlier(), going(HOPELESS, 12)]

    assert predicted(trials) == predicted(trials)


@given(
    curves=st.lists(
        st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=12).map(tuple),
        min_size=5,
        max_size=9,
    )
)
@settings(max_examples=60, deadline=None)
def test_whatever_is_reported_there_is_an_answer(curves: list[tuple[float, ...]]) -> None:
    trials = [*map(ended, curves[:-1]), going(curves[-1], len(curves[-1]))]

    assert {each.place for each in predicted(trials)} <= {len(trials) - 1}


def test_a_curve_is_judged_ever_more_seldom_and_not_at_its_end() -> None:
    assert judgements(52) == [3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 19, 22, 26, 30, 35, 41, 48]


def test_a_trial_without_a_report_waits() -> None:
    assert predicted([*earlier(), Trial(assignment={}, is_open=True)]) == []
