"""Search spaces as problems and optimisers see them: ranges, points, and the unit cube."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

HALF = 0.499999
"""How far the cell of a whole number reaches to either side; just under a half, so that rounding leaves it alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Real:
    """Real numbers from *low* to *high*, drawn evenly on a linear or a logarithmic scale."""

    name: str
    low: float
    high: float
    log: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """Whole numbers from *low* to *high*, both included; on a logarithmic scale small ones have wider cells."""

    name: str
    low: int
    high: int
    log: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of some words, without order."""

    name: str
    choices: tuple[str, ...]


Range = Real | Whole | Choice
Space = tuple[Range, ...]
Point = Mapping[str, float | int | str]


def from_unit(space: Space, coordinates: Iterable[float]) -> Point:
    """Give the point that lies at *coordinates* of the unit cube; words and whole numbers have cells."""
    return {each.name: _at(each, min(max(float(u), 0.0), 1.0)) for each, u in zip(space, coordinates, strict=True)}


def to_unit(space: Iterable[Range], point: Point) -> list[float]:
    """Give the coordinates of *point* in the unit cube: the middle of a word's cell, a number's place on its scale."""
    return [_place(each, point[each.name]) for each in space]


def snap(space: Space, point: Mapping[str, Any]) -> Point:
    """
    Give the legal point nearest to what an optimiser answered.

    Raises ValueError for a word that is none of the range's choices: that is a defect of an adapter.
    """
    return {each.name: _snapped(each, point[each.name]) for each in space}


def to_json(space: Space) -> list[dict[str, Any]]:
    """Give *space* as it travels between processes."""
    return [{"kind": type(each).__name__, **asdict(each)} for each in space]


def from_json(ranges: Iterable[Mapping[str, Any]]) -> Space:
    """Give the space that `to_json` wrote."""
    return tuple(_range(dict(each)) for each in ranges)


def cells(each: Real | Whole) -> tuple[float, float]:
    """Give the two ends of a numeric range, on its scale, with the cells of the outermost whole numbers."""
    low, high = (each.low - HALF, each.high + HALF) if isinstance(each, Whole) else (each.low, each.high)
    return (math.log(low), math.log(high)) if each.log else (low, high)


def _at(each: Range, u: float) -> float | int | str:
    if isinstance(each, Choice):
        return each.choices[min(int(u * len(each.choices)), len(each.choices) - 1)]
    low, high = cells(each)
    value = low + u * (high - low)
    return _snapped(each, math.exp(value) if each.log else value)


def _place(each: Range, value: float | int | str) -> float:
    if isinstance(each, Choice):
        return (each.choices.index(str(value)) + 0.5) / len(each.choices)
    low, high = cells(each)
    if high <= low:
        return 0.5
    return ((math.log(float(value)) if each.log else float(value)) - low) / (high - low)


def _snapped(each: Range, value: Any) -> float | int | str:
    if isinstance(each, Choice):
        if str(value) not in each.choices:
            raise ValueError(f"{each.name}: {value!r} is none of {each.choices}")
        return str(value)
    if isinstance(each, Whole):
        return int(min(max(round(float(value)), each.low), each.high))
    return float(min(max(float(value), each.low), each.high))


def _range(fields: dict[str, Any]) -> Range:
    match fields.pop("kind"):
        case "Choice":
            return Choice(name=fields["name"], choices=tuple(fields["choices"]))
        case "Whole":
            return Whole(**fields)
        case _:
            return Real(**fields)


def reals(names: Sequence[str], low: float, high: float, *, log: bool = False) -> Space:
    """Give one real range for each of *names*, all with the same bounds."""
    return tuple(Real(name=name, low=low, high=high, log=log) for name in names)
