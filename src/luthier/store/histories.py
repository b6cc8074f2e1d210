"""Tuning jobs that are over, stored with all that was run for them."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from luthier.records.names import TrainingJobArn
from luthier.records.training_job import MetricPoint, TrainingJob
from luthier.records.tuning_job import TuningJob
from luthier.store.database import Database
from luthier.store.errors import NameTaken
from luthier.store.metric_points import add_points
from luthier.store.rows import portions, row_of
from luthier.store.tables import training_jobs, tuning_jobs
from luthier.store.tags import lay_tags


class Histories:
    """The way in for tuning jobs that were run elsewhere."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        job: TuningJob,
        children: Sequence[TrainingJob],
        points: Mapping[TrainingJobArn, Sequence[MetricPoint]],
        given_tags: Mapping[str, str],
    ) -> None:
        """
        Store a tuning job with its training jobs, which get its tags, and what they reported: all or nothing.

        Raises ValueError for what is not over, and NameTaken, with the ARN that there is already.
        """
        if not (job.status.is_over and all(each.status.is_over and each.is_released for each in children)):
            raise ValueError(f"{job.arn}: not over")
        try:
            with self._database.writing() as connection:
                connection.execute(insert(tuning_jobs), row_of(job))
                connection.execute(insert(training_jobs), [row_of(child) for child in children])
                lay_tags(connection, job.arn, given_tags)
                for child in children:
                    lay_tags(connection, child.arn, given_tags)
                    add_points(connection, child.arn, points.get(child.arn, ()))
        except IntegrityError:
            with self._database.reading() as connection:
                taken = _taken(connection, job, children)
            if taken is None:
                raise
            raise NameTaken(taken) from None


def _taken(connection: Connection, job: TuningJob, children: Sequence[TrainingJob]) -> str | None:
    parent = select(tuning_jobs.c.arn).where(tuning_jobs.c.arn == job.arn)
    found = connection.scalar(parent)
    for portion in portions([child.arn for child in children]):
        found = found or connection.scalar(select(training_jobs.c.arn).where(training_jobs.c.arn.in_(portion)))
    return found
