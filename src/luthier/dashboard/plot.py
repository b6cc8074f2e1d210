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
LINKED = 400
"""Dots that lead somewhere; of more training jobs, those that are the best, once were, go on, or are the newest."""

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
class Crowd:
    """Points of one mark as a single shape: a path of places, each a line without length."""

    mark: Mark
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A place on an axis and its value."""

    at: float
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """All shapes of the drawing."""

    dots: tuple[Dot, ...]  # in the order of ordinals, those that lead somewhere
    crowds: tuple[Crowd, ...]  # all others
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
    radius = _radius(len(points))
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
    linked = _linked(dots, direction)
    return Plot(
        dots=tuple(dot for dot in dots if dot.point.ordinal in linked),
        crowds=_crowds([dot for dot in dots if dot.point.ordinal not in linked]),
        best_so_far=_steps(dots, direction),
        across=across.ticks(),
        upward=tuple(Tick(at=_height(upward, value), value=value) for value in upward.ticks),
        beyond=sum(dot.is_beyond for dot in dots),
    )


def _radius(count: int) -> float:
    """Draw dots the smaller the more there are; those that lead somewhere are as large as the crowd around them."""
    if count > LINKED:
        return 0.8
    return 4.0 if count < _CROWD else 2.5


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


def _linked(dots: Sequence[Dot], direction: ObjectiveType) -> set[int]:
    """Name the ordinals of the dots that lead somewhere."""
    if len(dots) <= LINKED:
        return {dot.point.ordinal for dot in dots}
    telling = [dot for dot in dots if dot.point.mark is Mark.OPEN]
    telling += _improvements(dots, direction)
    newest = dots[-max(1, LINKED - len(telling)) :]
    return {dot.point.ordinal for dot in (*telling, *newest)}


def _crowds(dots: Sequence[Dot]) -> tuple[Crowd, ...]:
    places = {
        mark: dict.fromkeys((round(dot.x), round(dot.y)) for dot in dots if dot.point.mark is mark) for mark in Mark
    }
    return tuple(
        Crowd(mark=mark, path="".join(f"M{x} {y}h0" for x, y in found)) for mark, found in places.items() if found
    )


def _improvements(dots: Sequence[Dot], direction: ObjectiveType) -> list[Dot]:
    """Give the dots that were the best so far, each better than the one before."""
    found: list[Dot] = []
    for dot in dots:
        is_counted = dot.point.mark is Mark.COUNTED
        if is_counted and (not found or _is_better(dot.point.value, found[-1].point.value, direction)):
            found.append(dot)
    return found


def _steps(dots: Sequence[Dot], direction: ObjectiveType) -> str:
    """Walk from one best so far to the next: across first, then up or down; at the end on to the right edge."""
    path: list[tuple[float, float]] = []
    for dot in _improvements(dots, direction):
        if path:
            path.append((dot.x, path[-1][1]))
        path.append((dot.x, dot.y))
    if path:
        path.append((dots[-1].x, path[-1][1]))
    return " ".join(f"{x},{y}" for x, y in path)


def _is_better(value: float, than: float, direction: ObjectiveType) -> bool:
    return value > than if direction is ObjectiveType.MAXIMIZE else value < than
