"""Decisions in plain words."""

import pytest

from luthier.dashboard.decision_wording import said, why
from luthier.records.names import TrainingJobName, TuningJobArn
from luthier.records.portrait import Estimate
from luthier.records.proposal import Proposal
from luthier.records.reason import Combination, Drawn, Even, Opening, Precedent, Promising, Reason
from luthier.tuning.decisions import Decision, Event, Forgotten, Why
from luthier.tuning.turns import Turn
from things import a_tuning_definition

EXPECTED = Estimate(value=0.9312345, low=0.92, high=0.94)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Opening(defaults=()), "a search begins in the middle of its ranges"),
        (
            Opening(defaults=("eta", "depth")),
            "a search begins at the algorithm's defaults, here of eta, depth, and in the middle of others",
        ),
        (Precedent(), "it was the best point of an earlier tuning job"),
        (
            Even(place=3, start=4),
            "it is point 3 of the 4 that are spread evenly before there is enough to learn from",
        ),
        (Even(place=9, start=4), "it is spread evenly between the others, as they teach nothing yet"),
        (
            Promising(observed=20, pending=3, expected=EXPECTED, best=0.91),
            "of all points looked at it promises most, after 20 results and with 3 under way: 0.9312 is expected (0.92 "
            "to 0.94), where the best so far is believed to be 0.91",
        ),
        (
            Promising(observed=20, pending=0, expected=None, best=None),
            "of all points looked at it promises most, after 20 results",
        ),
        (Combination(place=5, of=12), "it is combination 5 of 12 of the grid"),
        (Drawn(), "it was drawn at random"),
    ],
    ids=lambda each: type(each).__name__ if not isinstance(each, str) else "",
)
def test_a_reason_is_a_clause(reason: Reason, words: str) -> None:
    assert why(reason) == words


def a_decision(event: Event, text: str | None = None, **changes: object) -> Decision:
    return Decision(at=1.0, event=event, training_job=TrainingJobName("t"), ordinal=5, text=text, **changes)  # type: ignore[arg-type]  # each test names its own


def a_turn(name: str = "deep", had: int = 3, *, among: int = 1, is_due: bool = False) -> Turn:
    return Turn(definition=a_tuning_definition(name=name), among=among, had=had, is_due=is_due)


PROPOSAL = Proposal(
    tuning_job=TuningJobArn("t"), version=3, ordinal=5, asked=1, running=(2, 4), shown="0123456789abcdef", made_by=""
)


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (a_decision(Event.PROPOSED), "proposed: it was proposed by a Luthier that kept no record of why"),
        (
            a_decision(Event.PROPOSED, proposal=PROPOSAL),
            "proposed, knowing 2 training jobs that were over and 2 that ran",
        ),
        (
            a_decision(Event.PROPOSED, proposal=PROPOSAL, why=Why(reason=Drawn(), turn=a_turn())),
            "proposed, knowing 2 training jobs that were over and 2 that ran: it was drawn at random",
        ),
        (a_decision(Event.RESTARTED, "its host was lost"), "begun anew: its host was lost"),
        (a_decision(Event.STOP_REQUESTED, "it would not win"), "asked to stop: it would not win"),
        (a_decision(Event.LOST, "gone"), "lost, which uses up none of MaxNumberOfTrainingJobs: gone"),
        (a_decision(Event.COMPLETING, "a target"), "complete: a target; what still runs is stopped"),
        (a_decision(Event.ENDED, "nothing was left to search"), "ended: nothing was left to search"),
    ],
    ids=lambda each: str(each.event) if isinstance(each, Decision) else "",
)
def test_a_decision_is_a_sentence(decision: Decision, words: str) -> None:
    assert said(decision) == words


def test_a_reason_that_is_lost_is_said_to_be() -> None:
    assert "cannot be told any more" in said(a_decision(Event.PROPOSED, proposal=PROPOSAL, why=Forgotten()))


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        (
            a_turn("xgb", 1, among=2, is_due=True),
            "it is the turn of xgb, run once before, fewer than every algorithm is",
        ),
        (
            a_turn("xgb", 5, among=2),
            "it is the turn of xgb, run 5 times before, whose next training job is the likeliest to be the best of all",
        ),
    ],
    ids=["due", "promising"],
)
def test_a_turn_among_algorithms_is_told(turn: Turn, words: str) -> None:
    told = said(a_decision(Event.PROPOSED, proposal=PROPOSAL, why=Why(reason=Drawn(), turn=turn)))

    assert told.endswith(f"it was drawn at random; {words}")
