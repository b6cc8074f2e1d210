"""
The objective over the training jobs, as shapes in a drawing of 720 by 280 units (pure).

    name of the objective
    0.95 |--------------- o --------      o   a training job: its ordinal and its objective
    0.90 |- o ---+----------- o ----      -+  the best so far, a line of steps
    0.85 |---------- o -------------
             5       10       15
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from luthier.dashboard.scale import Axis, axis
from luthier.records.tuning_job import ObjectiveType

WIDTH, HEIGHT = 720, 280
LEFT, RIGHT, TOP, BOTTOM = 72, 708, 14, 240
_CROWD = 150  # from so many dots on they are drawn small
_FEWEST = 10  # ordinals that the horizontal axis has room for


class Mark(StrEnum):
    """What a training job's value stands for; also the name of its style."""

    COUNTED = "counted"  # it is over, and its last value is its objective
    OPEN = "open"  # the last value so far
    UNCOUNTED = "uncounted"  # it failed, so its value does not count


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A training job that has reported its objective."""

    ordinal: int
    value: float
    mark: Mark
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A point, placed."""

    x: float
    y: float
    radius: float
    point: Point
    is_best: bool
    is_beyond: bool  # its value lies beyond the axis, and it is drawn at the axis's end


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A place on an axis and its value."""

    at: float
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """All shapes of the drawing."""

    dots: tuple[Dot, ...]  # in the order of ordinals
    best_so_far: str  # the points of a polyline; empty as long as no value counts
    across: tuple[Tick, ...]  # ordinals
    upward: tuple[Tick, ...]  # objective values
    beyond: int  # how many dots are beyond the axis


def draw(points: Sequence[Point], direction: ObjectiveType, last_ordinal: int) -> Plot | None:
    """Place *points* (sorted by ordinal); None if there are none. *last_ordinal* is the last training job's."""
    if not points:
        return None
    better = max if direction is ObjectiveType.MAXIMIZE else min
    counted = [point for point in points if point.mark is Mark.COUNTED]
    best = better(counted, key=lambda point: point.value, default=None)
    upward = axis([point.value for point in points], keep=best.value if best else points[0].value)
    radius = 4.0 if len(points) < _CROWD else 2.5
    across = _Across(max(last_ordinal, _FEWEST))
    dots = tuple(
        Dot(
            x=across.place(point.ordinal),
            y=_height(upward, point.value),
            radius=6.0 if point is best else radius,
            point=point,
            is_best=point is best,
            is_beyond=not upward.shows(point.value),
        )
        for point in points
    )
    return Plot(
        dots=dots,
        best_so_far=_steps(dots, direction),
        across=across.ticks(),
        upward=tuple(Tick(at=_height(upward, value), value=value) for value in upward.ticks),
        beyond=sum(dot.is_beyond for dot in dots),
    )


@dataclass(frozen=True, slots=True)
class _Across:
    """The axis of ordinals, from 1 to *last*, with half a place free at either end."""

    last: int

    def place(self, ordinal: int) -> float:
        return round(LEFT + (RIGHT - LEFT) * (ordinal - 0.5) / self.last, 1)

    def ticks(self) -> tuple[Tick, ...]:
        found = axis([0.0, float(self.last)], keep=0.0, parts=8).ticks
        whole = [tick for tick in found if tick == int(tick) and 1 <= tick <= self.last]
        return tuple(Tick(at=self.place(int(tick)), value=tick) for tick in whole)


def _height(upward: Axis, value: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * upward.place(value), 1)


def _steps(dots: Sequence[Dot], direction: ObjectiveType) -> str:
    """Walk from one best so far to the next: across first, then up or down; at the end on to the right edge."""
    path: list[tuple[float, float]] = []
    best: float | None = None
    for dot in dots:
        value = dot.point.value
        if dot.point.mark is not Mark.COUNTED or (best is not None and not _is_better(value, best, direction)):
            continue
        if path:
            path.append((dot.x, path[-1][1]))
        path.append((dot.x, dot.y))
        best = value
    if path:
        path.append((dots[-1].x, path[-1][1]))
    return " ".join(f"{x},{y}" for x, y in path)


def _is_better(value: float, than: float, direction: ObjectiveType) -> bool:
    return value > than if direction is ObjectiveType.MAXIMIZE else value < than
