"""Turns by promise among the definitions of a tuning job."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luthier.records.status import TrainingStatus
from luthier.records.tuning_job import Objective, ObjectiveType
from luthier.tuning.turns import FLOOR, LEAST, deal
from luthier.tuning.view import TuningView
from things import a_training_job, a_tuning_definition, a_tuning_job

COMPLETED, FAILED = TrainingStatus.COMPLETED, TrainingStatus.FAILED


def a_view(*had: str, exhausted: str = "", lost: int = 0) -> TuningView:
    """A tuning job of the definitions a, b and c, and training jobs of those named; the first *lost* were lost."""
    job = a_tuning_job(specification={"definitions": tuple(a_tuning_definition(name=name) for name in "abc")})
    children = tuple(
        a_training_job(
            ordinal, FAILED if ordinal <= lost else COMPLETED, definition_name=name, is_retryable=ordinal <= lost
        )
        for ordinal, name in enumerate(had, 1)
    )
    return TuningView(job=job, children=children, finals={}, now=1.0, exhausted=frozenset(exhausted))


def a_view_of(values: Mapping[str, Sequence[float]], better: ObjectiveType = ObjectiveType.MINIMIZE) -> TuningView:
    """A tuning job of definitions whose training jobs had these objectives."""
    objective = Objective(type=better, metric="loss")
    definitions = tuple(a_tuning_definition(name=name, objective=objective) for name in values)
    had = [(name, value) for name, each in values.items() for value in each]
    children = tuple(
        a_training_job(ordinal, FAILED if isnan(value) else COMPLETED, definition_name=name)
        for ordinal, (name, value) in enumerate(had, 1)
    )
    finals = {child.arn: value for child, (_, value) in zip(children, had, strict=True)}
    job = a_tuning_job(specification={"definitions": definitions})
    return TuningView(job=job, children=children, finals=finals, now=1.0)


def names(view: TuningView, count: int) -> str:
    return "".join(str(each.definition.name) for each in deal(view, count))


GOOD, BEHIND, HOPELESS = (0.1, 0.2, 0.3, 0.4, 0.5), (0.2, 0.3, 0.4, 0.5, 0.6), (5.0, 5.1, 5.2, 5.3, 5.4)


def test_turns_go_round_in_the_callers_order() -> None:
    assert names(a_view(), 7) == "abcabca"


def test_the_definition_with_the_fewest_training_jobs_is_next() -> None:
    assert names(a_view("a", "b", "a"), 3) == "cbc"


def test_an_exhausted_definition_leaves_its_turns_to_the_others() -> None:
    assert names(a_view("a", "c", exhausted="b"), 4) == "acac"


def test_nobody_has_a_turn_when_all_are_exhausted() -> None:
    assert names(a_view(exhausted="abc"), 2) == ""


def test_a_training_job_that_the_service_lost_was_no_turn() -> None:
    assert names(a_view("a", "b", "c", lost=1), 1) == "a"


def test_a_failure_of_the_algorithm_was_a_turn() -> None:
    view = a_view("a")
    failed = a_training_job(1, FAILED, definition_name="a")

    assert [
        each.definition.name for each in deal(TuningView(job=view.job, children=(failed,), finals={}, now=1.0), 1)
    ] == ["b"]


def test_definitions_that_are_equally_good_take_turns() -> None:
    assert names(a_view_of({"a": GOOD, "b": GOOD}), 4) == "abab"


def test_one_that_lies_behind_gets_fewer_turns() -> None:
    had = Counter(names(a_view_of({"a": GOOD, "b": BEHIND}), 20))

    assert 12 <= had["a"] <= 16


@pytest.mark.parametrize("hopeless", [HOPELESS, (nan,) * 5, (7.0,) * 5], ids=["far", "failing", "constant"])
def test_a_hopeless_one_gets_next_to_nothing_and_is_never_given_up(hopeless: Sequence[float]) -> None:
    view = a_view_of({"a": hopeless, "b": GOOD})

    assert names(view, 40) == "b" * 40
    assert Counter(names(view, 400))["a"] + 5 == pytest.approx(FLOOR * 205, abs=2)


def test_higher_may_be_better() -> None:
    view = a_view_of({"a": [-value for value in GOOD], "b": [-value for value in HOPELESS]}, ObjectiveType.MAXIMIZE)

    assert names(view, 3) == "aaa"


def test_nobody_is_judged_before_its_least_turns() -> None:
    assert names(a_view_of({"a": HOPELESS[: LEAST - 2], "b": GOOD}), 3) == "aab"


def test_the_best_scale_is_that_of_the_better_half() -> None:
    """Two diverging training jobs say nothing of how far apart good objectives are."""
    diverging = (*GOOD, 1e9, 1e12)

    assert Counter(names(a_view_of({"a": GOOD, "b": (*BEHIND, 1e9, 1e12)}), 20))["b"] > 0
    assert names(a_view_of({"a": diverging, "b": HOPELESS}), 3) == "aaa"


@given(st.lists(st.sampled_from("abc"), max_size=12), st.integers(0, 12), st.sets(st.sampled_from("abc"), max_size=2))
def test_whatever_was_before_the_last_are_never_overtaken(had: list[str], count: int, exhausted: set[str]) -> None:
    """Nobody gets a turn while another who is not exhausted has had fewer."""
    before = Counter(had)

    for name in names(a_view(*had, exhausted="".join(exhausted)), count):
        assert before[name] == min(before[each] for each in "abc" if each not in exhausted)
        before[name] += 1


@given(st.lists(st.sampled_from("abc"), max_size=12), st.integers(1, 6), st.integers(1, 6))
def test_turns_dealt_at_once_are_those_dealt_one_after_the_other(had: list[str], first: int, rest: int) -> None:
    """So it does not matter where a pass was cut off."""
    at_once = names(a_view(*had), first + rest)

    assert names(a_view(*had), first) + names(a_view(*had, *at_once[:first]), rest) == at_once


@given(st.lists(st.lists(st.floats(allow_infinity=False, allow_nan=False), max_size=8), min_size=1, max_size=4))
def test_whatever_the_objectives_somebody_has_a_turn(values: list[list[float]]) -> None:
    assert len(names(a_view_of(dict(zip("abcd", values, strict=False))), 5)) == 5
