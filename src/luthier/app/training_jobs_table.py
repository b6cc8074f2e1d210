"""Training jobs as a table of text: what a terminal has room for, and names that can be told apart (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile
from typing import Any

from rich.table import Table
from rich.text import Text

from luthier.app.cells import STYLES, brief, clean, objective
from luthier.dashboard.wording import number

Description = Mapping[str, Any]  # an answer of the API, as boto3 gives it

GAP = 2  # columns of a terminal between two of a table
MORE = 4  # columns of a terminal for the number of hyperparameters that are left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of text."""

    title: str
    cells: Sequence[Text]

    @property
    def width(self) -> int:
        """How much of a terminal it takes, with the gap before it."""
        return GAP + max(each.cell_len for each in [Text(self.title), *self.cells])


def table(tuning_job: str, children: Sequence[Description], width: int) -> Table:
    """
    Lay out the *children* of a tuning job for a terminal of *width* columns, a row each.

    Where not all has room, names are told by what follows the tuning job's; and hyperparameters that have none even so
    are counted in the last title.
    """
    names = sorted({name for child in children for name in child["TunedHyperParameters"]})
    tuned = [Column(title=brief(name), cells=[_value(child, name) for child in children]) for name in names]
    own = Column(title="training job", cells=[Text(clean(child["TrainingJobName"])) for child in children])
    status = Column(title="status", cells=[_status(child) for child in children])
    goal = Column(title="objective", cells=[_objective(child) for child in children])
    if sum(each.width for each in (own, status, goal, *tuned)) - GAP > width:
        own = Column(title=own.title, cells=[_rest(each, tuning_job) for each in own.cells])
    fixed = [own, status, goal]
    return _drawn([*fixed, *_fitting(tuned, width + GAP - sum(each.width for each in fixed))])


def _fitting(columns: Sequence[Column], room: int) -> list[Column]:
    """Take as many columns as have room, from the first on; if not all have, one more says how many are left out."""
    ends = list(accumulate(each.width for each in columns))
    if not ends or ends[-1] <= room:
        return list(columns)
    count = len(list(takewhile(lambda end: end + GAP + MORE <= room, ends)))
    return [*columns[:count], Column(title=f"+{len(columns) - count}", cells=[Text("")] * len(columns[0].cells))]


def _drawn(columns: Sequence[Column]) -> Table:
    grid = Table(box=None, header_style="bold", pad_edge=False, padding=(0, GAP, 0, 0))
    for column in columns:
        grid.add_column(Text(column.title), no_wrap=True)
    for row in zip(*(column.cells for column in columns), strict=True):
        grid.add_row(*row)
    return grid


def _rest(name: Text, tuning_job: str) -> Text:
    return Text("…" + name.plain.removeprefix(tuning_job)) if name.plain.startswith(f"{tuning_job}-") else name


def _status(child: Description) -> Text:
    status = child["TrainingJobStatus"]
    return Text(status, style=STYLES.get(status, ""))


def _objective(child: Description) -> Text:
    value = objective(child)
    return Text("" if value is None else number(value))


def _value(child: Description, name: str) -> Text:
    return Text(brief(child["TunedHyperParameters"].get(name, "")))
