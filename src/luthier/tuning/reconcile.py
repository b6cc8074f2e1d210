"""Bring one tuning job a step on: load the view, plan, do the steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

import numpy as np

from luthier.records.names import TuningJobArn, training_job_arn
from luthier.records.search_space import Assignment
from luthier.records.status import SecondaryStatus
from luthier.records.training_job import TrainingJob, Transition
from luthier.records.tuning_job import TuningJob
from luthier.store.engine import Store
from luthier.strategies import Strategy
from luthier.tuning.names import child_name
from luthier.tuning.plan import plan
from luthier.tuning.trials import as_text, as_trials
from luthier.tuning.view import Finish, Propose, Step, StopTraining, TuningView


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningController:
    """
    Keeps tuning jobs moving.

    It writes training-job rows and stop requests, and nothing else outside its own row: training notices.
    """

    store: Store
    strategies: Mapping[str, Strategy]  # by SageMaker's name

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
        metric = job.specification.objective.metric
        finals = {
            child: final.value
            for child, metrics in self.store.training_jobs.final_metrics([each.arn for each in children]).items()
            for final in metrics
            if final.name == metric
        }
        return TuningView(job=job, children=children, finals=finals, now=now)

    def _act_on(self, view: TuningView) -> bool:
        changes = [self._act(step, view) for step in plan(view)]
        return any(changes)

    def _act(self, step: Step, view: TuningView) -> bool:
        match step:
            case Propose():
                return self._propose(step, view)
            case StopTraining():
                return self.store.training_jobs.request_stop(step.arn, view.now)
            case Finish():
                return self.store.tuning_jobs.replace(finished(view.job, step, view.now))
            case _:
                assert_never(step)

    def _propose(self, step: Propose, view: TuningView) -> bool:
        specification = view.job.specification
        first = len(view.children) + 1
        assignments = self.strategies[specification.strategy].propose(
            specification.space,
            as_trials(specification, view.children, view.finals),
            step.count,
            seeded(specification.seed, first),
        )
        children = [
            new_child(view.job, ordinal, assignment, view.now) for ordinal, assignment in enumerate(assignments, first)
        ]
        if children:
            return self.store.training_jobs.add_children(view.job, children)
        return self._act_on(replace(view, is_exhausted=True))


def seeded(seed: int, ordinal: int) -> np.random.Generator:
    """
    Make the generator for the proposal that begins at *ordinal*.

    It depends on nothing but the tuning job's seed and the ordinal, so a proposal that was lost before it was
    committed is made again exactly.
    """
    return np.random.default_rng([seed, ordinal])


def new_child(job: TuningJob, ordinal: int, assignment: Assignment, now: float) -> TrainingJob:
    """Write down a training job with the chosen hyperparameters: from here on they are settled."""
    specification = job.specification
    name = child_name(job, ordinal)
    tuned = as_text(specification.space, assignment)
    return TrainingJob(
        arn=training_job_arn(job.scope, name),
        name=name,
        scope=job.scope,
        hyperparameters={**specification.static_hyperparameters, **tuned},
        definition=specification.definition,
        request=job.request["TrainingJobDefinition"],  # type: ignore[arg-type]  # the API wrote an object there
        created_at=now,
        tuning_job=job.arn,
        ordinal=ordinal,
        tuned=tuned,
        transitions=(Transition(status=SecondaryStatus.STARTING, at=now, message="Starting the training job."),),
        modified_at=now,
    )


def finished(job: TuningJob, step: Finish, now: float) -> TuningJob:
    """Write down the end of a tuning job."""
    return replace(job, status=step.status, failure_reason=step.reason, ended_at=now, modified_at=now)
