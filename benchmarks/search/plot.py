"""A plot of lines over the number of evaluations, as SVG."""

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 400, 50, 150, 30, 40
COLOURS = ("#0b62a4", "#c2410c", "#15803d", "#7c3aed", "#a16207", "#8a8a8a", "#be185d")
FIRST, OTHERS = 3.5, 1.5  # widths of lines


def draw(title: str, counts: Sequence[int], lines: Mapping[str, Sequence[float]]) -> str:
    """Draw a line for each name, the first one thick, with a value for each of *counts*; the y axis begins at 0."""
    top = max(value for line in lines.values() for value in line) * 1.05
    frame = _Frame(counts[0], counts[-1], top)
    named = zip(lines.items(), COLOURS * (1 + len(lines) // len(COLOURS)), strict=False)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
        f' font-size="12" role="img" aria-label="{escape(title)}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="{TOP - 6}">{escape(title)}</text>',
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 4}" text-anchor="middle">evaluations</text>',
        *(_tick_across(frame, tick) for tick in _steps(top)),
        *(_tick_below(frame, count) for count in counts if count % 10 == 0),
        *(
            _line(frame, counts, values, colour, FIRST if place == 0 else OTHERS)
            for place, ((_, values), colour) in enumerate(named)
        ),
        *_legend(frame, lines),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


class _Frame:
    """Where values lie on the page."""

    def __init__(self, first: int, last: int, top: float) -> None:
        self._first, self._span, self._top = first, max(last - first, 1), top

    def x(self, count: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (count - self._first) / self._span, 1)

    def y(self, value: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / self._top, 1)


def _steps(top: float) -> list[float]:
    step = 0.25 if top > 0.6 else 0.1
    return [round(step * i, 2) for i in range(int(top / step) + 1)]


def _tick_across(frame: _Frame, value: float) -> str:
    y = frame.y(value)
    return (
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}" stroke="#ddd"/>'
        f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{value:g}</text>'
    )


def _tick_below(frame: _Frame, count: int) -> str:
    return f'<text x="{frame.x(count)}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{count}</text>'


def _line(frame: _Frame, counts: Sequence[int], values: Sequence[float], colour: str, width: float) -> str:
    points = " ".join(f"{frame.x(count)},{frame.y(value)}" for count, value in zip(counts, values, strict=True))
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def _legend(frame: _Frame, lines: Mapping[str, Sequence[float]]) -> list[str]:
    """Name each line at its end, names that would overlap one below the other."""
    coloured = zip(lines.items(), COLOURS * (1 + len(lines) // len(COLOURS)), strict=False)
    ends = sorted((frame.y(values[-1]), name, colour) for (name, values), colour in coloured)
    texts, free = [], 0.0
    for y, name, colour in ends:
        free = max(y, free)
        texts.append(f'<text x="{WIDTH - RIGHT + 6}" y="{free + 4}" fill="{colour}">{escape(name)}</text>')
        free += 14
    return texts
