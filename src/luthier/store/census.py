"""How many rows there are of each kind: derived, never stored, and cheap enough to be asked for every few seconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Text, cast, func, literal, null, select, union_all

from luthier.records.status import TrainingStatus, TuningStatus
from luthier.store.database import Database
from luthier.store.tables import leases, state_changes, training_jobs, tuning_jobs


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many there are, in all accounts and regions; every status is a key."""

    tuning_jobs: Mapping[str, int] = field(default_factory=dict)
    training_jobs: Mapping[str, int] = field(default_factory=dict)
    stopped_early: int = 0  # training jobs that their tuning job stopped, and those that it asked to
    leases: int = 0  # that have not run out
    untold: Mapping[str, int] = field(default_factory=dict)  # changes that wait, by destination; none is no key


class Census:
    """Counts rows. It is one statement, which reads indexes and no row of a job."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, now: float) -> Counts:
        """Count everything as it is at one moment."""
        with self._database.reading() as connection:
            found = [tuple(row) for row in connection.execute(_wanted(now))]
        training = _by_status(TrainingStatus)
        tuning = _by_status(TuningStatus)
        tuning |= {status: count for kind, status, count, _ in found if kind == "tuning"}
        training |= {status: count for kind, status, count, _ in found if kind == "training"}
        return Counts(
            tuning_jobs=tuning,
            training_jobs=training,
            stopped_early=sum(reasons for kind, _, _, reasons in found if kind == "training"),
            leases=sum(count for kind, _, count, _ in found if kind == "lease"),
            untold={destination: count for kind, destination, count, _ in found if kind == "change"},
        )


def _wanted(now: float):  # type: ignore[no-untyped-def]  # SQLAlchemy's own name of it is longer than the statement
    tuning, training, changes = tuning_jobs.c, training_jobs.c, state_changes.c
    everything = func.count()
    return union_all(
        select(literal("tuning"), cast(tuning.status, Text), everything, literal(0)).group_by(tuning.status),
        select(literal("training"), cast(training.status, Text), everything, func.count(training.stop_reason)).group_by(
            training.status
        ),
        select(literal("lease"), cast(null(), Text), everything, literal(0)).where(leases.c.expires_at > now),
        select(literal("change"), cast(changes.destination, Text), everything, literal(0)).group_by(
            changes.destination
        ),
    )


def _by_status(kind: type[TrainingStatus] | type[TuningStatus]) -> dict[str, int]:
    return {each.value: 0 for each in kind}
