"""
Training jobs of a tuning job beside each other: their curves in one drawing, and where they differ (pure).

Curves are of the objective, each over its own reports. Where definitions differ, so may metrics, and a curve says only
what its own table column says it is of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from luthier.dashboard.children_table import Row
from luthier.dashboard.curves import thinned
from luthier.dashboard.plot import BOTTOM, LEFT, RIGHT, TOP, Tick
from luthier.dashboard.scale import Axis, axis
from luthier.records.names import TrainingJobArn

MOST = 8
"""Training jobs beside each other; there is a colour for each."""

_FEWEST = 2  # reports that the horizontal axis has room for
_SENT_ANYWAY = "_tuning_objective_metric"  # a hyperparameter that the service adds


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One training job with its line; *points* is empty as long as it has reported nothing."""

    row: Row
    points: str
    reports: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """One hyperparameter, as each training job has it (None: not at all)."""

    name: str
    values: tuple[str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """All that is drawn and told, in the order in which training jobs were given."""

    columns: tuple[Column, ...]
    different: tuple[Contrast, ...]
    alike: tuple[Contrast, ...]  # the same for all
    across: tuple[Tick, ...]  # numbers of reports
    upward: tuple[Tick, ...]  # objective values


def beside(rows: Sequence[Row], curves: Mapping[TrainingJobArn, Sequence[float]]) -> Beside:
    """Lay out training jobs, of which *curves* holds what they have reported of their objectives."""
    reported = [curves.get(row.job.arn, ()) for row in rows]
    values = [value for curve in reported for value in curve]
    upward = axis(values, keep=values[-1]) if values else Axis(low=0.0, high=1.0, ticks=())
    last = max([_FEWEST, *map(len, reported)])
    counts = axis([1.0, float(last)], keep=1.0, parts=8).ticks
    contrasts = [_contrast(name, rows) for name in _names(rows)]
    return Beside(
        columns=tuple(
            Column(row=row, points=_line(curve, last, upward), reports=len(curve))
            for row, curve in zip(rows, reported, strict=True)
        ),
        different=tuple(each for each in contrasts if len(set(each.values)) > 1),
        alike=tuple(each for each in contrasts if len(set(each.values)) == 1),
        across=tuple(
            Tick(at=_across(each, last), value=each) for each in counts if each == int(each) and 1 <= each <= last
        ),
        upward=tuple(Tick(at=_height(upward, each), value=each) for each in upward.ticks) if values else (),
    )


def _names(rows: Sequence[Row]) -> list[str]:
    """Name all hyperparameters, those that are tuned first."""
    tuned = (name for row in rows for name in row.job.tuned)
    others = (name for row in rows for name in sorted(row.job.hyperparameters) if name != _SENT_ANYWAY)
    return list(dict.fromkeys([*tuned, *others]))


def _contrast(name: str, rows: Sequence[Row]) -> Contrast:
    return Contrast(name=name, values=tuple(row.job.hyperparameters.get(name, row.job.tuned.get(name)) for row in rows))


def _line(curve: Sequence[float], last: int, upward: Axis) -> str:
    places = thinned([(float(number), value) for number, value in enumerate(curve, 1)])
    if len(places) == 1:
        places = [places[0], (places[0][0] + 0.1, places[0][1])]  # one report is a short line
    return " ".join(f"{_across(number, last)},{_height(upward, value)}" for number, value in places)


def _across(number: float, last: int) -> float:
    return round(LEFT + (RIGHT - LEFT) * (number - 1) / (last - 1), 1)


def _height(upward: Axis, value: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * upward.place(value), 1)
