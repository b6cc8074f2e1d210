"""One search of a problem, with the evaluations of others to begin with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from benchmarks.search.optimisers.luthier_bayesian import range_of
from benchmarks.search.runs import number_of
from benchmarks.search.spaces import Point, Space, from_json, from_unit, snap, to_unit
from benchmarks.warm_start.cases import Source

from luthier.records.search_space import SearchSpace
from luthier.records.trial import Trial
from luthier.strategies.bayesian import Bayesian

Evaluate = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""One message to the problems' process, and its answer (`benchmarks.search.serving`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was evaluated, in turn; values are minimised, so those of a search for the worst have their sign turned."""

    points: tuple[Point, ...]
    observed: tuple[float, ...]
    truth: tuple[float, ...]

    def incumbent(self, count: int) -> float:
        """Give the noise-free value of the point observed to be best among the first *count*."""
        return self.truth[int(np.argmin(self.observed[:count]))]


def to_line(search: Search) -> dict[str, Any]:
    """Give a search as it is written in a file."""
    return asdict(search)


def from_line(line: Mapping[str, Any]) -> Search:
    """Give the search that `to_line` wrote."""
    return Search(**{name: tuple(line[name]) for name in ("points", "observed", "truth")})


def perform(source: Source, budget: int, parents: Sequence[tuple[Space, Search]], evaluate: Evaluate) -> Search:
    """Search the problem of *source*, one evaluation at a time, as a tuning job with these *parents* would."""
    space = space_of(source.problem, evaluate)
    searched = SearchSpace(ranges=tuple(map(range_of, space)))
    inherited = [trial for place, each in enumerate(parents) for trial in _inherited(space, *each, f"parent {place}")]
    own: list[Trial] = []
    truth: list[float] = []
    for ordinal in range(budget):
        rng = np.random.default_rng([source.seed, ordinal])
        [point] = Bayesian().propose(searched, [*inherited, *own], 1, rng)
        seed = [source.seed, number_of(source.problem), ordinal]
        answer = evaluate({"evaluate": dict(point), "seed": seed})
        own.append(Trial(assignment=point, is_open=False, value=source.sign * answer["observed"]))
        truth.append(source.sign * answer["truth"])
    observed = tuple(trial.value for trial in own if trial.value is not None)
    return Search(points=tuple(trial.assignment for trial in own), observed=observed, truth=tuple(truth))


def space_of(problem: str, evaluate: Evaluate) -> Space:
    """Open a problem, and give its space."""
    return from_json(evaluate({"open": problem})["space"])


def _inherited(space: Space, before: Space, search: Search, task: str) -> list[Trial]:
    """Show a parent's evaluations as trials of the child; hyperparameters of another space are taken in their order."""
    points = search.points if before == space else [_translated(space, before, point) for point in search.points]
    return [
        Trial(assignment=dict(snap(space, point)), is_open=False, value=value, is_inherited=True, task=task)
        for point, value in zip(points, search.observed, strict=True)
    ]


def _translated(space: Space, before: Space, point: Point) -> Point:
    """Take the place of each hyperparameter in its range for that of the child's in the same place, over and over."""
    places = to_unit(before, point)
    return from_unit(space, [places[axis % len(places)] for axis in range(len(space))])
