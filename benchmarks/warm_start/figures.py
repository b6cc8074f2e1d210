"""
How much regret is left with parents, of that without: 1 is no gain, 0 the best known value.

A problem's ratio is that of the mean regrets over the seeds, at most 3; a family's is the mean over its problems. The
regret is the noise-free value of the point observed to be best, less the best value known, in the references of the
search benchmark or in any search.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from benchmarks.search.catalogue import family_of
from benchmarks.search.markdown import table
from benchmarks.warm_start.searching import Search

MOST = 3.0
LEAST = 1e-12

Searches = Mapping[str, Sequence[Search]]
"""For each problem, the searches with seeds 0, 1, ..."""


def ratios(alone: Searches, helped: Searches, best: Mapping[str, float], count: int) -> dict[str, float]:
    """Give what is left of the regret of each problem after *count* evaluations."""
    return {
        name: min(MOST, _regret(searches, best[name], count) / max(_regret(alone[name], best[name], count), LEAST))
        for name, searches in helped.items()
    }


def best_known(references: Mapping[str, float], *everything: Searches) -> dict[str, float]:
    """Give the best noise-free value of each problem."""
    best = dict(references)
    for searches in everything:
        for name, each in searches.items():
            best[name] = min([best.get(name, np.inf), *(value for search in each for value in search.truth)])
    return best


def by_family(each: Mapping[str, float]) -> dict[str, float]:
    """Give the means of the families' problems, and of all problems."""
    families = dict.fromkeys(map(family_of, each))
    means = {
        family: float(np.mean([value for name, value in each.items() if family_of(name) == family]))
        for family in families
    }
    return {"all": float(np.mean(list(each.values()))), **means}


def render(kinds: Mapping[str, Searches], alone: Searches, best: Mapping[str, float], counts: Sequence[int]) -> str:
    """Give one table: a row for each kind of parents and number of evaluations, a column for each family."""
    heads = ["parents", "evaluations", *by_family(dict.fromkeys(alone, 0.0))]
    rows = [
        [kind, str(count), *(f"{value:.2f}" for value in by_family(ratios(alone, helped, best, count)).values())]
        for kind, helped in kinds.items()
        for count in counts
    ]
    return table(heads, rows)


def _regret(searches: Sequence[Search], best: float, count: int) -> float:
    return float(np.mean([search.incumbent(count) - best for search in searches]))
