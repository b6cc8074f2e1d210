"""
The table of training jobs as a file: `.../table.csv` and `.../table.json`, all rows that its address asks for.

Columns are called as those of `luthier export`, one more says why a training job ended, and values are whole, not
rounded. A program that opens CSV may take a text for a formula by its first character: such a text begins with an
apostrophe (OWASP, "CSV Injection").
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence

from starlette.responses import Response

from luthier.dashboard.children_table import Row, asked, rows_asked
from luthier.dashboard.families import Family
from luthier.dashboard.plot import Mark
from luthier.dashboard.tuning_view import rows_of, tuned_by
from luthier.dashboard.wording import iso, printable
from luthier.records.tuning_job import TuningJob

Cell = float | int | str | None

COLUMNS = (
    "TrainingJobName",
    "TrainingJobStatus",
    "FinalObjectiveValue",  # none until the training job is over and has a value that counts
    "TrainingStartTime",
    "TrainingEndTime",
    "TrainingElapsedTimeSeconds",
)
DEFINITION = "TrainingJobDefinitionName"
REASON = "WhyItEnded"
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def table_file(job: TuningJob, family: Family, now: float, query: Mapping[str, str], kind: str) -> Response:
    """Answer with the training jobs of *job* that *query* asks for, as *kind*: csv or json."""
    tuned, direction = tuned_by(job), job.specification.direction
    rows = rows_asked(rows_of(job, family.children, family.finals, now), asked(query, tuned, direction))
    table = as_cells(rows, tuned)
    body, media_type = (as_csv(table, tuned), "text/csv") if kind == "csv" else (as_json(table), "application/json")
    headers = {"Content-Disposition": f'attachment; filename="{job.name}.{kind}"'}
    return Response(body, media_type=media_type, headers=headers)


def as_cells(rows: Sequence[Row], tuned: Sequence[str]) -> list[dict[str, Cell]]:
    """Lay rows out, all with the same columns: those *tuned*, `COLUMNS`, the definition, the reason."""
    return [{**{name: _value(row.job.tuned.get(name)) for name in tuned}, **_result(row)} for row in rows]


def as_csv(table: Sequence[Mapping[str, Cell]], tuned: Sequence[str]) -> bytes:
    """Write rows as CSV with a line of names."""
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\r\n")
    names = list(dict.fromkeys([*tuned, *COLUMNS, DEFINITION, REASON]))
    lines.writerow([_harmless(name) for name in names])
    lines.writerows([_harmless(row[name]) for name in names] for row in table)
    return text.getvalue().encode()


def as_json(table: Sequence[Mapping[str, Cell]]) -> bytes:
    """Write rows as a JSON list of objects."""
    return (json.dumps(table, indent=1, allow_nan=False) + "\n").encode()


def _result(row: Row) -> dict[str, Cell]:
    job = row.job
    return {
        "TrainingJobName": job.name,
        "TrainingJobStatus": job.status.value,
        "FinalObjectiveValue": row.objective if row.mark is Mark.COUNTED else None,
        "TrainingStartTime": None if job.started_at is None else iso(job.started_at),
        "TrainingEndTime": None if job.ended_at is None else iso(job.ended_at),
        "TrainingElapsedTimeSeconds": _elapsed_s(row),
        DEFINITION: row.definition.name,
        REASON: row.reason or None,
    }


def _elapsed_s(row: Row) -> float | None:
    if row.job.started_at is None or row.job.ended_at is None:
        return None
    return round(row.job.ended_at - row.job.started_at, 3)


def _value(text: str | None) -> Cell:
    """Read what a number is as one."""
    if text is None:
        return None
    try:
        return int(text) if text.lstrip("-").isdecimal() and text.isascii() else _finite(text)
    except ValueError:
        return text  # a category


def _finite(text: str) -> float:
    value = float(text)
    if abs(value) == float("inf") or value != value:
        raise ValueError(text)
    return value


def _harmless(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    plain = printable(cell)
    return f"'{plain}" if plain.startswith(_FORMULAS) else plain
