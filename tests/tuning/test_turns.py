"""Fair turns among the definitions of a tuning job."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from luthier.records.status import TrainingStatus
from luthier.tuning.turns import deal
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


def names(view: TuningView, count: int) -> str:
    return "".join(str(each.name) for each in deal(view, count))


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

    assert [each.name for each in deal(TuningView(job=view.job, children=(failed,), finals={}, now=1.0), 1)] == ["b"]


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
