"""
Listings in pages: what may be asked, and how the next page is found again.

A page ends at a place in the order, not at a number of rows: its cursor holds the last item's sort value and ARN, and
the next page begins behind them. So an item that stays as it is appears exactly once, however many rows are inserted
meanwhile. An item whose sort value changes between two pages (by Status, by FinalObjectiveMetricValue) may appear twice
or not at all.
"""

import hashlib
import math
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, NewType, TypeVar

from sqlalchemy import ColumnElement, Connection, Double, RowMapping, Select, Table, func, tuple_

from luthier.records.names import Scope, TuningJobArn
from luthier.records.status import TrainingStatus, TuningStatus

T = TypeVar("T")

Cursor = NewType("Cursor", str)
"""Where a page ended: text that only the store makes and reads. It holds under other filters, not in another order."""

TuningJobOrder = Literal["Name", "CreationTime", "Status"]
TrainingJobOrder = Literal["Name", "CreationTime", "Status", "FinalObjectiveMetricValue"]
AlgorithmOrder = Literal["Name", "CreationTime"]

_FORM = "1"  # of cursors; a cursor of another form is refused


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningJobQuery:
    """Which tuning jobs of a scope, in which order; times are strict bounds, the name's part is case-sensitive."""

    scope: Scope
    name_contains: str | None = None
    status: TuningStatus | None = None
    created_after: float | None = None
    created_before: float | None = None
    modified_after: float | None = None
    modified_before: float | None = None
    sort_by: TuningJobOrder
    descending: bool = False
    limit: int
    after: Cursor | None = None

    def __post_init__(self) -> None:
        _check_limit(self.limit)

    @property
    def order(self) -> str:
        """What a cursor must agree with."""
        return repr(("tuning jobs", self.scope, self.sort_by, self.descending))


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingJobQuery:
    """
    Which training jobs of a scope, or of one tuning job, in which order; see `TuningJobQuery`.

    *objective_metrics* are by the name of a job's definition. By FinalObjectiveMetricValue, jobs that never reported
    theirs are left out.
    """

    scope: Scope
    tuning_job: TuningJobArn | None = None
    name_contains: str | None = None
    status: TrainingStatus | None = None
    created_after: float | None = None
    created_before: float | None = None
    modified_after: float | None = None
    modified_before: float | None = None
    sort_by: TrainingJobOrder
    objective_metrics: Mapping[str | None, str] | None = None
    descending: bool = False
    limit: int
    after: Cursor | None = None

    def __post_init__(self) -> None:
        _check_limit(self.limit)
        if self.sort_by == "FinalObjectiveMetricValue" and not self.objective_metrics:
            raise ValueError("sort_by FinalObjectiveMetricValue: objective_metrics must say which metrics those are")

    @property
    def order(self) -> str:
        """What a cursor must agree with."""
        by_value = self.sort_by == "FinalObjectiveMetricValue"
        metrics = list((self.objective_metrics or {}).items()) if by_value else None
        return repr(("training jobs", self.scope, self.tuning_job, self.sort_by, metrics, self.descending))


@dataclass(frozen=True, slots=True, kw_only=True)
class AlgorithmQuery:
    """Which algorithm resources of a scope, in which order; see `TuningJobQuery`."""

    scope: Scope
    name_contains: str | None = None
    created_after: float | None = None
    created_before: float | None = None
    sort_by: AlgorithmOrder
    descending: bool = False
    limit: int
    after: Cursor | None = None

    def __post_init__(self) -> None:
        _check_limit(self.limit)

    @property
    def order(self) -> str:
        """What a cursor must agree with."""
        return repr(("algorithms", self.scope, self.sort_by, self.descending))


Query = TuningJobQuery | TrainingJobQuery | AlgorithmQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some items of a listing, and where the rest begins."""

    items: tuple[T, ...]
    next: Cursor | None  # None: this is the last page


def read_page(
    connection: Connection,
    query: Query,
    statement: Select[Any],
    table: Table,
    key: ColumnElement[Any],
    record_of: Callable[[RowMapping], T],
) -> Page[T]:
    """
    Read the page that *query* asks for of *statement*, which selects from *table*, sorted by *key* and then by ARN.

    Raises ValueError if the query's cursor is made up, or of a query with another order.
    """
    place = tuple_(key, table.c.arn)
    if query.after is not None:
        bound = _place_in(query.after, query.order, is_number=isinstance(key.type, Double))
        statement = statement.where(place < bound if query.descending else place > bound)
    direction = (key.desc(), table.c.arn.desc()) if query.descending else (key, table.c.arn)
    statement = _filtered(statement, table, query).add_columns(key.label("sort_value"))
    rows = connection.execute(statement.order_by(*direction).limit(query.limit + 1)).mappings().all()
    shown = rows[: query.limit]
    more = len(rows) > query.limit
    return Page(
        items=tuple(record_of(row) for row in shown),
        next=_cursor(query.order, shown[-1]["sort_value"], shown[-1]["arn"]) if more else None,
    )


def _check_limit(limit: int) -> None:
    if limit < 1:
        raise ValueError(f"limit: a page has at least one item, not {limit}")


def _filtered(statement: Select[Any], table: Table, query: Query) -> Select[Any]:
    columns = table.c
    statement = statement.where(columns.account == query.scope.account, columns.region == query.scope.region)
    if query.name_contains:  # not LIKE, which is blind to case on SQLite and has wildcards
        statement = statement.where(func.replace(columns.name, query.name_contains, "") != columns.name)
    statement = _between(statement, columns.created_at, query.created_after, query.created_before)
    if isinstance(query, AlgorithmQuery):
        return statement
    if query.status is not None:
        statement = statement.where(columns.status == query.status)
    return _between(statement, columns.modified_at, query.modified_after, query.modified_before)


def _between(
    statement: Select[Any], column: ColumnElement[Any], after: float | None, before: float | None
) -> Select[Any]:
    if after is not None:
        statement = statement.where(column > after)
    if before is not None:
        statement = statement.where(column < before)
    return statement


def _cursor(order: str, value: float | str, arn: str) -> Cursor:
    lines = "\n".join((_FORM, _digest(order), str(value), arn))
    return Cursor(urlsafe_b64encode(lines.encode()).decode())


def _place_in(cursor: Cursor, order: str, *, is_number: bool) -> tuple[float | str, str]:
    try:
        form, digest, value, arn = urlsafe_b64decode(cursor.encode("ascii")).decode().split("\n")
    except ValueError:
        raise ValueError("not a cursor of this store") from None
    if form != _FORM or not (value.isprintable() and arn.isprintable()):
        raise ValueError("not a cursor of this store")
    if digest != _digest(order):
        raise ValueError("a cursor of another listing, or of another order")
    return (_finite(value) if is_number else value), arn


def _finite(value: str) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not a cursor of this store")
    return number


def _digest(order: str) -> str:
    return hashlib.sha256(order.encode()).hexdigest()[:16]
