"""
What a tuning job knew whenever it proposed something: its log of proposals, read together with its other rows.

A training job that is over never changes, and its objective was known from the moment it was over. So the rows of today
show what was known at any time before, once it is said which training jobs were not over then:

    rows of today     1 over   2 over   3 over   4 over   5 running
    proposal of 5     1 over   2 over   3 open   4 open             running = (3, 4)

That is all that a `Proposal` adds, and it is written in the transaction that writes the training jobs. What it cannot
bring back is what was deleted since; its digest tells.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate

from luthier.records.names import TrainingJobArn
from luthier.records.proposal import Proposal
from luthier.records.status import TrainingStatus
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningJob
from luthier.store.engine import Store
from luthier.tuning.choice import next_ordinal
from luthier.tuning.curves import CurveShelf
from luthier.tuning.lessons import parents_to_learn_from
from luthier.tuning.progress import objective_values
from luthier.tuning.provenance import provenance
from luthier.tuning.view import Parent, TuningView


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A tuning job as it is stored now, and its proposals, oldest first."""

    job: TuningJob
    children: tuple[TrainingJob, ...]  # by ordinal
    finals: Mapping[TrainingJobArn, float]  # as in TuningView, as the next one
    curves: Mapping[TrainingJobArn, tuple[float, ...]]
    parents: tuple[Parent, ...]  # of a warm start, those that are still there
    proposals: tuple[Proposal, ...]

    def written(self) -> Iterator[tuple[Proposal, tuple[TrainingJob, ...]]]:
        """
        Give every proposal with the training jobs that are of it, without those that were deleted.

        The ordinal of a deleted training job that was the last one is given again: it is the later proposal's.
        """
        places = [bisect_left(self.children, each.ordinal, key=_ordinal) for each in self.proposals]
        ends = list(accumulate(reversed([*places, len(self.children)]), min))[::-1][1:]
        for proposal, begin, end in zip(self.proposals, places, ends, strict=True):
            yield proposal, self.children[begin:end]

    def unrecorded(self) -> tuple[TrainingJob, ...]:
        """Give the training jobs from before the log."""
        if not self.proposals:
            return self.children
        return self.children[: bisect_left(self.children, self.proposals[0].ordinal, key=_ordinal)]


def history_of(store: Store, job: TuningJob) -> History:
    """Read what there is of a stored tuning job; nothing is written."""
    children = tuple(store.training_jobs.of_tuning_job(job.arn))
    finals = store.training_jobs.final_metrics([child.arn for child in children])
    shelf = CurveShelf()
    return History(
        job=job,
        children=children,
        finals=objective_values(job.specification, children, finals),
        curves=shelf.of(store, job.specification, children) if job.specification.follows_curves else {},
        parents=parents_to_learn_from(store, shelf, job),
        proposals=tuple(store.proposals.of_tuning_job(job.arn)),
    )


def view_at(history: History, proposal: Proposal) -> TuningView:
    """Show the tuning job as it was when it proposed, as far as a proposal looks."""
    before = history.children[: bisect_left(history.children, proposal.ordinal, key=_ordinal)]
    return TuningView(
        job=history.job,
        children=tuple(_as_it_was(child, proposal) for child in before),
        finals=history.finals,
        curves=history.curves,
        now=history.job.created_at,
    )


def proposal_of(view: TuningView, asked: int, shown: str) -> Proposal:
    """Write down what the view was on which a choice was made, as far as no other row will tell it."""
    return Proposal(
        tuning_job=view.job.arn,
        version=view.job.version,
        ordinal=next_ordinal(view.children),
        asked=asked,
        running=tuple(job.ordinal for job in view.children if not job.status.is_over and job.ordinal is not None),
        shown=shown,
        made_by=provenance(),
    )


def _ordinal(child: TrainingJob) -> int:
    return child.ordinal or 0


def _as_it_was(child: TrainingJob, proposal: Proposal) -> TrainingJob:
    return replace(child, status=TrainingStatus.IN_PROGRESS) if child.ordinal in proposal.running else child
