"""Proposals as rows: written with the training jobs that they are of, and never changed."""

from dataclasses import asdict

from sqlalchemy import Connection, delete, insert, select

from luthier.records.names import TuningJobArn
from luthier.records.proposal import Proposal
from luthier.store.database import Database
from luthier.store.tables import proposals

_c = proposals.c


class Proposals:
    """The log of every tuning job's proposals; it is written by `TrainingJobs.add_children`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_tuning_job(self, arn: TuningJobArn) -> list[Proposal]:
        """List the proposals of a tuning job, oldest first; none if it is from before the log, or not there."""
        wanted = select(proposals).where(_c.tuning_job == arn).order_by(_c.version)
        with self._database.reading() as connection:
            return [Proposal(**row) for row in connection.execute(wanted).mappings()]


def add_proposal(connection: Connection, proposal: Proposal) -> None:
    """Store a proposal; the caller has just claimed the version of the tuning job in the same transaction."""
    connection.execute(insert(proposals), asdict(proposal))


def remove_proposals(connection: Connection, arn: TuningJobArn) -> None:
    """Forget the proposals of a tuning job that is being deleted."""
    connection.execute(delete(proposals).where(_c.tuning_job == arn))
