"""
The curves of a training job's metrics, as shapes: a small drawing of 320 by 170 units for each metric (pure).

    0.9 |.                     a line through every value reported, over the number of the report
    0.5 | '-.._                or over the seconds since the training job was created
    0.1 |      '--..____
        |---------------
         1            40

A long curve is thinned: of each piece that is a few pixels wide the first, the lowest, the highest and the last value
stay, so that no peak is lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from luthier.dashboard.plot import Tick
from luthier.dashboard.scale import Axis, axis
from luthier.records.training_job import MetricPoint

LEFT, RIGHT, TOP, BOTTOM = 58, 312, 10, 138
MOST = 400
"""Values that a drawn curve has at most."""

_DOTTED = 40  # so many values and fewer have a dot each

Across = Literal["report", "time"]
ACROSS: Mapping[str, Across] = {"report": "report", "time": "time"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One reported value, placed."""

    x: float
    y: float
    at: float  # the number of the report, or seconds
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """All shapes of one metric's curve, and its figures."""

    name: str
    line: str  # the points of a polyline
    dots: tuple[Dot, ...]  # none where there are too many
    upward: tuple[Tick, ...]
    first: float  # of the horizontal axis: numbers of reports, or seconds
    until: float
    count: int  # values that were reported
    beyond: int  # of those: values that lie beyond the axis
    lowest: float
    highest: float
    last: float


def curves(points: Sequence[MetricPoint], across: Across, created_at: float) -> tuple[Curve, ...]:
    """Draw each metric of *points*, which are in the order reported; sorted by the metric's name."""
    reported: dict[str, list[MetricPoint]] = {}
    for point in points:
        reported.setdefault(point.name, []).append(point)
    return tuple(_curve(name, reported[name], across, created_at) for name in sorted(reported))


def thinned(values: Sequence[tuple[float, float]], most: int = MOST) -> list[tuple[float, float]]:
    """
    Leave at most *most* of *values*, pairs of which the second is drawn upward, first and last and every peak included.

    >>> thinned([(0, 1.0), (1, 9.0), (2, 1.0), (3, 1.0), (4, 0.0), (5, 1.0)], most=4)
    [(0, 1.0), (1, 9.0), (4, 0.0), (5, 1.0)]
    """
    if len(values) <= most:
        return list(values)
    pieces = max(1, most // 4)
    bounds = [len(values) * number // pieces for number in range(pieces + 1)]
    kept: list[tuple[float, float]] = []
    for start, end in pairwise(bounds):
        piece = range(start, end)
        lowest = min(piece, key=lambda place: values[place][1])
        highest = max(piece, key=lambda place: values[place][1])
        kept += (values[place] for place in sorted({start, lowest, highest, end - 1}))
    return kept


def _curve(name: str, points: Sequence[MetricPoint], across: Across, created_at: float) -> Curve:
    values = [point.value for point in points]
    places = _times(points, created_at) if across == "time" else [float(number) for number in range(1, len(points) + 1)]
    upward = axis(values, keep=values[-1], parts=4)
    first, until = places[0], max(places[-1], places[0])
    dots = [
        Dot(x=_x(at, first, until), y=_y(upward, value), at=at, value=value)
        for at, value in thinned(list(zip(places, values, strict=True)))
    ]
    return Curve(
        name=name,
        line=" ".join(f"{dot.x},{dot.y}" for dot in dots),
        dots=tuple(dots) if len(dots) <= _DOTTED else (),
        upward=tuple(Tick(at=_y(upward, value), value=value) for value in _ticks(upward, values)),
        first=first,
        until=until,
        count=len(values),
        beyond=sum(not upward.shows(value) for value in values),
        lowest=min(values),
        highest=max(values),
        last=values[-1],
    )


def _ticks(upward: Axis, values: Sequence[float]) -> Sequence[float]:
    """Leave the one tick where all values are one: those around it would be told apart by their last digits alone."""
    return upward.ticks if min(values) < max(values) else values[:1]


def _times(points: Sequence[MetricPoint], created_at: float) -> list[float]:
    """Give seconds that never go back, whatever the clock did."""
    times: list[float] = []
    for point in points:
        times.append(max(point.at - created_at, times[-1] if times else 0.0))
    return times


def _x(at: float, first: float, until: float) -> float:
    part = (at - first) / (until - first) if until > first else 0.5
    return round(LEFT + (RIGHT - LEFT) * part, 1)


def _y(upward: Axis, value: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * upward.place(value), 1)
