"""Whether a tuning job's proposals come out again: each is computed from what was known then, and compared (pure)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from luthier.records.names import TrainingJobName
from luthier.records.proposal import Proposal
from luthier.records.training_job import TrainingJob
from luthier.strategies import Strategy
from luthier.tuning.choice import choose
from luthier.tuning.history import History, view_at
from luthier.tuning.trials import as_text


class Outcome(StrEnum):
    """What became of computing a training job's hyperparameters again."""

    REPRODUCED = "Reproduced"  # to the last digit
    DIFFERENT = "Different"  # from the same trials
    LOST = "InputLost"  # what the strategy was shown cannot be shown again
    UNRECORDED = "NotRecorded"  # proposed before there was a log


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One training job, as it was proposed and as it comes out now."""

    training_job: TrainingJobName
    ordinal: int
    outcome: Outcome
    recorded: Mapping[str, str]  # the tuned hyperparameters of its row
    computed: Mapping[str, str] | None  # None: it was not computed, or nothing is proposed now
    proposal: Proposal | None  # None: there is no record of it


def replay(history: History, strategy: Strategy) -> Iterator[Replayed]:
    """Go through all training jobs by ordinal; each proposal takes as long as it took when it was made."""
    for child in history.unrecorded():
        yield _replayed(child, Outcome.UNRECORDED, None, None)
    for proposal, children in history.written():
        yield from _again(history, strategy, proposal, children)


def _again(
    history: History, strategy: Strategy, proposal: Proposal, children: tuple[TrainingJob, ...]
) -> Iterator[Replayed]:
    view = view_at(history, proposal)
    choice = choose(view, history.parents, proposal.asked, lambda question: question.points(strategy))
    found = {
        ordinal: (turn.definition.name, as_text(turn.definition.space, point))
        for ordinal, (turn, point) in enumerate(choice.answers, proposal.ordinal)
    }
    for child in children:
        name, computed = found.get(child.ordinal or 0, (None, None))
        if choice.shown != proposal.shown:
            yield _replayed(child, Outcome.LOST, None, proposal)
        elif (name, computed) == (child.definition_name, child.tuned):
            yield _replayed(child, Outcome.REPRODUCED, computed, proposal)
        else:
            yield _replayed(child, Outcome.DIFFERENT, computed, proposal)


def _replayed(
    child: TrainingJob, outcome: Outcome, computed: Mapping[str, str] | None, proposal: Proposal | None
) -> Replayed:
    return Replayed(
        training_job=child.name,
        ordinal=child.ordinal or 0,
        outcome=outcome,
        recorded=child.tuned,
        computed=computed,
        proposal=proposal,
    )
