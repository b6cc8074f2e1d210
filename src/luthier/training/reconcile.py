"""Bring one training job a step on: load the view, plan, do the steps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from luthier.clusters import Cluster
from luthier.records.names import TrainingJobArn
from luthier.records.training_job import TrainingJob
from luthier.store.engine import Store
from luthier.training.plan import plan
from luthier.training.transitions import take_in, usage_in, wait
from luthier.training.view import Forget, Record, Remove, Start, Step, Stop, Tell, TrainingView
from luthier.witness import Nobody, Witness


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingController:
    """Keeps training jobs moving: what rows ask for happens on the cluster, what the cluster reports becomes rows."""

    store: Store
    cluster: Cluster
    token_of: Callable[[TrainingJob], str]  # with which its hosts fetch the role's credentials; the same each time
    witness: Witness = field(default_factory=Nobody)

    def unfinished(self) -> Sequence[TrainingJobArn]:
        """Name the training jobs that are worth a look, oldest first."""
        return self.store.training_jobs.unreleased()

    def reconcile(self, arn: TrainingJobArn, now: float) -> bool:
        """Do what the training job needs now, and say whether anything changed."""
        job = self.store.training_jobs.get(arn)
        if job is None:
            return False
        observation = self.cluster.observe(arn, job.journal_read)
        view = TrainingView(job=job, observation=observation, now=now)
        changes = [self._act(step, view) for step in plan(view)]
        return any(changes)

    def _act(self, step: Step, view: TrainingView) -> bool:
        match step:
            case Start():
                self.cluster.start(replace(step.spec, credentials_token=self.token_of(view.job)))
                return False  # the journal will tell
            case Tell():
                told = wait(view.job, step.message, view.now)
                self.store.training_jobs.take_in(told, [])
                return False  # nobody has anything to do because of it
            case Record():
                job, points = take_in(view.job, step.entries)
                is_taken_in = self.store.training_jobs.take_in(job, points, usage_in(view.job, step.entries))
                if is_taken_in:
                    self.witness.count("journal_lines", len(step.entries))
                    self.witness.count("metric_points", len(points))
                return is_taken_in
            case Stop():
                self.cluster.stop(step.arn)
                return True
            case Remove():
                self.cluster.remove(step.arn)
                return self.store.training_jobs.take_in(replace(view.job, is_released=True), [])
            case Forget():
                return self.cluster.forget(step.arn) and self.store.training_jobs.delete(view.job)
            case _:
                assert_never(step)
