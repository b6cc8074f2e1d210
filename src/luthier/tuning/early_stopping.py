"""
Stopping training jobs while they run, told in SageMaker's words: which do not go on, and what is learned of them.

By the rule of the installation where early stopping is asked for, and by Hyperband's in a search of that name.

| training job that was stopped early | counts with                                                   |
|-------------------------------------|---------------------------------------------------------------|
| its status, for the counters        | Stopped                                                       |
| its objective, for clients          | the last value that it reported, as of any other training job |
| its lesson, for the search          | the value that its curve would have ended at, as foreseen     |

It is stopped by a request in its row, as everything is that tuning asks of training, and the reason stands beside it.
"""

from collections.abc import Mapping, Sequence

from luthier.records.names import TrainingJobArn
from luthier.records.status import SecondaryStatus
from luthier.records.training_job import TrainingJob
from luthier.records.trial import Trial
from luthier.records.tuning_job import ObjectiveType, TuningDefinition, TuningSpecification
from luthier.strategies.early_stopping import Rule
from luthier.strategies.early_stopping.outlook import expected_ends
from luthier.strategies.early_stopping.verdict import Verdict
from luthier.strategies.hyperband.halving import halved, settled
from luthier.tuning.trials import as_trials, was_lost
from luthier.tuning.view import TuningView

Curves = Mapping[TrainingJobArn, tuple[float, ...]]


def losers(view: TuningView, rule: Rule) -> Mapping[TrainingJobArn, str]:
    """
    Name the training jobs that are not to go on, each with its reason; none if the tuning job stops none.

    *rule* is that of early stopping. Training jobs of different definitions are not compared. One whose hosts began
    anew is left alone: how much it reported twice nobody can tell.
    """
    specification = view.job.specification
    if not specification.follows_curves:
        return {}
    found: dict[TrainingJobArn, str] = {}
    for definition in specification.definitions:
        jobs = _trials_of(specification, definition, view.children)
        trials = as_trials(definition, jobs, view.finals, view.curves)
        verdicts = [(jobs[each.place], each.reason) for each in _verdicts(definition, trials, rule)]
        found |= {job.arn: reason for job, reason in verdicts if not _has_begun_anew(job)}
    return found


def lessons(
    specification: TuningSpecification,
    children: Sequence[TrainingJob],
    finals: Mapping[TrainingJobArn, float],
    curves: Curves,
) -> Mapping[TrainingJobArn, float]:
    """Give *finals* with what a search learns from training jobs that were stopped early, in the place of theirs."""
    if not specification.follows_curves:
        return finals
    learned = dict(finals)
    for definition in specification.definitions:
        sign = -1.0 if definition.objective.type is ObjectiveType.MAXIMIZE else 1.0
        jobs = _trials_of(specification, definition, children)
        expected = zip(
            jobs, expected_ends(_settled(definition, as_trials(definition, jobs, finals, curves))), strict=True
        )
        learned |= {job.arn: sign * end for job, end in expected if end is not None}
    return learned


def _verdicts(definition: TuningDefinition, trials: Sequence[Trial], rule: Rule) -> Sequence[Verdict]:
    return rule(trials) if definition.resource is None else halved(trials, definition.resource)


def _settled(definition: TuningDefinition, trials: Sequence[Trial]) -> Sequence[Trial]:
    resource = definition.resource
    return trials if resource is None else [settled(trial, resource) for trial in trials]


def _trials_of(
    specification: TuningSpecification, definition: TuningDefinition, children: Sequence[TrainingJob]
) -> list[TrainingJob]:
    """Give the training jobs of a definition that are trials, in their order."""
    return [job for job in children if not was_lost(job) and specification.definition_of(job) is definition]


def _has_begun_anew(job: TrainingJob) -> bool:
    return any(each.status is SecondaryStatus.RESTARTING for each in job.transitions)
