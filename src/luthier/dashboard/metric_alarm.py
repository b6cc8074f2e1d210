"""
Whether a tuning job's objective is found in the logs: said before anyone misses a best training job (pure).

| what is seen                                                            | is said                                  |
|-------------------------------------------------------------------------|------------------------------------------|
| any training job has reported the objective                             | nothing                                  |
| the first that prints lines has not, and goes on                        | so many lines, none of them matches      |
| the first that has ended by itself, or was stopped, has not             | the same; it was never found             |
| that one has printed nothing at all                                     | there is nothing to find it in           |
| training jobs have failed                                               | nothing: their failure reasons say more  |

Beside it stands what is probably wrong with the pattern, and one that would have found something.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from luthier.metrics.lint import lint
from luthier.metrics.proposal import Proposal, propose
from luthier.records.algorithm import MetricDefinition
from luthier.records.names import TrainingJobArn
from luthier.records.status import SecondaryStatus, TrainingStatus
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningSpecification

_ALIVE = frozenset({SecondaryStatus.TRAINING, SecondaryStatus.UPLOADING, SecondaryStatus.STOPPING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A training job whose log does not tell the objective."""

    job: TrainingJob
    metric: MetricDefinition
    lines: int  # with anything on them, in the part of the log that was looked at
    proposal: Proposal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A metric definition that will probably not find what it is for."""

    metric: MetricDefinition
    warnings: Sequence[str]


def alarm(
    specification: TuningSpecification,
    children: Sequence[TrainingJob],
    values: Mapping[TrainingJobArn, float],
    lines_of: Callable[[TrainingJob], Sequence[str]],
) -> Alarm | None:
    """Look into the log of one of *children* at most, given in the order in which they began; *values* are theirs."""
    if values:
        return None
    silent = next((job for job in children if _should_have_spoken(job)), None)
    if silent is None:
        return None
    lines = [line for line in lines_of(silent) if line.strip()]
    if not lines and not silent.status.is_over:
        return None
    metric = _objective_of(specification, silent)
    return Alarm(job=silent, metric=metric, lines=len(lines), proposal=propose(metric.name, lines))


def doubts(specification: TuningSpecification) -> list[Doubt]:
    """Name the metric definitions that look wrong, of all training job definitions."""
    metrics = dict.fromkeys(each for definition in specification.definitions for each in definition.training.metrics)
    return [Doubt(metric=each, warnings=warnings) for each in metrics if (warnings := lint(each.regex))]


def _should_have_spoken(job: TrainingJob) -> bool:
    if job.status.is_over:
        return job.status in (TrainingStatus.COMPLETED, TrainingStatus.STOPPED) and job.started_at is not None
    return bool(job.transitions) and job.transitions[-1].status in _ALIVE


def _objective_of(specification: TuningSpecification, job: TrainingJob) -> MetricDefinition:
    name = specification.definition_of(job).objective.metric
    return next(each for each in job.definition.metrics if each.name == name)
