"""Bring one tuning job a step on: load the view, plan, do the steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from luthier.records.names import TrainingJobArn, TuningJobArn
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningJob
from luthier.store.engine import Store
from luthier.strategies import Strategy
from luthier.strategies.early_stopping import Rule
from luthier.tuning.children import new_child
from luthier.tuning.choice import choose, next_ordinal
from luthier.tuning.curves import CurveShelf
from luthier.tuning.early_stopping import losers
from luthier.tuning.history import proposal_of
from luthier.tuning.lessons import parents_to_learn_from
from luthier.tuning.plan import plan
from luthier.tuning.progress import objective_values
from luthier.tuning.view import Conclude, Finish, Propose, Step, StopTraining, TuningView
from luthier.witness import Deed, Facts, Nobody, Witness


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningController:
    """
    Keeps tuning jobs moving.

    It writes training-job rows and stop requests, and nothing else outside its own row: training notices.
    """

    store: Store
    strategies: Mapping[str, Strategy]  # by SageMaker's name
    stops: Rule  # which training jobs are stopped early, where that is asked for
    shelf: CurveShelf = field(default_factory=CurveShelf)
    witness: Witness = field(default_factory=Nobody)

    def unfinished(self) -> Sequence[TuningJobArn]:
        """Name the tuning jobs that are worth a look, oldest first."""
        return self.store.tuning_jobs.unfinished()

    def reconcile(self, arn: TuningJobArn, now: float) -> bool:
        """Do what the tuning job needs now, and say whether anything changed."""
        view = self._view(arn, now)
        return view is not None and self._act_on(view)

    def _view(self, arn: TuningJobArn, now: float) -> TuningView | None:
        job = self.store.tuning_jobs.get(arn)
        if job is None:
            return None
        children = tuple(self.store.training_jobs.of_tuning_job(arn))
        finals = self.store.training_jobs.final_metrics([each.arn for each in children])
        view = TuningView(
            job=job,
            children=children,
            finals=objective_values(job.specification, children, finals),
            curves=self._curves(job, children),
            now=now,
        )
        return replace(view, losers=losers(view, self.stops))

    def _curves(self, job: TuningJob, children: Sequence[TrainingJob]) -> Mapping[TrainingJobArn, tuple[float, ...]]:
        return self.shelf.of(self.store, job.specification, children) if job.specification.follows_curves else {}

    def _act_on(self, view: TuningView) -> bool:
        changes = [self._act(step, view) for step in plan(view)]
        return any(changes)

    def _act(self, step: Step, view: TuningView) -> bool:
        match step:
            case Propose():
                return self._propose(step, view)
            case StopTraining():
                return self.store.training_jobs.request_stop(step.arn, view.now, step.reason)
            case Conclude():
                return self.store.tuning_jobs.replace(replace(view.job, completing_at=view.now))
            case Finish():
                return self.store.tuning_jobs.replace(finished(view.job, step, view.now))
            case _:
                assert_never(step)

    def _propose(self, step: Propose, view: TuningView) -> bool:
        """Write down as many training jobs as the strategy has points for; if it has none, plan knowing that."""
        specification = view.job.specification
        parents = parents_to_learn_from(self.store, self.shelf, view.job)
        strategy = self.strategies[specification.strategy]
        facts: Facts = {"job": view.job.arn, "strategy": specification.strategy, "count": str(step.count)}
        with self.witness.watch(Deed.PROPOSAL, facts):
            choice = choose(view, parents, step.count, lambda question: question.points(strategy))
        if not choice.answers:
            return self._act_on(replace(view, exhausted=frozenset(each.name for each in specification.definitions)))
        children = [
            new_child(view.job, turn.definition, ordinal, point, view.now)
            for ordinal, (turn, point) in enumerate(choice.answers, next_ordinal(view.children))
        ]
        return self.store.training_jobs.add_children(view.job, children, proposal_of(view, step.count, choice.shown))


def finished(job: TuningJob, step: Finish, now: float) -> TuningJob:
    """Write down the end of a tuning job."""
    return replace(job, status=step.status, failure_reason=step.reason, ended_at=now, modified_at=now)
