"""Decisions in plain words, for pages and terminals alike (pure)."""

from typing import assert_never

from luthier.dashboard.portrait_wording import between, middle
from luthier.dashboard.wording import number
from luthier.records.proposal import Proposal
from luthier.records.reason import Combination, Drawn, Even, Opening, Precedent, Promising, Reason
from luthier.tuning.decisions import Decision, Event, Forgotten, Why
from luthier.tuning.turns import Turn

_NOT_RECORDED = "it was proposed by a Luthier that kept no record of why"
_LOST = "why cannot be told any more: what it was chosen from has been deleted since, or another Luthier proposed it"


def said(decision: Decision) -> str:
    """Say a decision and its reason in a sentence, without a full stop."""
    match decision.event:
        case Event.PROPOSED:
            return _proposed(decision)
        case Event.RESTARTED:
            return f"begun anew: {decision.text}"
        case Event.STOP_REQUESTED:
            return f"asked to stop: {decision.text}"
        case Event.LOST:
            return f"lost, which uses up none of MaxNumberOfTrainingJobs: {decision.text}"
        case Event.COMPLETING:
            return f"complete: {decision.text}; what still runs is stopped"
        case Event.ENDED:
            return f"ended: {decision.text}"
        case _:
            assert_never(decision.event)


def why(reason: Reason) -> str:
    """Say why a strategy chose a point."""
    match reason:
        case Opening(defaults=()):
            return "a search begins in the middle of its ranges"
        case Opening(defaults=names):
            return (
                f"a search begins at the algorithm's defaults, here of {', '.join(names)}, and in the middle of others"
            )
        case Precedent():
            return "it was the best point of an earlier tuning job"
        case Even(place=place, start=start) if place <= start:
            return f"it is point {place} of the {start} that are spread evenly before there is enough to learn from"
        case Even():
            return "it is spread evenly between the others, as they teach nothing yet"
        case Promising():
            return _promising(reason)
        case Combination(place=place, of=of):
            return f"it is combination {place} of {of} of the grid"
        case Drawn():
            return "it was drawn at random"
        case _:
            assert_never(reason)


def _proposed(decision: Decision) -> str:
    if decision.proposal is None:
        return f"proposed: {_NOT_RECORDED}"
    known = f"proposed, knowing {_known(decision.proposal)}"
    match decision.why:
        case None:
            return known
        case Forgotten():
            return f"{known}: {_LOST}"
        case Why(reason=reason, turn=turn):
            return "; ".join(filter(None, (f"{known}: {why(reason)}", _of(turn))))
        case _:
            assert_never(decision.why)


def _of(turn: Turn) -> str:
    """Say why a training job is of its definition; nothing, where there is no other."""
    if turn.among == 1:
        return ""
    name = turn.definition.name
    times = "once" if turn.had == 1 else f"{turn.had} times"
    if turn.is_due:
        return f"it is the turn of {name}, run {times} before, fewer than every algorithm is"
    return (
        f"it is the turn of {name}, run {times} before, whose next training job is the likeliest to be the best of all"
    )


def _known(proposal: Proposal) -> str:
    running = len(proposal.running)
    over = proposal.ordinal - 1 - running
    return f"{over} training {'job that was' if over == 1 else 'jobs that were'} over and {running} that ran"


def _promising(reason: Promising) -> str:
    basis = f"of all points looked at it promises most, after {reason.observed} results"
    if reason.pending:
        basis += f" and with {reason.pending} under way"
    if reason.expected is None or reason.best is None:
        return basis
    expected = f"{middle(reason.expected)} is expected ({between(reason.expected)})"
    return f"{basis}: {expected}, where the best so far is believed to be {number(float(f'{reason.best:.4g}'))}"
