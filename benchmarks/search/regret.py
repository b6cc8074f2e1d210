"""
The score of a run: r = (f_inc - f*) / (f_rs - f*), clipped to [0, 2].

| symbol | what |
|---|---|
| f_inc | the noise-free value of the point with the lowest *observed* value among the first n |
| f* | the best noise-free value known, in the references or in any run |
| f_rs | what random search has after as many evaluations (median) |

0 is the best known, 1 is random search. Means are over seeds first, then over problems.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from benchmarks.search.references import Reference
from benchmarks.search.runs import Run

WORST = 2.0
LEAST_SPAN = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Scales:
    """The references, with the best values lowered to what the runs have found."""

    references: Mapping[str, Reference]
    best: Mapping[str, float]

    def regret(self, run: Run, count: int, lag: int = 0) -> float:
        """Give the score of a run after *count* evaluations, or what it was *lag* evaluations earlier in its units."""
        reference, best = self.references[run.plan.problem], self.best[run.plan.problem]
        span = max(reference.random_at(count) - best, LEAST_SPAN)
        return float(np.clip((incumbent(run, count - lag) - best) / span, 0.0, WORST))


def scales(references: Mapping[str, Reference], runs: Iterable[Run]) -> Scales:
    """Give the scales by which *runs* compare."""
    best = {name: each.best for name, each in references.items()}
    for run in runs:
        if run.plan.problem in best:
            best[run.plan.problem] = float(np.nanmin([best[run.plan.problem], *run.truth]))
    return Scales(references=references, best=best)


def incumbent(run: Run, count: int) -> float:
    """Give the noise-free value of the point observed to be best among the first *count*; infinity if all failed."""
    observed = np.nan_to_num(run.observed[:count], nan=np.inf)
    best = int(np.argmin(observed))
    return run.truth[best] if np.isfinite(observed[best]) else np.inf


Scores = Mapping[str, Mapping[str, Sequence[float]]]
"""For each optimiser and problem, the scores of the seeds, in the same order for every optimiser."""


def scores(
    scale: Scales, runs: Iterable[Run], *, optimisers: Sequence[str], count: int, parallel: int, lag: int = 0
) -> Scores:
    """
    Score the pairs of problem and seed that every one of *optimisers* has finished, and no others (see `regret`).

    Of several runs of a pair the longest counts.
    """
    found = {
        (run.plan.optimiser, run.plan.problem, run.plan.seed): scale.regret(run, count, lag)
        for run in sorted(runs, key=lambda run: run.plan.budget)
        if run.plan.parallel == parallel and len(run.truth) >= count and run.plan.problem in scale.best
    }
    pairs = sorted({key[1:] for key in found})
    shared = [pair for pair in pairs if all((optimiser, *pair) in found for optimiser in optimisers)]
    return {
        optimiser: {
            problem: [found[optimiser, problem, seed] for other, seed in shared if other == problem]
            for problem in dict.fromkeys(problem for problem, _ in shared)
        }
        for optimiser in optimisers
    }
