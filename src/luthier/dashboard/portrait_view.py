"""
What a tuning job has learned, as shapes: a small drawing of 320 by 170 units for each slice (pure).

    0.95 |   ___..                 a band of one standard deviation, a line in its middle,
    0.90 | .:    ':o.._            and the best point; categories are bars with a dot
         |-------------        and a dot for each training job
         1e-05        1
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from luthier.dashboard import portrait_wording as wording
from luthier.dashboard.gallery import Painting
from luthier.dashboard.plot import Tick
from luthier.dashboard.scale import Axis, axis
from luthier.dashboard.slice_dots import Tried, dots_on
from luthier.dashboard.surface_view import SurfaceDrawing, draw_surfaces
from luthier.records.portrait import NotEnough, Place, Portrait, Slice
from luthier.records.tuning_job import ObjectiveType, TuningDefinition
from luthier.tuning.portraits import Portrayed

LEFT, RIGHT, TOP, BOTTOM = 58, 312, 10, 138
DRAWN = 12
"""Slices that are drawn, of the most important hyperparameters."""

_LABELLED = 6  # categories that have room for a name each
_LETTERS = 8  # of such a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One category of a slice, or the best point of it: a dot, with a bar from *top* to *bottom*."""

    x: float
    y: float
    top: float
    bottom: float
    label: str
    is_best: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceDrawing:
    """All shapes of one slice, and its words."""

    name: str
    line: str  # the points of a polyline; empty for categories
    band: str  # the points of a polygon; likewise
    marks: tuple[Mark, ...]
    dots: str  # the data of a path: a point for each training job on the axis
    upward: tuple[Tick, ...]
    first: str  # the lowest value of the hyperparameter, and the highest; empty for categories
    last: str
    first_x: float  # where they are: whole numbers lie in the middle of their cells
    last_x: float
    summit: str  # the value that is believed to be the best
    summit_objective: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What has been learned of one definition; without a portrait, *silence* says why."""

    definition: TuningDefinition
    silence: str | None
    portrait: Portrait | None
    slices: tuple[SliceDrawing, ...] = ()
    surfaces: tuple[SurfaceDrawing, ...] = ()
    together: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """The section of the page; *are_coming* while the first or newer ones are worked out."""

    lessons: tuple[Lesson, ...]
    over: int
    are_coming: bool


def lessons_of(painting: Painting, tried: Mapping[str | None, Sequence[Tried]]) -> Lessons:
    """Lay out what a painting shows, with what was *tried* of each definition (see `tried_of`)."""
    return Lessons(
        lessons=tuple(_lesson(each, tried.get(each.definition.name, ())) for each in painting.found or ()),
        over=painting.over,
        are_coming=painting.coming is not None,
    )


def _lesson(each: Portrayed, tried: Sequence[Tried]) -> Lesson:
    match each.portrayal:
        case NotEnough(reason=reason):
            return Lesson(definition=each.definition, silence=reason, portrait=None)
        case Portrait() as portrait:
            return Lesson(
                definition=each.definition,
                silence=None,
                portrait=portrait,
                slices=draw_slices(portrait, each.definition.objective.type, tried),
                surfaces=draw_surfaces(portrait, each.definition.objective.type),
                together=tuple(wording.together(portrait)),
            )
        case _:
            assert_never(each.portrayal)


def draw_slices(portrait: Portrait, direction: ObjectiveType, tried: Sequence[Tried]) -> tuple[SliceDrawing, ...]:
    """Draw the most important slices, all with one axis of the objective, so that flat ones look flat."""
    slices = portrait.slices[:DRAWN]
    ends = [end for each in slices for place in each.places for end in (place.estimate.low, place.estimate.high)]
    upward = axis([portrait.estimate.value, *ends], keep=portrait.estimate.value, parts=4)
    return tuple(_drawn(each, upward, direction, tried) for each in slices)


def _drawn(drawn: Slice, upward: Axis, direction: ObjectiveType, tried: Sequence[Tried]) -> SliceDrawing:
    summit = drawn.places[wording.summit(drawn, direction)]
    best = drawn.places[drawn.best]
    places = drawn.places if drawn.is_categorical else (best,)
    return SliceDrawing(
        name=drawn.name,
        line="" if drawn.is_categorical else _line(drawn.places, upward),
        band="" if drawn.is_categorical else _band(drawn.places, upward),
        marks=tuple(_mark(place, upward, drawn, is_best=place is best) for place in places),
        dots=_dots(dots_on(drawn, tried), upward),
        upward=tuple(Tick(at=_height(upward, value), value=value) for value in upward.ticks),
        first="" if drawn.is_categorical else wording.shown(drawn.places[0].value),
        last="" if drawn.is_categorical else wording.shown(drawn.places[-1].value),
        first_x=_across(drawn.places[0]),
        last_x=_across(drawn.places[-1]),
        summit=wording.shown(summit.value),
        summit_objective=wording.middle(summit.estimate),
    )


def _line(places: Sequence[Place], upward: Axis) -> str:
    return _points([(_across(place), _height(upward, place.estimate.value)) for place in places])


def _band(places: Sequence[Place], upward: Axis) -> str:
    there = [(_across(place), _height(upward, place.estimate.high)) for place in places]
    back = [(_across(place), _height(upward, place.estimate.low)) for place in reversed(places)]
    return _points(there + back)


def _mark(place: Place, upward: Axis, drawn: Slice, *, is_best: bool) -> Mark:
    is_named = drawn.is_categorical and len(drawn.places) <= _LABELLED
    label = wording.shown(place.value)
    return Mark(
        x=_across(place),
        y=_height(upward, place.estimate.value),
        top=_height(upward, place.estimate.high),
        bottom=_height(upward, place.estimate.low),
        label=(label if len(label) <= _LETTERS else f"{label[: _LETTERS - 1]}…") if is_named else "",
        is_best=is_best,
    )


def _dots(found: Sequence[tuple[float, float]], upward: Axis) -> str:
    shown = [(_right(at), _height(upward, value)) for at, value in found if upward.shows(value)]
    return "".join(f"M{x},{y}h0" for x, y in shown)


def _across(place: Place) -> float:
    return _right(place.at)


def _right(at: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * at, 1)


def _height(upward: Axis, value: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * upward.place(value), 1)


def _points(found: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in found)
