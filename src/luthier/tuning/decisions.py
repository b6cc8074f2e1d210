"""
Every decision about a tuning job and its training jobs, with its reason: read from rows, and computed again (pure).

| event         | of             | its reason is                                                              |
|---------------|----------------|----------------------------------------------------------------------------|
| Proposed      | a training job | the strategy's, once more shown what it was shown (`reasons_of`)           |
| Restarted     | a training job | the message of its transition                                              |
| StopRequested | a training job | in its row if it was stopped early; else the tuning job's end, or a caller |
| Lost          | a training job | its FailureReason; another one takes its place                             |
| Completing    | the tuning job | the criteria that were met then                                            |
| Ended         | the tuning job | its FailureReason, the criteria, or that all training jobs are used up     |
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from luthier.records.names import TrainingJobName
from luthier.records.portrait import Estimate
from luthier.records.proposal import Proposal
from luthier.records.reason import Promising, Reason
from luthier.records.status import SecondaryStatus, TuningStatus
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import ObjectiveType, TuningJob
from luthier.strategies import Strategy
from luthier.tuning.choice import choose
from luthier.tuning.completion import met
from luthier.tuning.history import History, view_at
from luthier.tuning.trials import was_lost
from luthier.tuning.turns import Turn
from luthier.tuning.view import TuningView


class Event(StrEnum):
    """What was decided."""

    PROPOSED = "Proposed"
    RESTARTED = "Restarted"
    STOP_REQUESTED = "StopRequested"
    LOST = "Lost"
    COMPLETING = "Completing"
    ENDED = "Ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a training job was proposed as it was."""

    reason: Reason  # the strategy's, in the objective's own sign
    turn: Turn  # why it is of its definition


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What a proposal was chosen from is not there any more, so that the reason cannot be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision, as far as it is known why."""

    at: float  # seconds since the epoch
    event: Event
    training_job: TrainingJobName | None  # None: it is the tuning job's own
    ordinal: int  # of the training job; 0: the tuning job's own
    text: str | None = None  # the reason in words, where a row has them
    proposal: Proposal | None = None  # of Proposed: what was known; None: it was not recorded
    why: Why | Forgotten | None = None  # of Proposed; None: nobody asked


def decisions_of(
    history: History, reasons: Mapping[int, Why | Forgotten] = MappingProxyType({})
) -> tuple[Decision, ...]:
    """List all decisions, oldest first; *reasons* are those of proposals, by ordinal (see `reasons_of`)."""
    proposals = {child.arn: proposal for proposal, children in history.written() for child in children}
    found = [
        decision
        for child in history.children
        for decision in _of(child, history.job, proposals.get(child.arn), reasons.get(child.ordinal or 0))
    ]
    return tuple(sorted([*found, *_own(history)], key=lambda each: each.at))


def reasons_of(history: History, strategy: Strategy, proposal: Proposal) -> Mapping[int, Why | Forgotten]:
    """
    Have the strategy say why it made a proposal, by the ordinals of its training jobs.

    It takes as long as the proposal took.
    """
    view = view_at(history, proposal)
    choice = choose(view, history.parents, proposal.asked, lambda question: question.reasons(strategy))
    if choice.shown != proposal.shown:
        return {
            child.ordinal or 0: Forgotten()
            for each, children in history.written()
            if each == proposal
            for child in children
        }
    is_turned = history.job.specification.direction is ObjectiveType.MAXIMIZE
    return {
        ordinal: Why(reason=_turned(reason) if is_turned else reason, turn=turn)
        for ordinal, (turn, reason) in enumerate(choice.answers, proposal.ordinal)
    }


def _of(
    child: TrainingJob, job: TuningJob, proposal: Proposal | None, why: Why | Forgotten | None
) -> Iterator[Decision]:
    def decision(at: float, event: Event, text: str | None) -> Decision:
        return Decision(at=at, event=event, training_job=child.name, ordinal=child.ordinal or 0, text=text)

    yield replace(decision(child.created_at, Event.PROPOSED, None), proposal=proposal, why=why)
    for each in child.transitions:
        if each.status is SecondaryStatus.RESTARTING:
            yield decision(each.at, Event.RESTARTED, each.message)
    if child.stop_requested_at is not None:
        yield decision(child.stop_requested_at, Event.STOP_REQUESTED, child.stop_reason or _who_stopped(child, job))
    if was_lost(child) and child.ended_at is not None:
        yield decision(child.ended_at, Event.LOST, child.failure_reason)


def _who_stopped(child: TrainingJob, job: TuningJob) -> str:
    at = child.stop_requested_at or 0.0
    if job.stop_requested_at is not None and at >= job.stop_requested_at:
        return "the tuning job was asked to stop"
    if job.completing_at is not None and at >= job.completing_at:
        return "the tuning job was complete"
    return "a caller asked for it"


def _own(history: History) -> Iterator[Decision]:
    job = history.job
    if job.completing_at is not None:
        yield _of_itself(job.completing_at, Event.COMPLETING, _criteria(history, job.completing_at))
    if job.ended_at is not None:
        yield _of_itself(job.ended_at, Event.ENDED, job.failure_reason or _end(history, job.ended_at))


def _of_itself(at: float, event: Event, text: str) -> Decision:
    return Decision(at=at, event=event, training_job=None, ordinal=0, text=text)


def _end(history: History, at: float) -> str:
    job, specification = history.job, history.job.specification
    if job.status is TuningStatus.STOPPED:
        return "it was asked to stop, and no training job runs any more"
    if job.completing_at is not None:
        return "it was complete, and no training job runs any more"
    if sum(not child.is_retryable for child in history.children) >= specification.max_jobs:
        return f"all {specification.max_jobs} training jobs of MaxNumberOfTrainingJobs are over"
    return _criteria(history, at)


def _criteria(history: History, at: float) -> str:
    view = TuningView(job=history.job, children=history.children, finals=history.finals, now=at)
    return ", ".join(f"{each} was met" for each in met(view)) or "nothing was left to search"


def _turned(reason: Reason) -> Reason:
    """Give a reason whose objectives were minimised with their own sign."""
    if not isinstance(reason, Promising):
        return reason
    expected, best = reason.expected, reason.best
    return replace(
        reason,
        expected=expected
        and Estimate(value=-expected.value, low=-expected.high, high=-expected.low, is_beyond=expected.is_beyond),
        best=None if best is None else -best,
    )
