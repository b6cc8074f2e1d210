"""
Maps of what two hyperparameters do together, as shapes in a drawing of 320 by 240 units (pure).

    10 | ░░▒▒▓▓      bands of the objective, the best one darkest, as one path for each;
     1 | ░▒▓O▓▒      the ring is the training job believed to be the best
       +--------
       0.001   1
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from luthier.dashboard.portrait_wording import shown
from luthier.records.portrait import Portrait, Stop, Surface
from luthier.records.tuning_job import ObjectiveType

LEFT, RIGHT, TOP, BOTTOM = 58, 312, 8, 208
BANDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """All cells whose objective is about the same: *level* 0 is the worst, BANDS - 1 the best."""

    level: int
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceDrawing:
    """All shapes of one map, and its words."""

    names: tuple[str, str]
    bands: tuple[Band, ...]
    x: float  # of the ring
    y: float
    across: tuple[str, str]  # the first and the last value
    upward: tuple[str, str]
    summit: tuple[str, str]  # the values that are believed to be the best
    worst: float  # what the worst band begins with
    best: float


def draw_surfaces(portrait: Portrait, direction: ObjectiveType) -> tuple[SurfaceDrawing, ...]:
    """Draw every surface, all with the same bands, so that what hardly matters looks flat."""
    values = sorted(value for each in portrait.surfaces for row in each.values for value in row)
    if not values:
        return ()
    tenth = len(values) // 10  # the worst are one band: a steep edge would press all that matters into another
    if direction is ObjectiveType.MINIMIZE:
        worst, best = values[-1 - tenth], values[0]
    else:
        worst, best = values[tenth], values[-1]
    return tuple(_drawn(each, worst, best) for each in portrait.surfaces)


def _drawn(surface: Surface, worst: float, best: float) -> SurfaceDrawing:
    columns = _edges(surface.across, LEFT, RIGHT)
    lines = _edges(surface.upward, BOTTOM, TOP)
    levels = [[_level(value, worst, best) for value in row] for row in surface.values]
    column, row = _summit(surface, worst, best)
    return SurfaceDrawing(
        names=surface.names,
        bands=tuple(
            Band(level=level, path=path) for level in range(BANDS) if (path := _path(levels, level, columns, lines))
        ),
        x=_place(surface.across[surface.best[0]].at, LEFT, RIGHT),
        y=_place(surface.upward[surface.best[1]].at, BOTTOM, TOP),
        across=(shown(surface.across[0].value), shown(surface.across[-1].value)),
        upward=(shown(surface.upward[0].value), shown(surface.upward[-1].value)),
        summit=(shown(surface.across[column].value), shown(surface.upward[row].value)),
        worst=worst,
        best=best,
    )


def _level(value: float, worst: float, best: float) -> int:
    if worst == best:
        return 0
    share = (value / 2 - worst / 2) / (best / 2 - worst / 2)  # halves do not overflow
    return min(BANDS - 1, int(BANDS * max(share, 0.0)))


def _summit(surface: Surface, worst: float, best: float) -> tuple[int, int]:
    sign = 1.0 if best >= worst else -1.0
    places = [(column, row) for row in range(len(surface.upward)) for column in range(len(surface.across))]
    return max(places, key=lambda place: sign * surface.values[place[1]][place[0]])


def _edges(stops: Sequence[Stop], start: int, end: int) -> list[float]:
    """Give the borders of cells: midway between their stops, and the ends of the side."""
    between = [(one.at + other.at) / 2 for one, other in pairwise(stops)]
    return [_place(at, start, end) for at in (0.0, *between, 1.0)]


def _place(at: float, start: int, end: int) -> float:
    return round(start + (end - start) * at, 1)


def _path(levels: Sequence[Sequence[int]], level: int, columns: Sequence[float], lines: Sequence[float]) -> str:
    """Outline the cells of a band, neighbours in a row as one."""
    found = []
    for row, line in enumerate(levels):
        start = None
        for column, each in enumerate([*line, -1]):
            if each == level and start is None:
                start = column
            elif each != level and start is not None:
                found.append(f"M{columns[start]} {lines[row]}H{columns[column]}V{lines[row + 1]}H{columns[start]}z")
                start = None
    return "".join(found)
