"""
A table of runs, one a row, as CSV.

| layout   | hyperparameters       | objective          | status   | times                               |
|----------|-----------------------|--------------------|----------|-------------------------------------|
| plain    | the columns left over | a column           |          | columns, if any                     |
| `OPTUNA` | `params_...`          | `value`            | `state`  | `datetime_start`, `datetime_complete` |
| `mlflow` | `params....`          | `metrics....`      | `status` | `start_time`, `end_time`            |

A run without a finite objective has failed, unless its row has a status. Runs that go on, or wait, are left out.

optuna.study.Study.trials_dataframe; mlflow.search_runs.
"""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from luthier.histories.history import HistoryError, Run
from luthier.histories.readings import moment, number
from luthier.records.status import TrainingStatus

MOST = 100_000  # rows
DIVERGED = "AlgorithmError: no finite objective was recorded for this run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Which column is what."""

    objective: str
    prefix: str = ""  # of hyperparameters' columns, which is no part of their names
    chosen: Collection[str] = ()  # hyperparameters; none: all columns with the prefix that are nothing else
    began: str | None = None
    ended: str | None = None
    status: str | None = None
    words: Mapping[str, TrainingStatus | None] = field(default_factory=dict)  # None: not over, and left out


OPTUNA = Layout(
    objective="value",
    prefix="params_",
    began="datetime_start",
    ended="datetime_complete",
    status="state",
    words={
        "COMPLETE": TrainingStatus.COMPLETED,
        "PRUNED": TrainingStatus.STOPPED,
        "FAIL": TrainingStatus.FAILED,
        "RUNNING": None,
        "WAITING": None,
    },
)


MLFLOW: Mapping[str, TrainingStatus | None] = {  # as of Layout.words
    "FINISHED": TrainingStatus.COMPLETED,
    "KILLED": TrainingStatus.STOPPED,
    "FAILED": TrainingStatus.FAILED,
    "RUNNING": None,
    "SCHEDULED": None,
}


def mlflow(metric: str, parameters: Collection[str] = ()) -> Layout:
    """Give the layout of MLflow's runs, whose objective is *metric*, and hyperparameters *parameters*, or all."""
    return Layout(
        objective=f"metrics.{metric}",
        prefix="params.",
        chosen=tuple(f"params.{name}" for name in parameters),
        began="start_time",
        ended="end_time",
        status="status",
        words=MLFLOW,
    )


def read_table(body: bytes, layout: Layout) -> list[Run]:
    """Read the runs of a table; raises HistoryError, with the row's number, for the first one that makes no sense."""
    try:
        lines = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True)
    except UnicodeDecodeError as error:
        raise HistoryError(f"byte {error.start}: not UTF-8; write the table as CSV in UTF-8") from None
    header, *rest = list(_lines(lines)) or [[]]
    parameters = _parameters(header, layout)
    runs = [_run(f"row {number}", header, cells, parameters, layout) for number, cells in enumerate(rest, 1) if cells]
    found = [each for each in runs if each is not None]
    if not found:
        raise HistoryError("there is no run that is over; a history needs one at least")
    return found


def _lines(lines: Iterator[list[str]]) -> Iterator[list[str]]:
    row = 0
    try:
        for row, cells in enumerate(lines):
            if row > MOST:
                raise HistoryError(f"row {row}: more than {MOST} rows; leave the worst of them out")
            yield cells
    except csv.Error as error:
        raise HistoryError(f"row {row + 1}: not CSV: {error}") from None


def _parameters(header: Sequence[str], layout: Layout) -> Mapping[str, str]:
    """Give the columns of hyperparameters, with the hyperparameters' names."""
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise HistoryError(f"the column {twice[0]!r} is there twice; give every column a name of its own")
    needed = [layout.objective, *filter(None, (layout.began, layout.ended, layout.status)), *layout.chosen]
    missing = [name for name in needed if name not in header]
    if missing:
        raise HistoryError(f"there is no column {missing[0]!r}; there are {', '.join(map(repr, header))[:500]}")
    columns = layout.chosen or [
        name for name in header if name.startswith(layout.prefix) and name not in needed and name
    ]
    if not columns:
        raise HistoryError("there is no column of a hyperparameter beside the objective's")
    return {column: column.removeprefix(layout.prefix) for column in columns}


def _run(
    place: str, header: Sequence[str], cells: Sequence[str], parameters: Mapping[str, str], layout: Layout
) -> Run | None:
    if len(cells) != len(header):
        raise HistoryError(f"{place}: {len(cells)} cells, where the first line names {len(header)} columns")
    row = dict(zip(header, cells, strict=True))
    objective = number(row[layout.objective], place, layout.objective)
    status = _status(place, row, layout, objective)
    if status is None:
        return None
    empty = [column for column in parameters if not row[column]]
    if empty:
        raise HistoryError(
            f"{place}: {empty[0][:80]!r} has no value; a search here has no conditional hyperparameters: fill it in, "
            "or leave the row or the column out"
        )
    return Run(
        place=place,
        hyperparameters={name: row[column] for column, name in parameters.items()},
        status=status,
        objective=None if status is TrainingStatus.FAILED else objective,
        began_at=moment(row[layout.began], place, layout.began) if layout.began else None,
        ended_at=moment(row[layout.ended], place, layout.ended) if layout.ended else None,
        failure=DIVERGED if status is TrainingStatus.FAILED else None,
    )


def _status(place: str, row: Mapping[str, str], layout: Layout, objective: float | None) -> TrainingStatus | None:
    if layout.status is None:
        return TrainingStatus.FAILED if objective is None else TrainingStatus.COMPLETED
    word = row[layout.status].removeprefix("TrialState.")
    if word not in layout.words:
        raise HistoryError(f"{place}: {layout.status} is {word[:80]!r}, and none of {', '.join(layout.words)}")
    told = layout.words[word]
    return TrainingStatus.FAILED if told is not None and objective is None else told
