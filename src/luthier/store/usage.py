"""How much of its quotas an account uses just now."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import func, select

from luthier.records.names import Scope
from luthier.records.status import TrainingStatus, TuningStatus
from luthier.store.database import Database
from luthier.store.tables import training_jobs, tuning_jobs

_TUNING = tuple(each for each in TuningStatus if not each.is_over)
_TRAINING = tuple(each for each in TrainingStatus if not each.is_over)


class Usage:
    """Sums over everything that is not over; derived, never stored."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tuning_jobs(self, scope: Scope) -> int:
        """Count the tuning jobs of a scope that are not over."""
        of = tuning_jobs.c
        wanted = select(func.count()).where(
            of.account == scope.account, of.region == scope.region, of.status.in_(_TUNING)
        )
        with self._database.reading() as connection:
            return connection.scalar(wanted) or 0

    def instances(self, scope: Scope) -> Mapping[str, int]:
        """Count the instances that training jobs of a scope have, by instance type, until those are over."""
        of = training_jobs.c
        wanted = select(of.definition).where(
            of.account == scope.account, of.region == scope.region, of.status.in_(_TRAINING)
        )
        found = Counter[str]()
        with self._database.reading() as connection:
            for definition in connection.scalars(wanted):
                found[definition.instance_type] += definition.instance_count
        return found
