"""Training jobs as rows, with the metric points they report."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from types import MappingProxyType

from sqlalchemy import ColumnElement, Connection, Select, and_, case, delete, func, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from luthier.records.names import TrainingJobArn, TuningJobArn
from luthier.records.proposal import Proposal
from luthier.records.status import TrainingStatus
from luthier.records.training_job import FinalMetric, MetricPoint, TrainingJob
from luthier.records.tuning_job import TuningJob
from luthier.records.usage import UsageSeen
from luthier.store.columns import Escaped
from luthier.store.database import Database
from luthier.store.errors import NameTaken
from luthier.store.metric_points import add_points, curves_of, final_metrics_of, points_of
from luthier.store.paging import Page, TrainingJobQuery, read_page
from luthier.store.proposals import add_proposal
from luthier.store.rows import changes_of, portions, row_of, training_job_of
from luthier.store.state_changes import StateChanges
from luthier.store.tables import metric_points, training_jobs, tuning_jobs
from luthier.store.tags import lay_tags, remove_tags, tags_of
from luthier.store.usage_samples import add_samples, remove_samples

_c = training_jobs.c
_SETTLED = frozenset(
    {
        "arn",
        "account",
        "region",
        "name",
        "tuning_job",
        "ordinal",
        "hyperparameters",
        "tuned",
        "definition",
        "request",
    }
    | {"created_at", "definition_name"}
)
_SORT: Mapping[str, ColumnElement[object]] = {
    "Name": _c.name,
    "CreationTime": _c.created_at,
    "Status": _c.status,
    "FinalObjectiveMetricValue": metric_points.c.value,
}
_UNFINISHED = tuple(each for each in TrainingStatus if not each.is_over)
_ENDED = tuple(each for each in TrainingStatus if each.is_over and each is not TrainingStatus.DELETING)


class TrainingJobs:
    """Every training job. A write names the version it replaces, and is dropped if that is no longer the stored one."""

    def __init__(self, database: Database, changes: StateChanges | None = None) -> None:
        """Write changes of states down in *changes* too."""
        self._database = database
        self._changes = changes or StateChanges(database)

    def add_children(
        self, tuning: TuningJob, children: Sequence[TrainingJob], proposal: Proposal | None = None
    ) -> bool:
        """
        Store new training jobs of *tuning*, with the *proposal* that they are of, if its version is `tuning.version`.

        The tuning job's version rises by one, so whoever else decided on the same state, or asked it to stop, is not
        overlooked. The children get its tags of now. It is all or none: False means that nothing was written, because
        the tuning job has changed or an ARN or ordinal is taken. Raises ValueError for a child or proposal of another
        tuning job, a child without ordinal, and a proposal on another version.
        """
        for child in children:
            if child.tuning_job != tuning.arn or child.ordinal is None:
                raise ValueError(f"{child.arn}: not a numbered child of {tuning.arn}")
        if proposal is not None and (proposal.tuning_job, proposal.version) != (tuning.arn, tuning.version):
            raise ValueError(f"a proposal on version {proposal.version} of {proposal.tuning_job}, not {tuning.arn}")
        parent = tuning_jobs.c
        claimed = (
            update(tuning_jobs)
            .where(parent.arn == tuning.arn, parent.version == tuning.version)
            .values(version=tuning.version + 1)
        )
        try:
            with self._database.writing() as connection, self._noting(connection, *(each.arn for each in children)):
                if connection.execute(claimed).rowcount != 1:
                    return False
                if children:
                    connection.execute(insert(training_jobs), [row_of(child) for child in children])
                if proposal is not None:
                    add_proposal(connection, proposal)
                inherited = tags_of(connection, tuning.arn)
                for child in children:
                    lay_tags(connection, child.arn, inherited)
                return True
        except IntegrityError:
            return False  # the ARN or the ordinal is taken: nothing else can clash, and all is rolled back

    def add(self, job: TrainingJob, given_tags: Mapping[str, str] = MappingProxyType({})) -> None:
        """Store a job that is of no tuning job; raises NameTaken, and stores nothing, if there is one of its ARN."""
        try:
            with self._database.writing() as connection, self._noting(connection, job.arn):
                connection.execute(insert(training_jobs), row_of(job))
                lay_tags(connection, job.arn, given_tags)
        except IntegrityError:
            if self.get(job.arn) is None:
                raise
            raise NameTaken(job.arn) from None

    def get(self, arn: TrainingJobArn) -> TrainingJob | None:
        """Find a job by its ARN."""
        with self._database.reading() as connection:
            row = connection.execute(select(training_jobs).where(_c.arn == arn)).mappings().one_or_none()
        return None if row is None else training_job_of(row)

    def of_tuning_job(self, arn: TuningJobArn) -> list[TrainingJob]:
        """List the training jobs of a tuning job by ordinal; none if there is no such tuning job."""
        return self.of_tuning_jobs([arn])[arn]

    def of_tuning_jobs(self, arns: Sequence[TuningJobArn]) -> Mapping[TuningJobArn, list[TrainingJob]]:
        """List the training jobs of several tuning jobs by ordinal; every ARN asked for is a key."""
        found: dict[TuningJobArn, list[TrainingJob]] = {arn: [] for arn in arns}
        with self._database.reading() as connection:
            for portion in portions(list(found)):
                own = and_(_c.tuning_job.in_(portion), _c.ordinal.is_not(None))
                wanted = select(training_jobs).where(own).order_by(_c.tuning_job, _c.ordinal)
                for row in connection.execute(wanted).mappings():
                    found[row["tuning_job"]].append(training_job_of(row))
        return found

    def stamps(self, arns: Sequence[TuningJobArn]) -> Mapping[TuningJobArn, tuple[int, int]]:
        """
        Give the number of each tuning job's training jobs, and the sum of their versions; every ARN is a key.

        Both the same as before, and the tuning job's own version too, means that none of them has changed.
        """
        found: dict[TuningJobArn, tuple[int, int]] = dict.fromkeys(arns, (0, 0))
        own = select(_c.tuning_job, func.count(), func.sum(_c.version)).where(_c.ordinal.is_not(None))
        with self._database.reading() as connection:
            for portion in portions(list(found)):
                for arn, count, versions in connection.execute(
                    own.where(_c.tuning_job.in_(portion)).group_by(_c.tuning_job)
                ):
                    found[arn] = (count, versions)
        return found

    def stamps_of(self, arn: TuningJobArn) -> Mapping[TrainingJobArn, tuple[float, int]]:
        """Say when each training job of a tuning job was created, and its version; by ordinal."""
        own = select(_c.arn, _c.created_at, _c.version).where(_c.tuning_job == arn, _c.ordinal.is_not(None))
        with self._database.reading() as connection:
            rows = connection.execute(own.order_by(_c.ordinal))
            return {arn: (created_at, version) for arn, created_at, version in rows}

    def several(self, arns: Sequence[TrainingJobArn]) -> list[TrainingJob]:
        """Find jobs by their ARNs, in any order; those that are not there are left out."""
        with self._database.reading() as connection:
            return [
                training_job_of(row)
                for portion in portions(arns)
                for row in connection.execute(select(training_jobs).where(_c.arn.in_(portion))).mappings()
            ]

    def take_in(
        self,
        job: TrainingJob,
        points: Sequence[MetricPoint],
        samples: Mapping[int, UsageSeen] = MappingProxyType({}),
    ) -> bool:
        """
        Write what may change of *job* as version `job.version` + 1, with new *points*, if that version still stands.

        So it does with *samples*, of what hosts have used, by sequence number. Points and samples whose sequence number
        is stored already are ignored, so the same journal lines may be taken in twice. False means that another was
        first and nothing was written.
        """
        changed = update(training_jobs).where(_c.arn == job.arn, _c.version == job.version)
        with self._database.writing() as connection, self._noting(connection, job.arn):
            if connection.execute(changed.values(changes_of(job, _SETTLED))).rowcount != 1:
                return False
            add_points(connection, job.arn, points)
            add_samples(connection, job.arn, samples)
            return True

    def request_stop(self, arn: TrainingJobArn, now: float, reason: str | None = None) -> bool:
        """
        Turn a job to Stopping; False, and nothing changes, if it is over or was asked before.

        *reason* is for one that its tuning job stops early.
        """
        asked = (
            update(training_jobs)
            .where(_c.arn == arn, _c.status.in_(_UNFINISHED), _c.stop_requested_at.is_(None))
            .values(
                status=TrainingStatus.STOPPING,
                stop_requested_at=now,
                stop_reason=reason,
                modified_at=now,
                version=_c.version + 1,
            )
        )
        with self._database.writing() as connection, self._noting(connection, arn):
            return connection.execute(asked).rowcount == 1

    def request_deletion(self, arn: TrainingJobArn, now: float) -> bool:
        """
        Turn a job that is over to Deleting; False, and nothing changes, if it is not over or was asked before.

        It has no place in its tuning job any more, and a cluster is to let go of it once more.
        """
        asked = update(training_jobs).where(_c.arn == arn, _c.status.in_(_ENDED))
        marked = asked.values(
            status=TrainingStatus.DELETING, ordinal=None, is_released=False, modified_at=now, version=_c.version + 1
        )
        with self._database.writing() as connection, self._noting(connection, arn):
            return connection.execute(marked).rowcount == 1

    def delete(self, job: TrainingJob) -> bool:
        """
        Remove a job with its points and tags, if it is stored as it was seen; its name is free then.

        A namesake that has been made since is another job, although its version may be the same. Raises ValueError for
        one that was not asked to be deleted.
        """
        if job.status is not TrainingStatus.DELETING:
            raise ValueError(f"{job.arn} is {job.status}; ask for its deletion first")
        same = (_c.arn == job.arn, _c.version == job.version, _c.created_at == job.created_at)
        claimed = update(training_jobs).where(*same, _c.status == TrainingStatus.DELETING)
        with self._database.writing() as connection:
            if connection.execute(claimed.values(version=job.version + 1)).rowcount != 1:
                return False
            connection.execute(delete(metric_points).where(metric_points.c.training_job == job.arn))
            remove_samples(connection, job.arn)
            remove_tags(connection, job.arn)
            connection.execute(delete(training_jobs).where(_c.arn == job.arn))
            return True

    def unreleased(self) -> list[TrainingJobArn]:
        """Name every job that a cluster may still hold something of, in every scope, oldest first."""
        wanted = select(_c.arn).where(~_c.is_released).order_by(_c.created_at, _c.ordinal, _c.arn)
        with self._database.reading() as connection:
            return list(connection.scalars(wanted))

    def page(self, query: TrainingJobQuery) -> Page[TrainingJob]:
        """List jobs, a page at a time; raises ValueError for a cursor that is not of such a query."""
        statement = select(training_jobs)
        if query.tuning_job is not None:
            statement = statement.where(_c.tuning_job == query.tuning_job, _c.ordinal.is_not(None))
        if query.sort_by == "FinalObjectiveMetricValue":
            statement = _with_final_point(statement, query.objective_metrics or {})
        with self._database.reading() as connection:
            return read_page(connection, query, statement, training_jobs, _SORT[query.sort_by], training_job_of)

    def final_metrics(self, arns: Sequence[TrainingJobArn]) -> Mapping[TrainingJobArn, tuple[FinalMetric, ...]]:
        """Give the last value of each metric by name; every ARN asked for is a key."""
        with self._database.reading() as connection:
            return final_metrics_of(connection, arns)

    def curves(self, arns: Sequence[TrainingJobArn], metric: str) -> Mapping[TrainingJobArn, tuple[MetricPoint, ...]]:
        """Give the points of one metric in the order reported; every ARN asked for is a key."""
        with self._database.reading() as connection:
            return curves_of(connection, arns, metric)

    def points(self, arn: TrainingJobArn) -> tuple[MetricPoint, ...]:
        """Give every point of a job in the order reported."""
        with self._database.reading() as connection:
            return points_of(connection, arn)

    def _noting(self, connection: Connection, *arns: TrainingJobArn) -> AbstractContextManager[None]:
        return self._changes.noting(connection, training_jobs, arns)


def _with_final_point(
    statement: Select[tuple[object, ...]], metrics: Mapping[str | None, str]
) -> Select[tuple[object, ...]]:
    """Join each training job that ended well or was stopped to the last point of its metric, if it has one."""
    point, other = metric_points.c, metric_points.alias().c
    metric = case(
        *(
            (_c.definition_name.is_not_distinct_from(name), literal(metric, Escaped()))
            for name, metric in metrics.items()
        )
    )
    latest = select(func.max(other.sequence)).where(other.training_job == _c.arn, other.name == metric)
    is_last = and_(point.training_job == _c.arn, point.sequence == latest.scalar_subquery())
    has_final = _c.status.in_([TrainingStatus.COMPLETED, TrainingStatus.STOPPED])
    return statement.join_from(training_jobs, metric_points, is_last).where(has_final)
