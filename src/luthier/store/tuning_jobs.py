"""Tuning jobs as rows."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from types import MappingProxyType

from sqlalchemy import Connection, Text, delete, func, insert, select, type_coerce, update
from sqlalchemy.exc import IntegrityError

from luthier.records.names import TuningJobArn
from luthier.records.status import TuningStatus
from luthier.records.tuning_job import TuningJob
from luthier.store.database import Database
from luthier.store.errors import NameTaken
from luthier.store.paging import Page, TuningJobQuery, read_page
from luthier.store.proposals import remove_proposals
from luthier.store.rows import changes_of, row_of, tuning_job_of
from luthier.store.state_changes import StateChanges
from luthier.store.tables import training_jobs, tuning_jobs
from luthier.store.tags import lay_tags, remove_tags

_c = tuning_jobs.c
_SETTLED = frozenset({"arn", "account", "region", "name", "specification", "request", "created_at"})
_SORT = {"Name": _c.name, "CreationTime": _c.created_at, "Status": _c.status}
_UNFINISHED = tuple(each for each in TuningStatus if not each.is_over)


class TuningJobs:
    """Every tuning job. A write names the version it replaces, and is dropped if that is no longer the stored one."""

    def __init__(self, database: Database, changes: StateChanges | None = None) -> None:
        """Write changes of states down in *changes* too."""
        self._database = database
        self._changes = changes or StateChanges(database)

    def add(self, job: TuningJob, given_tags: Mapping[str, str] = MappingProxyType({})) -> None:
        """Store a new job with its tags; raises NameTaken, and stores nothing, if there is one of its ARN."""
        try:
            with self._database.writing() as connection, self._noting(connection, job.arn):
                connection.execute(insert(tuning_jobs), row_of(job))
                lay_tags(connection, job.arn, given_tags)
        except IntegrityError:
            if self.get(job.arn) is None:
                raise
            raise NameTaken(job.arn) from None

    def get(self, arn: TuningJobArn) -> TuningJob | None:
        """Find a job by its ARN."""
        with self._database.reading() as connection:
            row = connection.execute(select(tuning_jobs).where(_c.arn == arn)).mappings().one_or_none()
        return None if row is None else tuning_job_of(row)

    def replace(self, job: TuningJob) -> bool:
        """
        Write what may change of *job* as version `job.version` + 1, if the stored version is still `job.version`.

        False means that another was first and nothing was written: load the job again and decide anew.
        """
        changed = update(tuning_jobs).where(_c.arn == job.arn, _c.version == job.version)
        with self._database.writing() as connection, self._noting(connection, job.arn):
            return connection.execute(changed.values(changes_of(job, _SETTLED))).rowcount == 1

    def delete(self, job: TuningJob) -> bool:
        """
        Remove a job that is over, with its tags and proposals, if the stored version is still `job.version`.

        Its training jobs stay, without a place in it: a job made anew under its name does not take them for its own.
        """
        with self._database.writing() as connection:
            gone = delete(tuning_jobs).where(_c.arn == job.arn, _c.version == job.version)
            if connection.execute(gone).rowcount != 1:
                return False
            children = training_jobs.c
            left = update(training_jobs).where(children.tuning_job == job.arn)
            connection.execute(left.values(ordinal=None, version=children.version + 1))
            remove_tags(connection, job.arn)
            remove_proposals(connection, job.arn)
            return True

    def request_stop(self, arn: TuningJobArn, now: float) -> bool:
        """Turn a job from InProgress to Stopping; False, and nothing changes, if it was not InProgress."""
        asked = (
            update(tuning_jobs)
            .where(_c.arn == arn, _c.status == TuningStatus.IN_PROGRESS)
            .values(status=TuningStatus.STOPPING, stop_requested_at=now, modified_at=now, version=_c.version + 1)
        )
        with self._database.writing() as connection, self._noting(connection, arn):
            return connection.execute(asked).rowcount == 1

    def page(self, query: TuningJobQuery) -> Page[TuningJob]:
        """List jobs, a page at a time; raises ValueError for a cursor that is not of such a query."""
        with self._database.reading() as connection:
            return read_page(connection, query, select(tuning_jobs), tuning_jobs, _SORT[query.sort_by], tuning_job_of)

    def successors(self, job: TuningJob, most: int) -> list[TuningJob]:
        """Give the first *most* jobs that were created with *job* for a parent; () while it is not over."""
        if job.ended_at is None:
            return []
        is_named = type_coerce(_c.specification, Text).contains(f'"{job.arn}"', autoescape=True)  # of few, all are read
        here = (_c.account == job.scope.account, _c.region == job.scope.region, _c.created_at >= job.ended_at)
        wanted = select(tuning_jobs).where(*here, is_named).order_by(_c.created_at, _c.arn)
        found = list[TuningJob]()
        with self._database.reading() as connection:
            for row in connection.execute(wanted).mappings():
                each = tuning_job_of(row)
                start = each.specification.warm_start
                found += [each] if start is not None and job.arn in start.parents else []
                if len(found) == most:
                    break
        return found

    def regions(self, account: str) -> list[str]:
        """Name every region in which an account has tuning jobs, the one with the newest first."""
        newest = func.max(_c.created_at)
        wanted = select(_c.region).where(_c.account == account).group_by(_c.region).order_by(newest.desc(), _c.region)
        with self._database.reading() as connection:
            return list(connection.scalars(wanted))

    def unfinished(self) -> list[TuningJobArn]:
        """Name every job that is not over, in every scope, oldest first."""
        wanted = select(_c.arn).where(_c.status.in_(_UNFINISHED)).order_by(_c.created_at, _c.arn)
        with self._database.reading() as connection:
            return list(connection.scalars(wanted))

    def _noting(self, connection: Connection, arn: TuningJobArn) -> AbstractContextManager[None]:
        return self._changes.noting(connection, tuning_jobs, [arn])
