"""
The pictures of docs/inside/search.md, drawn from what the search itself computes.

    .venv/bin/python docs/pictures/search.py [FOLDER]

writes search-step.svg, search-targets.svg, search-trend.svg and search-pending.svg beside this script, or in FOLDER.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np

from luthier.records.search_space import ContinuousRange, SearchSpace
from luthier.records.trial import Trial
from luthier.strategies.bayesian import Bayesian
from luthier.strategies.bayesian.belief import Belief, learn
from luthier.strategies.bayesian.evidence import fit
from luthier.strategies.bayesian.gaussian_process import GaussianProcess
from luthier.strategies.bayesian.targets import half_rank
from luthier.strategies.bayesian.trend import TREND
from luthier.strategies.encoding import Encoding
from luthier.strategies.scale import Array

SPACE = SearchSpace(ranges=(ContinuousRange(name="x", low=0.0, high=1.0),))
GRID = np.linspace(0.0, 1.0, 241)
BLUE, ORANGE, GREEN, GREY = "#0b62a4", "#c2410c", "#15803d", "#8a8a8a"
WIDTH = 720
CELLS = 25


def objective(x: float) -> float:
    """A valley with two floors, the right one a little deeper."""
    return float(np.sin(11.0 * x) * 0.8 + 3.0 * (x - 0.55) ** 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A rectangle of the picture, with x from 0 to 1 and y from *low* to *high*."""

    left: float
    top: float
    width: float
    height: float
    low: float
    high: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Give the place of a value on the picture; one beyond the rectangle lies on its edge."""
        share = min(max((y - self.low) / (self.high - self.low), 0.0), 1.0)
        return round(self.left + self.width * x, 1), round(self.top + self.height * (1.0 - share), 1)

    def frame(self, title: str) -> str:
        """Draw its border with a title above."""
        return (
            f'<rect x="{self.left}" y="{self.top}" width="{self.width}" height="{self.height}" fill="none"'
            f' stroke="#ccc"/>'
            f'<text x="{self.left}" y="{self.top - 8}">{escape(title)}</text>'
        )

    def line(self, x: Array, y: Array, colour: str, dashes: str = "none") -> str:
        """Draw a line through values."""
        return (
            f'<polyline points="{self._points(x, y)}" fill="none" stroke="{colour}" stroke-width="2"'
            f' stroke-dasharray="{dashes}"/>'
        )

    def band(self, x: Array, low: Array, high: Array, colour: str) -> str:
        """Fill what lies between two lines."""
        outline = self._points(np.append(x, x[::-1]), np.append(low, high[::-1]))
        return f'<polygon points="{outline}" fill="{colour}" fill-opacity="0.15"/>'

    def dots(self, x: Sequence[float] | Array, y: Sequence[float] | Array, colour: str) -> str:
        """Draw a dot for each value."""
        places = [self.at(float(a), float(b)) for a, b in zip(x, y, strict=True)]
        return "".join(f'<circle cx="{a}" cy="{b}" r="4" fill="{colour}"/>' for a, b in places)

    def cell(self, x: float, y: float, shade: float) -> str:
        """Fill one of CELLS times CELLS cells around its middle; *shade* is from 0 to 1."""
        side = self.width / CELLS
        across, down = self.at(float(x), float(y))
        return (
            f'<rect x="{across - side / 2:.1f}" y="{down - side / 2:.1f}" width="{side + 0.2:.1f}"'
            f' height="{side + 0.2:.1f}" fill="{GREEN}" fill-opacity="{shade:.2f}"/>'
        )

    def mark(self, x: float, text: str, colour: str, anchor: str = "middle") -> str:
        """Draw a vertical line with a word below."""
        across, foot = self.at(x, self.low)
        return (
            f'<line x1="{across}" x2="{across}" y1="{self.top}" y2="{foot}" stroke="{colour}" stroke-dasharray="4 3"/>'
            f'<text x="{across}" y="{foot + 16}" fill="{colour}" text-anchor="{anchor}">{escape(text)}</text>'
        )

    def _points(self, x: Array, y: Array) -> str:
        return " ".join("{},{}".format(*self.at(float(a), float(b))) for a, b in zip(x, y, strict=True))


def picture(label: str, height: int, parts: Sequence[str]) -> str:
    """Put parts together to a picture that *label* says in words."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif"'
        f' font-size="13" role="img" aria-label="{escape(label)}">'
    )
    return "\n".join([head, f'<rect width="{WIDTH}" height="{height}" fill="white"/>', *parts, "</svg>", ""])


def searched(count: int) -> list[Trial]:
    """Let the search itself try *count* points of the objective."""
    trials: list[Trial] = []
    for ordinal in range(count):
        [point] = Bayesian().propose(SPACE, trials, 1, np.random.default_rng([3, ordinal]))
        trials.append(Trial(assignment=point, value=objective(float(point["x"])), is_open=False))
    return trials


def believed(trials: Sequence[Trial]) -> tuple[Belief, Array, Array, Array]:
    """Give the belief after *trials* with its mean, deviation and promise along the grid."""
    belief = learn(Encoding(SPACE), trials)
    assert belief is not None  # the objective has contrast
    mean, deviation = belief.predict(GRID[:, None])
    return belief, mean, deviation, belief.promise(GRID[:, None])


def warped(trials: Sequence[Trial]) -> Array:
    """Give the targets of trials that are over."""
    z = half_rank([trial.value for trial in trials])
    assert z is not None  # the objective has contrast
    return z


def promise_panel(panel: Panel, promise: Array, anchor: str = "middle") -> list[str]:
    """Draw the promise, from its highest value down to e to the minus 12th of it."""
    best = int(np.argmax(promise))
    return [panel.line(GRID, promise - promise[best], GREEN), panel.mark(float(GRID[best]), "next", GREEN, anchor)]


def step() -> str:
    """Draw what the model believes after 5 and after 9 trials, and where the next one goes."""
    parts = []
    for place, count in enumerate((5, 9)):
        left = 20.0 + 350.0 * place
        trials = searched(count)
        _, mean, deviation, promise = believed(trials)
        above = Panel(left=left, top=30, width=330, height=200, low=-2.6, high=2.6)
        below = Panel(left=left, top=265, width=330, height=90, low=-12.0, high=0.6)
        at = [float(trial.assignment["x"]) for trial in trials]
        parts += [
            above.frame(f"after {count} trials: mean ± 2 deviations"),
            above.band(GRID, mean - 2 * deviation, mean + 2 * deviation, BLUE),
            above.line(GRID, mean, BLUE),
            above.dots(at, warped(trials), ORANGE),
            below.frame("logarithm of the expected improvement"),
            *promise_panel(below, promise),
        ]
    return picture("The model after five and after nine trials, and where it expects an improvement", 380, parts)


def targets() -> str:
    """Draw values with one that diverged, as they are and as the model sees them."""
    values = np.array([0.31, 0.28, 0.36, 0.33, 0.29, 0.55, 0.61, 0.90, 2.4, 40.0])
    z = half_rank(values.tolist())
    assert z is not None  # ten different values
    order = np.argsort(values)
    x = (np.arange(len(values)) + 0.5) / len(values)
    raw = Panel(left=20, top=30, width=330, height=200, low=-3.0, high=43.0)
    seen = Panel(left=370, top=30, width=330, height=200, low=float(z.min()) - 0.2, high=float(z.max()) + 0.2)
    parts = [
        raw.frame("ten losses, best first: one has diverged"),
        raw.dots(x, values[order], ORANGE),
        seen.frame("their targets: in proportion, then by rank"),
        seen.dots(x, z[order], BLUE),
    ]
    return picture("Ten losses of which one has diverged, and the targets they are warped to", 245, parts)


def trend() -> str:
    """Draw where an improvement of a bowl is expected after ten trials of a plane, without and with a trend."""
    trials = np.random.default_rng(5).random((10, 2))
    z = half_rank(np.sum((trials - [0.42, 0.58]) ** 2, axis=1).tolist())
    assert z is not None  # ten different values
    middles = (np.arange(CELLS) + 0.5) / CELLS
    plane = np.array([(x, y) for x in middles for y in middles])
    numbers, parts = np.zeros(2, dtype=bool), []
    for place, (weight, title) in enumerate(((0.0, "without a trend"), (TREND / 2, "with a trend"))):
        process = GaussianProcess(fit(trials, z, numbers, weight), numbers, trials, z)
        promise = Belief(process, 2).promise(plane)
        panel = Panel(left=60.0 + 350.0 * place, top=30, width=250, height=250, low=0.0, high=1.0)
        parts += [
            *(
                panel.cell(x, y, shade)
                for (x, y), shade in zip(plane, np.exp(0.4 * (promise - promise.max())), strict=True)
            ),
            panel.frame(title),
            panel.dots(trials[:, 0], trials[:, 1], ORANGE),
        ]
    return picture(
        "Without a trend an improvement is expected at the edges too, with one in the valley alone", 295, parts
    )


def pending() -> str:
    """Draw where an improvement is expected before and after a point is pending."""
    belief, _, _, promise = believed(searched(7))
    chosen = float(GRID[int(np.argmax(promise))])
    belief.expect(np.array([[chosen]]))
    panels = [Panel(left=20.0 + 350.0 * k, top=30, width=330, height=120, low=-12.0, high=0.6) for k in (0, 1)]
    parts = [
        panels[0].frame("expected improvement: the next point"),
        *promise_panel(panels[0], promise),
        panels[1].frame("while it runs: the one after it"),
        *promise_panel(panels[1], belief.promise(GRID[:, None]), "end"),
        panels[1].mark(chosen, "running", GREY, "start"),
    ]
    return picture("Where an improvement is expected before and while a point is pending", 175, parts)


def main(folder: Path) -> None:
    """Write all pictures."""
    for draw in (step, targets, trend, pending):
        (folder / f"search-{draw.__name__}.svg").write_text(draw())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
