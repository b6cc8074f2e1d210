"""
How the objectives of tuning jobs are distributed, in a drawing of 720 by 280 units (pure).

    1.0 |          ___----      for each value across, the share of training jobs whose objective is at most that:
    0.5 |     _.--´             the empirical distribution function
    0.0 |_..-´
         0.2       0.8

A line far to the left has many low objectives, whichever training job came first: it tells a better search space, or a
better program, from luck.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from luthier.dashboard.plot import BOTTOM, LEFT, RIGHT, TOP, Tick
from luthier.dashboard.scale import Axis, axis

POINTS = 200
"""Points of a line, about: of more objectives, quantiles."""

_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """All shapes of the drawing; a line is empty where there is no objective."""

    lines: tuple[str, ...]
    across: tuple[Tick, ...]  # objective values
    upward: tuple[Tick, ...]  # shares


def distribution(groups: Sequence[Sequence[float]]) -> Distribution | None:
    """Draw a line for each group of objectives; None if all are empty."""
    values = [value for group in groups for value in group]
    if not values:
        return None
    across = axis(values, keep=values[0], parts=8)
    return Distribution(
        lines=tuple(_line(sorted(group), across) for group in groups),
        across=tuple(Tick(at=_across(across, value), value=value) for value in across.ticks),
        upward=tuple(Tick(at=_height(share), value=share) for share in _SHARES),
    )


def _line(ordered: Sequence[float], across: Axis) -> str:
    """Step up at each value, or at quantiles of many; to the left and to the right the line goes on level."""
    if not ordered:
        return ""
    count = len(ordered)
    stride = max(1, -(-count // POINTS))
    reached = [*range(stride, count, stride), count]
    path, share = [(float(LEFT), _height(0.0))], 0.0
    for rank in reached:
        x = _across(across, ordered[rank - 1])
        path += [(x, _height(share)), (x, _height(rank / count))]
        share = rank / count
    path.append((float(RIGHT), _height(1.0)))
    return " ".join(f"{x},{y}" for x, y in path)


def _across(across: Axis, value: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * across.place(value), 1)


def _height(share: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * share, 1)
