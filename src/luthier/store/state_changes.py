"""
Changes of jobs' states that are still to be told: each written in the transaction that makes the change.

So there is never a change without its row, nor a row without its change, whatever dies. There is a row for each outbox
that wants the change, and it goes when its destination has been told: no destination waits for another. Rows are dealt
to `LINES`, all of one job to the same, so that several may be told at once and each job's in their order. Nothing is
written unless somebody listens.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5
from zlib import crc32

from sqlalchemy import Connection, RowMapping, Table, delete, exists, func, insert, select

from luthier.records.names import Scope
from luthier.records.outbox import WEBHOOK, Outbox
from luthier.records.state_change import JobKind, StateChange
from luthier.records.status import TrainingStatus
from luthier.store.database import Database
from luthier.store.rows import portions
from luthier.store.tables import state_changes, training_jobs

LINES = 4

_c = state_changes.c
_COLUMNS = ("arn", "account", "region", "name", "created_at", "modified_at", "status", "failure_reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A change that is to be told, and its place in the order in which changes were made."""

    sequence: int
    change: StateChange


class StateChanges:
    """The changes that are to be told."""

    def __init__(self, database: Database, outboxes: Sequence[Outbox] = ()) -> None:
        """Write changes down in *outboxes*."""
        self._database, self._outboxes = database, outboxes

    @property
    def destinations(self) -> list[str]:
        """Name those that are to be told, as far as this process knows."""
        return [each.name for each in self._outboxes]

    @contextmanager
    def noting(self, connection: Connection, table: Table, arns: Sequence[str]) -> Iterator[None]:
        """Write down what the block, in the writing transaction of *connection*, changes of the states of jobs."""
        if not self._outboxes:
            yield
            return
        before = _rows(connection, table, arns)
        yield
        after = _rows(connection, table, arns)
        changes = [each for arn, row in after.items() for each in changes_between(before.get(arn), row)]
        rows = [
            {"job": each.arn, "line": line_of(each.arn), "change": each, "destination": outbox.name}
            for each in changes
            for outbox in self._outboxes
            if outbox.wants(each)
        ]
        if rows:
            connection.execute(insert(state_changes), rows)

    def lines(self, destination: str = WEBHOOK) -> list[int]:
        """Name the lines of a destination in which somebody waits."""
        of = _c.destination == destination
        with self._database.reading() as connection:
            return [line for line in range(LINES) if connection.scalar(select(exists().where(of, _c.line == line)))]

    def waiting(self, line: int, most: int, but: Collection[str] = (), destination: str = WEBHOOK) -> list[Waiting]:
        """Give the first changes of a destination's line that are of no job in *but*, some hundred ARNs at most."""
        of = _c.destination == destination
        wanted = select(state_changes).where(of, _c.line == line, _c.job.not_in(list(but)))
        with self._database.reading() as connection:
            found = connection.execute(wanted.order_by(_c.sequence).limit(most)).mappings()
            return [Waiting(sequence=row["sequence"], change=row["change"]) for row in found]

    def told(self, sequence: int) -> None:
        """Let go of a change of one destination; nothing happens if it is gone already."""
        with self._database.writing() as connection:
            connection.execute(delete(state_changes).where(_c.sequence == sequence))

    def keep_newest(self, most: int, destination: str = WEBHOOK) -> int:
        """Let go of a destination's oldest changes, untold, until it has *most* at most, and say how many."""
        of = _c.destination == destination
        wanted = select(_c.sequence).where(of).order_by(_c.sequence.desc()).offset(most).limit(1)
        with self._database.reading() as connection:
            last = connection.scalar(wanted)
        if last is None:
            return 0
        with self._database.writing() as connection:
            return connection.execute(delete(state_changes).where(of, _c.sequence <= last)).rowcount

    def count(self) -> int:
        """Count those that wait, of all destinations."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(state_changes)) or 0


def line_of(arn: str) -> int:
    """Deal a job to a line, by its name alone."""
    return crc32(arn.encode()) % LINES


def changes_between(before: RowMapping | None, after: RowMapping) -> list[StateChange]:
    """Say which states a job has come to be in, in order: several, where a host reported more than one at a time."""
    if "transitions" not in after:
        return [] if before is not None and before["status"] == after["status"] else [_change(after, JobKind.TUNING)]
    known = 0 if before is None else len(before["transitions"])
    numbers = range(known + 1, len(after["transitions"]) + 1)
    if not numbers:
        is_new = before is None or before["status"] != after["status"]
        return [_change(after, JobKind.TRAINING, len(after["transitions"]))] if is_new else []
    meanwhile = TrainingStatus.IN_PROGRESS if before is None else before["status"]
    return [_change(after, JobKind.TRAINING, number, meanwhile) for number in numbers]


def _change(
    row: RowMapping, kind: JobKind, transitions: int = 0, meanwhile: TrainingStatus | None = None
) -> StateChange:
    """Write a change down: the latest state of a row, or the one that *transitions* of its transitions led to."""
    is_latest = transitions == len(row.get("transitions") or ())
    status = row["status"] if is_latest or meanwhile is None else meanwhile
    last = row["transitions"][transitions - 1] if transitions else None
    is_entered = last is not None and meanwhile is not None
    seed = f"{row['arn']} {row['created_at']!r} {status} {transitions}"
    return StateChange(
        id=str(uuid5(NAMESPACE_URL, seed)),
        kind=kind,
        arn=row["arn"],
        name=row["name"],
        scope=Scope(account=row["account"], region=row["region"]),
        created_at=row["created_at"],
        at=last.at if last is not None and is_entered else row["modified_at"],
        status=status,
        transitions=transitions,
        secondary=last.status if last is not None else None,
        reason=row["failure_reason"] if is_latest else None,
        tuning_job=row["name"].lower() if kind is JobKind.TUNING else _tuning_job(row["tuning_job"]),
    )


def _tuning_job(arn: str | None) -> str | None:
    """Give the name in a tuning job's ARN, which has it in lower case."""
    return None if arn is None else arn.rpartition("/")[2]


def _rows(connection: Connection, table: Table, arns: Sequence[str]) -> dict[str, RowMapping]:
    """
    Read what changes are seen by.

    PostgreSQL keeps the rows for this transaction: what another commits between our look and our change would be
    noted a second time.
    """
    columns = [
        table.c[name] for name in (*_COLUMNS, *(["transitions", "tuning_job"] if table is training_jobs else []))
    ]
    found: dict[str, RowMapping] = {}
    for portion in portions(arns):
        wanted = select(*columns).where(table.c.arn.in_(portion)).order_by(table.c.arn).with_for_update()
        found |= {row["arn"]: row for row in connection.execute(wanted).mappings()}
    return found
