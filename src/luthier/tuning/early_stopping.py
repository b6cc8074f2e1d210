"""
Early stopping, told in SageMaker's words: which training jobs will not win, and what is learned of those stopped.

| training job that was stopped early | counts with                                                   |
|-------------------------------------|---------------------------------------------------------------|
| its status, for the counters        | Stopped                                                       |
| its objective, for clients          | the last value that it reported, as of any other training job |
| its lesson, for the search          | the value that its curve would have ended at, as foreseen     |

It is stopped by a request in its row, as everything is that tuning asks of training, and the reason stands beside it.
"""

from collections.abc import Mapping, Sequence

from luthier.records.names import TrainingJobArn
from luthier.records.training_job import TrainingJob
from luthier.records.trial import Trial
from luthier.records.tuning_job import ObjectiveType, TuningDefinition, TuningSpecification
from luthier.strategies.early_stopping import Rule
from luthier.strategies.early_stopping.outlook import expected_ends
from luthier.tuning.trials import as_trials, was_lost
from luthier.tuning.view import TuningView

Curves = Mapping[TrainingJobArn, tuple[float, ...]]


def losers(view: TuningView, rule: Rule) -> Mapping[TrainingJobArn, str]:
    """Name the training jobs that *rule* stops now, each with its reason; none if the tuning job asks for none."""
    if not view.job.specification.stops_early:
        return {}
    [definition] = view.job.specification.definitions
    jobs, trials = _seen(definition, view.children, view.finals, view.curves)
    return {jobs[verdict.place].arn: verdict.reason for verdict in rule(trials)}


def lessons(
    specification: TuningSpecification,
    children: Sequence[TrainingJob],
    finals: Mapping[TrainingJobArn, float],
    curves: Curves,
) -> Mapping[TrainingJobArn, float]:
    """Give *finals* with what a search learns from training jobs that were stopped early, in the place of theirs."""
    if not specification.stops_early:
        return finals
    [definition] = specification.definitions
    sign = -1.0 if definition.objective.type is ObjectiveType.MAXIMIZE else 1.0
    jobs, trials = _seen(definition, children, finals, curves)
    expected = zip(jobs, expected_ends(trials), strict=True)
    return {**finals, **{job.arn: sign * end for job, end in expected if end is not None}}


def _seen(
    definition: TuningDefinition,
    children: Sequence[TrainingJob],
    finals: Mapping[TrainingJobArn, float],
    curves: Curves,
) -> tuple[list[TrainingJob], list[Trial]]:
    """Give the training jobs that are trials, in their order, and beside each its trial."""
    return [job for job in children if not was_lost(job)], as_trials(definition, children, finals, curves)
