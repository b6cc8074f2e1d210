"""What the pages show of a tuning job: its progress, its plot and the table of its training jobs (pure)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from luthier.dashboard.plot import Mark, Plot, Point, draw
from luthier.dashboard.training_view import training_job_url
from luthier.records.names import TrainingJobArn
from luthier.records.status import ObjectiveStatus
from luthier.records.training_job import FinalMetric, TrainingJob
from luthier.records.tuning_job import ObjectiveType, TuningDefinition, TuningJob, TuningSpecification
from luthier.tuning.progress import Progress, objective_status, objective_values, progress

PAGE = 100  # training jobs of one page

Column = Literal["ordinal", "status", "objective"]
Direction = Literal["asc", "desc"]
COLUMNS: Mapping[str, Column] = {"ordinal": "ordinal", "status": "status", "objective": "objective"}
DIRECTIONS: Mapping[str, Direction] = {"asc": "asc", "desc": "desc"}

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
class Row:
    """One training job of the table."""

    job: TrainingJob
    definition: TuningDefinition  # what it is of
    objective: float | None  # the last value it reported
    mark: Mark  # what that value stands for
    duration_s: float
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One page of the training jobs, sorted."""

    rows: tuple[Row, ...]
    page: int  # 1-based
    pages: int
    column: Column
    direction: Direction
    objective: ObjectiveType

    def link(self, column: Column) -> str:
        """Sort by *column*: the other way round if it is the one already sorted by."""
        turned: Direction = "asc" if self.direction == "desc" else "desc"
        return _query(column, turned if column == self.column else natural_direction(column, self.objective), 1)

    def page_link(self, page: int) -> str:
        """Show another page of the same order."""
        return _query(self.column, self.direction, page)


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningView:
    """All that the page of a tuning job shows."""

    standing: Standing
    best: Row | None
    table: Table
    hyperparameters: tuple[str, ...]  # the names of all that are tuned, in any definition
    plot: Plot | None
    version: str  # another one whenever anything has changed


def standing(
    job: TuningJob, children: Sequence[TrainingJob], finals: Mapping[TrainingJobArn, Sequence[FinalMetric]], now: float
) -> Standing:
    """Count the training jobs of *job*; *finals* holds the last values of their metrics."""
    values = objective_values(job.specification, children, finals)
    return Standing(job=job, progress=progress(job.specification, children, values), duration_s=lasted(job, now))


def tuning_view(
    job: TuningJob,
    children: Sequence[TrainingJob],
    finals: Mapping[TrainingJobArn, Sequence[FinalMetric]],
    now: float,
    *,
    column: Column,
    direction: Direction,
    page: int,
) -> TuningView:
    """Lay the page out; *children* are sorted by ordinal, and a *page* beyond the last is the last."""
    specification = job.specification
    values = objective_values(specification, children, finals)
    rows = {child.arn: _row(specification, child, values.get(child.arn), now) for child in children}
    seen = standing(job, children, finals, now)
    points = [
        Point(ordinal=row.job.ordinal or 0, value=row.objective, mark=row.mark, name=row.job.name, url=row.url)
        for row in rows.values()
        if row.objective is not None
    ]
    tuned = (each.name for definition in specification.definitions for each in definition.space.ranges)
    return TuningView(
        standing=seen,
        best=rows[seen.progress.best.arn] if seen.progress.best else None,
        table=_table(list(rows.values()), column, direction, page, specification.direction),
        hyperparameters=tuple(dict.fromkeys(tuned)),
        plot=draw(points, specification.direction, max((child.ordinal or 0 for child in children), default=0)),
        version=f"{job.version}.{len(children)}.{sum(child.version for child in children)}",
    )


def natural_direction(column: Column, objective: ObjectiveType) -> Direction:
    """Say in which order the newest, or the best, come first."""
    if column == "objective":
        return "desc" if objective is ObjectiveType.MAXIMIZE else "asc"
    return "desc" if column == "ordinal" else "asc"


def lasted(job: TuningJob | TrainingJob, now: float) -> float:
    """Give the seconds since a job was created, until it was over or until *now*."""
    return (now if job.ended_at is None else job.ended_at) - job.created_at


def _row(specification: TuningSpecification, job: TrainingJob, value: float | None, now: float) -> Row:
    return Row(
        job=job,
        definition=specification.definition_of(job),
        objective=value,
        mark=_MARKS[objective_status(job, value)],
        duration_s=lasted(job, now),
        url=training_job_url(job),
    )


def _table(rows: Sequence[Row], column: Column, direction: Direction, page: int, objective: ObjectiveType) -> Table:
    pages = max(1, -(-len(rows) // PAGE))
    page = min(max(page, 1), pages)
    first = (page - 1) * PAGE
    ordered = _sorted(rows, column, direction)[first : first + PAGE]
    return Table(rows=tuple(ordered), page=page, pages=pages, column=column, direction=direction, objective=objective)


def _sorted(rows: Sequence[Row], column: Column, direction: Direction) -> list[Row]:
    """Sort by *column*, then by ordinal; values that do not count come last, and no value at all after them."""
    by_ordinal = sorted(rows, key=lambda row: row.job.ordinal or 0, reverse=column == "ordinal" and direction == "desc")
    if column == "ordinal":
        return by_ordinal
    if column == "status":
        return sorted(by_ordinal, key=lambda row: row.job.status, reverse=direction == "desc")
    sign = -1.0 if direction == "desc" else 1.0
    return sorted(by_ordinal, key=_objective_key(sign))


def _objective_key(sign: float) -> Callable[[Row], tuple[bool, bool, float]]:
    def key(row: Row) -> tuple[bool, bool, float]:
        return row.objective is None, row.mark is Mark.UNCOUNTED, sign * (row.objective or 0.0)

    return key


def _query(column: Column, direction: Direction, page: int) -> str:
    fields = {"sort": column, "order": direction} | ({"page": str(page)} if page > 1 else {})
    return "?" + urlencode(fields)
