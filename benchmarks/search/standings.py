"""How optimisers compare: mean scores with intervals, ranks, collapses, and paired differences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from benchmarks.search.problem import Array
from benchmarks.search.regret import Scores

COLLAPSE = 1.5
"""A mean score on a problem above which an optimiser has done clearly worse there than random search."""

RESAMPLINGS = 1000
INTERVAL = (5, 95)  # percent: 90 % lie between


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One optimiser among others."""

    optimiser: str
    score: float
    low: float
    high: float
    rank: float  # 1 is best; ties share the mean of their places
    collapses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One optimiser against another, on the same problems and seeds."""

    other: str
    score: float
    score_of_other: float
    mean: float  # below 0: the one is better
    low: float
    high: float
    better: int  # on so many problems
    problems: int
    runs: int  # of each of the two

    @property
    def ratio(self) -> float:
        """The one's score in units of the other's; NaN where the other's is 0."""
        return self.score / self.score_of_other if self.score_of_other else float("nan")


def standings(scores: Scores) -> list[Standing]:
    """Order the optimisers, the best first."""
    ranks = _ranks(scores)
    return sorted((_standing(name, scores[name], ranks[name]) for name in scores), key=lambda each: each.score)


def compare(one: str, other: str, scores: Scores) -> Difference:
    """Compare two optimisers by the differences of their scores on each problem and seed."""
    mine, theirs = scores[one], scores[other]
    differences = {name: np.subtract(mine[name], theirs[name]).tolist() for name in mine}
    low, high = interval(differences)
    return Difference(
        other=other,
        score=mean(mine),
        score_of_other=mean(theirs),
        mean=mean(differences),
        low=low,
        high=high,
        better=sum(float(np.mean(values)) < 0 for values in differences.values()),
        problems=len(differences),
        runs=sum(len(values) for values in differences.values()),
    )


def mean(values: Mapping[str, Sequence[float]]) -> float:
    """Average over seeds, then over problems."""
    return float(np.mean([np.mean(each) for each in values.values()]))


def interval(values: Mapping[str, Sequence[float]]) -> tuple[float, float]:
    """Give the 90 % interval of `mean` by bootstrap over problems and, within each, over seeds."""
    rng = np.random.default_rng(0)
    names = list(values)
    means = np.array([_resampled(np.array(values[name]), rng) for name in names])  # (problems, RESAMPLINGS)
    drawn = rng.integers(0, len(names), (len(names), RESAMPLINGS))
    low, high = np.percentile(np.take_along_axis(means, drawn, axis=0).mean(axis=0), INTERVAL)
    return float(low), float(high)


def _resampled(seeds: Array, rng: np.random.Generator) -> Array:
    means: Array = seeds[rng.integers(0, len(seeds), (RESAMPLINGS, len(seeds)))].mean(axis=1)
    return means


def _standing(name: str, scores: Mapping[str, Sequence[float]], rank: float) -> Standing:
    low, high = interval(scores)
    collapses = tuple(problem for problem, values in scores.items() if float(np.mean(values)) > COLLAPSE)
    return Standing(optimiser=name, score=mean(scores), low=low, high=high, rank=rank, collapses=collapses)


def _ranks(scores: Scores) -> dict[str, float]:
    """Rank the optimisers on each problem and seed, and average over seeds, then over problems."""
    names = list(scores)
    by_problem: dict[str, list[Array]] = {}
    for problem in scores[names[0]]:
        table = np.array([scores[name][problem] for name in names])  # (optimisers, seeds)
        better = (table[None] < table[:, None] - 1e-12).sum(axis=1)
        equal = (np.abs(table[None] - table[:, None]) <= 1e-12).sum(axis=1)
        by_problem[problem] = list((better + (equal + 1) / 2).T)
    means = np.mean([np.mean(each, axis=0) for each in by_problem.values()], axis=0)
    return dict(zip(names, means.tolist(), strict=True))
