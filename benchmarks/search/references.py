"""
What the values of a problem are measured against: the best one known, and what random search has after n evaluations.

    python -m benchmarks.search references PROBLEM ...

has this module run in the problems' interpreter, which keeps them in `references.json`. The best is the known optimum,
or what a large random sample and a local search from its best points find; runs that find more lower it when they are
read. Random search's value is the median, over simulated searches, of the truth of the point *observed* to be best.

A problem is refused where too few examples decide between the two: what counts errors has steps, and one of them must
not be more than a quarter of what random search leaves after 40 evaluations.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from benchmarks.search.catalogue import family_of, make
from benchmarks.search.problem import Array, Problem
from benchmarks.search.spaces import from_unit

PATH = Path(__file__).with_name("references.json")
COUNTS = (*range(1, 21), 25, 30, 35, 40, 50, 60, 75, 100, 150, 200)
SEARCHES = 400
JUDGED_AT = 40
LEAST_STEPS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How many evaluations a reference is worth."""

    pool: int  # random points, of which the simulated searches draw theirs
    sample: int  # further random points
    starts: int  # the best of them, each the start of a local search
    rounds: int
    children: int  # of each round


CHEAP = Effort(pool=4000, sample=20_000, starts=10, rounds=150, children=64)
LIVE = Effort(pool=300, sample=0, starts=3, rounds=8, children=16)
"""A live training takes up to a seventh of a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The scale of one problem's values."""

    best: float
    random: tuple[float, ...]  # for each of COUNTS
    step: float | None = None  # the least that two values differ by, where errors are counted

    def random_at(self, count: int) -> float:
        """Give what random search has after *count* evaluations, 200 at most; between COUNTS it is interpolated."""
        if not 1 <= count <= COUNTS[-1]:
            raise ValueError(f"random search is known for 1 to {COUNTS[-1]} evaluations, not {count}")
        return float(np.interp(np.log(count), np.log(COUNTS), self.random))

    @property
    def is_too_coarse(self) -> bool:
        """Whether the best known value is so few steps from random search's that one example moves a score far."""
        span = self.random_at(JUDGED_AT) - self.best
        return self.step is not None and span < (LEAST_STEPS - 0.5) * self.step  # a span is a whole number of steps


def load(path: Path = PATH) -> dict[str, Reference]:
    """Read the references of all problems that have them."""
    stored = json.loads(path.read_text()) if path.exists() else {}
    return {
        name: Reference(best=each["best"], random=tuple(each["random"]), step=each.get("step"))
        for name, each in stored.items()
    }


def store(references: Mapping[str, Reference], path: Path = PATH) -> None:
    """Write references, one problem a line."""
    lines = (f"{json.dumps(name)}: {json.dumps(_fields(each))}" for name, each in sorted(references.items()))
    half_written = path.with_suffix(".half-written")
    half_written.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    half_written.replace(path)


def _fields(reference: Reference) -> dict[str, object]:
    fields = {"best": reference.best, "random": list(reference.random)}
    return fields if reference.step is None else {**fields, "step": reference.step}


def work_out(names: Sequence[str], data: Path | None, path: Path = PATH) -> list[str]:
    """Work out and keep the references of the problems that have none yet; tell which are refused as too coarse."""
    refused = []
    for name in names:
        if name in load(path):
            continue
        worked_out = reference(make(name, data), LIVE if family_of(name) == "live" else CHEAP)
        if worked_out.is_too_coarse:
            refused.append(name)
        else:
            store({**load(path), name: worked_out}, path)  # others may have come meanwhile
        print(name, flush=True)
    return refused


def reference(problem: Problem, effort: Effort) -> Reference:
    """Work out the reference of a problem; the same each time."""
    rng = np.random.default_rng(0)
    places = rng.random((effort.pool, len(problem.space)))
    points = [from_unit(problem.space, place) for place in places]
    truth = problem.truth(points)
    observed = np.array([problem.observe(point, rng) for point in points]) if problem.is_noisy else truth
    best = _search(problem, places, truth, effort, rng) if problem.optimum is None else problem.optimum
    step = None if problem.step is None else _rounded(problem.step)
    return Reference(best=_rounded(best), random=tuple(map(_rounded, _random_curve(observed, truth, rng))), step=step)


def _rounded(value: float) -> float:
    return float(f"{value:.8g}")


def _random_curve(observed: Array, truth: Array, rng: np.random.Generator) -> Array:
    """Give the median over searches (len(COUNTS),) of the truth of the incumbent."""
    drawn = rng.integers(0, len(observed), (SEARCHES, COUNTS[-1]))
    lowest = np.minimum.accumulate(observed[drawn], axis=1)
    is_new = np.column_stack([np.ones(SEARCHES, bool), lowest[:, 1:] < lowest[:, :-1]])
    last_new = np.maximum.accumulate(np.where(is_new, np.arange(COUNTS[-1]), 0), axis=1)
    incumbents = truth[np.take_along_axis(drawn, last_new, axis=1)]
    medians: Array = np.median(incumbents, axis=0)[np.array(COUNTS) - 1]
    return medians


def _search(problem: Problem, places: Array, values: Array, effort: Effort, rng: np.random.Generator) -> float:
    """Give the best value that mutations of the best of a large sample find; *places* (n, d) have *values* (n,)."""
    more = rng.random((effort.sample, len(problem.space)))
    if len(more):
        places, values = np.concatenate([places, more]), np.concatenate([values, _truth(problem, more)])
    starts = np.argsort(values)[: effort.starts]
    return min(_climb(problem, places[start], values[start], effort, rng) for start in starts)


def _climb(problem: Problem, place: Array, value: float, effort: Effort, rng: np.random.Generator) -> float:
    """Give the value to which mutations lead from *place* (d,), smaller ones after every round without success."""
    size = 0.2
    for _ in range(effort.rounds):
        children = _mutate(place, effort.children, size, rng)
        found = _truth(problem, children)
        if found.min() < value:
            place, value = children[found.argmin()], found.min()
        else:
            size = max(0.9 * size, 1e-3)
    return float(value)


def _mutate(place: Array, count: int, size: float, rng: np.random.Generator) -> Array:
    """Move some coordinates of *place* (d,) a little, and few of them anywhere: (count, d)."""
    shape = (count, len(place))
    moved = np.clip(place + size * rng.normal(size=shape) * (rng.random(shape) < 0.4), 0, 1)
    children: Array = np.where(rng.random(shape) < 0.04, rng.random(shape), moved)
    return children


def _truth(problem: Problem, places: Array) -> Array:
    return problem.truth([from_unit(problem.space, place) for place in places])


if __name__ == "__main__":
    too_coarse = work_out(sys.argv[2:], Path(sys.argv[1]) if sys.argv[1] else None)
    if too_coarse:
        sys.exit(f"refused, since so few examples decide: {', '.join(too_coarse)}; choose another model or data set")
