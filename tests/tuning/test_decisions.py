"""Why a tuning job did what it did."""

from dataclasses import replace
from typing import Any

import pytest

from luthier.records.portrait import Estimate
from luthier.records.proposal import Proposal
from luthier.records.reason import Combination, Drawn, Even, Opening, Promising
from luthier.records.search_space import CategoricalRange, SearchSpace
from luthier.records.status import SecondaryStatus, TrainingStatus, TuningStatus
from luthier.records.training_job import TrainingJob, Transition
from luthier.records.tuning_job import Objective, ObjectiveType
from luthier.strategies import Strategy
from luthier.strategies.bayesian import Bayesian
from luthier.strategies.grid import Grid
from luthier.strategies.random import Random
from luthier.tuning.choice import choose
from luthier.tuning.decisions import Decision, Event, Forgotten, Why, decisions_of, reasons_of
from luthier.tuning.history import History, proposal_of, view_at
from things import a_training_job, a_tuning_definition, a_tuning_job

STRATEGIES: dict[str, Strategy] = {"Bayesian": Bayesian(), "Random": Random(), "Grid": Grid()}


def a_history(*children: TrainingJob, specification: dict[str, Any] | None = None, **job: Any) -> History:
    """A tuning job whose objective of every training job is its eta."""
    finals = {each.arn: float(each.tuned["eta"]) for each in children if "eta" in each.tuned}
    tuning = a_tuning_job(specification=specification, **job)
    return History(job=tuning, children=children, finals=finals, curves={}, parents=(), proposals=())


def with_proposal(history: History, ordinal: int, *running: int) -> tuple[History, Proposal]:
    """Log the proposal of *ordinal* as it would have been logged, with what was *running* then."""
    blank = Proposal(
        tuning_job=history.job.arn, version=1, ordinal=ordinal, asked=1, running=running, shown="", made_by=""
    )
    view = view_at(history, blank)
    strategy = STRATEGIES[history.job.specification.strategy]
    choice = choose(view, (), 1, lambda question: question.points(strategy))
    proposal = proposal_of(view, 1, choice.shown)
    return replace(history, proposals=(proposal,)), proposal


def over(*ordinals: int) -> list[TrainingJob]:
    return [a_training_job(ordinal, TrainingStatus.COMPLETED) for ordinal in ordinals]


def reason(ordinal: int, *running: int, **specification: Any) -> Any:
    """The reason for a training job, of which all before are over but for those *running*."""
    history, proposal = with_proposal(
        a_history(*over(*range(1, ordinal)), specification=specification), ordinal, *running
    )
    strategy = STRATEGIES[history.job.specification.strategy]
    found = reasons_of(history, strategy, proposal)[ordinal]
    assert isinstance(found, Why)
    return found.reason


def test_a_search_opens_in_the_middle() -> None:
    assert reason(1) == Opening(defaults=())


def test_a_search_opens_at_the_defaults_that_are_known() -> None:
    space = replace(a_tuning_job().specification.definitions[0].space, defaults={"max_depth": 6})

    assert reason(1, space=space) == Opening(defaults=("max_depth",))


def test_the_first_points_are_spread_evenly() -> None:
    assert reason(3, 2) == Even(place=3, start=4)


def test_later_points_promise_most() -> None:
    found = reason(9, 7, 8)

    assert isinstance(found, Promising)
    assert (found.observed, found.pending) == (6, 2)
    assert found.expected is not None
    assert found.expected.low <= found.expected.value <= found.expected.high


def test_what_is_maximised_is_told_with_its_own_sign() -> None:
    """Objectives are 0.001 to 0.008, more being better here."""
    found = reason(9, objective=Objective(type=ObjectiveType.MAXIMIZE, metric="loss"))

    assert isinstance(found, Promising)
    assert isinstance(found.expected, Estimate)
    assert found.best == pytest.approx(0.008, abs=0.004)
    assert found.expected.low <= found.expected.value <= found.expected.high


def test_chance_is_a_reason() -> None:
    assert reason(2, strategy="Random") == Drawn()


def test_a_grid_counts_its_combinations() -> None:
    space = SearchSpace(ranges=(CategoricalRange(name="kernel", choices=("a", "b", "c")),))
    tried = a_training_job(1, TrainingStatus.COMPLETED, tuned={"kernel": "a"})
    history, proposal = with_proposal(a_history(tried, specification={"strategy": "Grid", "space": space}), 2)

    [found] = reasons_of(history, Grid(), proposal).values()

    assert isinstance(found, Why)
    assert found.reason == Combination(place=2, of=3)


def test_a_turn_among_definitions_has_a_reason() -> None:
    """The second one, as the first has had one."""
    two = (a_tuning_definition(name="one"), a_tuning_definition(name="other"))
    first = a_training_job(1, TrainingStatus.COMPLETED, definition_name="one")
    history, proposal = with_proposal(a_history(first, specification={"definitions": two}), 2)

    [found] = reasons_of(history, Bayesian(), proposal).values()

    assert isinstance(found, Why)
    assert (found.turn.definition.name, found.turn.had, found.turn.is_due) == ("other", 0, True)


def test_a_reason_that_cannot_be_told_any_more_is_none() -> None:
    history, proposal = with_proposal(a_history(*over(1, 2, 3, 4, 5, 6)), 6)

    less = replace(history, children=history.children[1:])

    assert reasons_of(less, Bayesian(), proposal) == {6: Forgotten()}


def events(*children: TrainingJob, **job: Any) -> list[Decision]:
    return [each for each in decisions_of(a_history(*children, **job)) if each.event is not Event.PROPOSED]


def told(decision: Decision) -> tuple[float, Event, str | None]:
    return decision.at, decision.event, decision.text


def test_decisions_come_in_the_order_of_time() -> None:
    early, late = a_training_job(1, created_at=20.0), a_training_job(2, created_at=10.0)

    assert [each.training_job for each in decisions_of(a_history(early, late))] == [late.name, early.name]


@pytest.mark.parametrize(
    ("child", "job", "reason"),
    [
        ({"stop_reason": "it would not win"}, {}, "it would not win"),
        ({}, {"stop_requested_at": 1100.0}, "the tuning job was asked to stop"),
        ({}, {"completing_at": 1100.0, "specification": {"max_runtime_s": 100}}, "the tuning job was complete"),
        ({}, {}, "a caller asked for it"),
    ],
)
def test_a_stop_has_a_reason(child: dict[str, Any], job: dict[str, Any], reason: str) -> None:
    stopped = a_training_job(1, TrainingStatus.STOPPING, stop_requested_at=1101.0, **child)

    assert told(events(stopped, **job)[-1]) == (1101.0, Event.STOP_REQUESTED, reason)


def test_a_retry_is_told_with_its_message() -> None:
    again = Transition(status=SecondaryStatus.RESTARTING, at=1050.0, message="its host was lost")

    assert [told(each) for each in events(a_training_job(1, transitions=(again,)))] == [
        (1050.0, Event.RESTARTED, "its host was lost")
    ]


def test_a_training_job_that_the_service_lost_is_told() -> None:
    lost = a_training_job(1, TrainingStatus.FAILED, is_retryable=True, failure_reason="InternalServerError: gone")

    assert [told(each) for each in events(lost)] == [(2001.0, Event.LOST, "InternalServerError: gone")]


def test_a_criterion_that_was_met_is_named() -> None:
    found = events(*over(1), completing_at=1100.0, specification={"max_runtime_s": 100})

    assert [told(each) for each in found] == [(1100.0, Event.COMPLETING, "MaxRuntimeInSeconds was met")]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"specification": {"max_jobs": 1}}, "all 1 training jobs of MaxNumberOfTrainingJobs are over"),
        ({"specification": {"target": 0.5}}, "TargetObjectiveMetricValue was met"),
        ({}, "nothing was left to search"),
        ({"status": TuningStatus.STOPPED}, "it was asked to stop, and no training job runs any more"),
        ({"failure_reason": "No training job succeeded"}, "No training job succeeded"),
    ],
)
def test_an_end_has_a_reason(changes: dict[str, Any], reason: str) -> None:
    found = events(*over(1), **{"status": TuningStatus.COMPLETED, "ended_at": 3000.0, **changes})

    assert told(found[-1]) == (3000.0, Event.ENDED, reason)
