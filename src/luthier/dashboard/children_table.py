"""
The table of a tuning job's training jobs: which of them, in which order, and the addresses that ask for another (pure).

| asked    | is                                                             | otherwise            |
|----------|----------------------------------------------------------------|----------------------|
| `sort`   | a column's key, such as `objective`, or `tuned.` with a name   | by number            |
| `order`  | `asc` or `desc`                                                | the best come first  |
| `page`   | a number, from 1                                               | the first            |
| `status` | a training job's status, or `Early` for those stopped early    | all                  |
| `text`   | a part of the name, in capitals or not                         | all                  |
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

from luthier.dashboard.plot import Mark
from luthier.records.status import TrainingStatus
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import ObjectiveType, TuningDefinition

PAGE = 100  # training jobs of one page

Direction = Literal["asc", "desc"]
DIRECTIONS: Mapping[str, Direction] = {"asc": "asc", "desc": "desc"}
EARLY = "Early"
STATUSES = (*(each.value for each in TrainingStatus if each is not TrainingStatus.DELETING), EARLY)

_TUNED = "tuned."  # begins the keys of hyperparameters' columns
_PAGE_NUMBER = re.compile("[0-9]{1,6}")
_LONGEST = 63  # characters of a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One training job of the table."""

    job: TrainingJob
    definition: TuningDefinition  # what it is of
    objective: float | None  # the last value it reported
    mark: Mark  # what that value stands for
    duration_s: float
    url: str

    @property
    def reason(self) -> str:
        """Why it failed or was stopped early; empty if there is nothing to say."""
        return self.job.failure_reason or (self.job.stop_reason if self.job.was_stopped_early else None) or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a reader wants to see of the table."""

    column: str = "ordinal"
    direction: Direction = "desc"
    page: int = 1
    status: str = ""  # empty: any
    text: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether some training jobs are left out."""
        return bool(self.status or self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One page of the training jobs, sorted."""

    rows: tuple[Row, ...]
    asked: Asked
    pages: int
    found: int  # rows on all pages
    objective: ObjectiveType

    @property
    def statuses(self) -> Sequence[str]:
        """What can be asked for as a status."""
        return STATUSES

    def link(self, column: str) -> str:
        """Sort by *column*: the other way round if it is the one already sorted by."""
        turned: Direction = "asc" if self.asked.direction == "desc" else "desc"
        direction = turned if column == self.asked.column else natural_direction(column, self.objective)
        return _query(replace(self.asked, column=column, direction=direction, page=1))

    def page_link(self, page: int) -> str:
        """Show another page of the same order."""
        return _query(replace(self.asked, page=page))

    def whole_query(self) -> str:
        """Ask for all pages of the same, as a file's address does."""
        return _query(replace(self.asked, page=1))

    def column_of(self, name: str) -> str:
        """Give the key of a hyperparameter's column."""
        return _TUNED + name


def asked(query: Mapping[str, str], tuned: Sequence[str], objective: ObjectiveType) -> Asked:
    """Read an address's query, where *tuned* are the hyperparameters; what makes no sense counts as not there."""
    column = query.get("sort", "")
    if column not in _COLUMNS and column not in [_TUNED + name for name in tuned]:
        column = "ordinal"
    page, status = query.get("page", "1"), query.get("status", "")
    return Asked(
        column=column,
        direction=DIRECTIONS.get(query.get("order", ""), natural_direction(column, objective)),
        page=int(page) if _PAGE_NUMBER.fullmatch(page) else 1,
        status=status if status in STATUSES else "",
        text=query.get("text", "").strip()[:_LONGEST],
    )


def natural_direction(column: str, objective: ObjectiveType) -> Direction:
    """Say in which order the newest, or the best, come first."""
    if column == "objective":
        return "desc" if objective is ObjectiveType.MAXIMIZE else "asc"
    return "desc" if column in ("ordinal", "duration") else "asc"


def table(rows: Sequence[Row], wanted: Asked, objective: ObjectiveType) -> Table:
    """Lay out *rows*, given by ordinal; a page beyond the last is the last."""
    found = [row for row in rows if _is_wanted(row, wanted)]
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(wanted.page, 1), pages)
    first = (page - 1) * PAGE
    ordered = _sorted(found, wanted)[first : first + PAGE]
    return Table(
        rows=tuple(ordered), asked=replace(wanted, page=page), pages=pages, found=len(found), objective=objective
    )


def rows_asked(rows: Sequence[Row], wanted: Asked) -> list[Row]:
    """Give all *rows*, given by ordinal, that are asked for, in their order."""
    return _sorted([row for row in rows if _is_wanted(row, wanted)], wanted)


def _is_wanted(row: Row, wanted: Asked) -> bool:
    if wanted.text.lower() not in row.job.name.lower():
        return False
    if wanted.status == EARLY:
        return row.job.was_stopped_early
    return not wanted.status or row.job.status == wanted.status


_NUMBERS: Mapping[str, Callable[[Row], float]] = {
    "ordinal": lambda row: row.job.ordinal or 0,
    "duration": lambda row: row.duration_s,
}
_TEXTS: Mapping[str, Callable[[Row], str]] = {
    "name": lambda row: row.job.name,
    "status": lambda row: row.job.status,
    "reason": lambda row: row.reason,
}
_COLUMNS = frozenset({*_NUMBERS, *_TEXTS, "objective"})


def _sorted(rows: Sequence[Row], wanted: Asked) -> list[Row]:
    """Sort, then by ordinal. Values that do not count come after those that do, and no value at all comes last."""
    is_falling = wanted.direction == "desc"
    if wanted.column == "objective":
        return sorted(rows, key=_objective_key(-1.0 if is_falling else 1.0))
    if wanted.column in _NUMBERS:
        return sorted(rows, key=_NUMBERS[wanted.column], reverse=is_falling)
    if wanted.column in _TEXTS:
        return _by_text(rows, _TEXTS[wanted.column], is_falling=is_falling)
    name = wanted.column.removeprefix(_TUNED)
    return _by_value(rows, lambda row: row.job.tuned.get(name, ""), is_falling=is_falling)


def _objective_key(sign: float) -> Callable[[Row], tuple[bool, bool, float]]:
    def key(row: Row) -> tuple[bool, bool, float]:
        return row.objective is None, row.mark is Mark.UNCOUNTED, sign * (row.objective or 0.0)

    return key


def _by_text(rows: Sequence[Row], text_of: Callable[[Row], str], *, is_falling: bool) -> list[Row]:
    filled = sorted([row for row in rows if text_of(row)], key=text_of, reverse=is_falling)
    return [*filled, *(row for row in rows if not text_of(row))]


def _by_value(rows: Sequence[Row], text_of: Callable[[Row], str], *, is_falling: bool) -> list[Row]:
    """Sort numbers as numbers, before all other text."""
    numbers = [(value, row) for row in rows if (value := _number(text_of(row))) is not None]
    texts = [row for row in rows if _number(text_of(row)) is None]
    sorted_numbers = [row for _, row in sorted(numbers, key=lambda each: each[0], reverse=is_falling)]
    return [*sorted_numbers, *_by_text(texts, text_of, is_falling=is_falling)]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None  # a category


def _query(wanted: Asked) -> str:
    fields = {"sort": wanted.column, "order": wanted.direction}
    fields |= {"status": wanted.status} if wanted.status else {}
    fields |= {"text": wanted.text} if wanted.text else {}
    fields |= {"page": str(wanted.page)} if wanted.page > 1 else {}
    return "?" + urlencode(fields, errors="replace")
