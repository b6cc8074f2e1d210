"""What the pages show of a tuning job: its progress, its plot and the table of its training jobs (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from luthier.dashboard.children_table import Row, Table, asked, table
from luthier.dashboard.failures import Failures, failures_of
from luthier.dashboard.plot import Mark, Plot, Point, draw
from luthier.dashboard.timeline import Timeline, timeline
from luthier.dashboard.training_view import training_job_url
from luthier.records.names import TrainingJobArn
from luthier.records.status import ObjectiveStatus
from luthier.records.training_job import FinalMetric, TrainingJob
from luthier.records.tuning_job import TuningJob, TuningSpecification
from luthier.tuning.progress import Progress, objective_status, objective_values, progress

_MARKS = {
    ObjectiveStatus.SUCCEEDED: Mark.COUNTED,
    ObjectiveStatus.PENDING: Mark.OPEN,
    ObjectiveStatus.FAILED: Mark.UNCOUNTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A tuning job with its counters."""

    job: TuningJob
    progress: Progress
    duration_s: float

    @property
    def url(self) -> str:
        """The tuning job's own page."""
        return f"/ui/tuning-jobs/{self.job.scope.region}/{self.job.name}"

    @property
    def metrics(self) -> str:
        """What is improved: a name for each metric that a definition has for its objective."""
        return ", ".join(dict.fromkeys(each.objective.metric for each in self.job.specification.definitions))

    @property
    def over(self) -> int:
        """How many training jobs are over."""
        seen = self.progress
        return seen.completed + seen.stopped + seen.retryable_error + seen.non_retryable_error


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningView:
    """All that the page of a tuning job shows."""

    standing: Standing
    best: Row | None
    table: Table
    hyperparameters: tuple[str, ...]  # the names of all that are tuned, in any definition
    plot: Plot | None
    timeline: Timeline | None
    failures: Failures | None
    version: str  # another one whenever anything has changed


def standing(
    job: TuningJob, children: Sequence[TrainingJob], finals: Mapping[TrainingJobArn, Sequence[FinalMetric]], now: float
) -> Standing:
    """Count the training jobs of *job*; *finals* holds the last values of their metrics."""
    return _standing(job, children, objective_values(job.specification, children, finals), now)


def tuning_view(
    job: TuningJob,
    children: Sequence[TrainingJob],
    finals: Mapping[TrainingJobArn, Sequence[FinalMetric]],
    now: float,
    query: Mapping[str, str],
) -> TuningView:
    """Lay the page out; *children* are sorted by ordinal, and *query* is of the page's address."""
    specification = job.specification
    values = objective_values(specification, children, finals)
    rows = {child.arn: _row(specification, child, values.get(child.arn), now) for child in children}
    seen = _standing(job, children, values, now)
    points = [
        Point(ordinal=row.job.ordinal or 0, value=row.objective, mark=row.mark, name=row.job.name, url=row.url)
        for row in rows.values()
        if row.objective is not None
    ]
    tuned = tuned_by(job)
    return TuningView(
        standing=seen,
        best=rows[seen.progress.best.arn] if seen.progress.best else None,
        table=table(list(rows.values()), asked(query, tuned, specification.direction), specification.direction),
        hyperparameters=tuned,
        timeline=timeline(children, now),
        failures=failures_of(children),
        plot=draw(points, specification.direction, max((child.ordinal or 0 for child in children), default=0)),
        version=f"{job.version}.{len(children)}.{sum(child.version for child in children)}",
    )


def rows_of(
    job: TuningJob, children: Sequence[TrainingJob], finals: Mapping[TrainingJobArn, Sequence[FinalMetric]], now: float
) -> list[Row]:
    """Give a row for each of *children*, in their order."""
    values = objective_values(job.specification, children, finals)
    return [_row(job.specification, child, values.get(child.arn), now) for child in children]


def tuned_by(job: TuningJob) -> tuple[str, ...]:
    """Name all hyperparameters that are tuned, in any definition."""
    ranges = (each for definition in job.specification.definitions for each in definition.space.ranges)
    return tuple(dict.fromkeys(each.name for each in ranges))


def lasted(job: TuningJob | TrainingJob, now: float) -> float:
    """Give the seconds since a job was created, until it was over or until *now*."""
    return (now if job.ended_at is None else job.ended_at) - job.created_at


def _standing(
    job: TuningJob, children: Sequence[TrainingJob], values: Mapping[TrainingJobArn, float], now: float
) -> Standing:
    return Standing(job=job, progress=progress(job.specification, children, values), duration_s=lasted(job, now))


def _row(specification: TuningSpecification, job: TrainingJob, value: float | None, now: float) -> Row:
    return Row(
        job=job,
        definition=specification.definition_of(job),
        objective=value,
        mark=_MARKS[objective_status(job, value)],
        duration_s=lasted(job, now),
        url=training_job_url(job),
    )
