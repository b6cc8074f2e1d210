"""
Bayesian search: a Gaussian process over the trials so far, and the point that promises most.

    encoding ─ start ──────────────────────────────────────────────┐
        └───── targets ─ kernel ─ gaussian_process ─ evidence ─ belief ─ acquisition ─ search ─ proposal

Read the modules in that order. The first few points fill the space evenly; every later one maximises the expected
improvement over what the model believes to be the best so far.
"""

from collections.abc import Collection, Sequence

import numpy as np

from luthier.records.search_space import Assignment, SearchSpace
from luthier.records.trial import Trial
from luthier.strategies.bayesian.belief import Belief, learn
from luthier.strategies.bayesian.search import maximise
from luthier.strategies.bayesian.single_thread import single_thread
from luthier.strategies.bayesian.start import fill
from luthier.strategies.encoding import Cell, Encoding
from luthier.strategies.novelty import is_exhausted
from luthier.strategies.scale import Array

FIRST_POINTS = 4
"""How many points are chosen for evenness alone, open trials and inherited ones included."""


class Bayesian:
    """The Strategy that learns from every trial; it never repeats a point of a discrete space."""

    def propose(
        self, space: SearchSpace, trials: Sequence[Trial], count: int, rng: np.random.Generator
    ) -> Sequence[Assignment]:
        """Choose up to *count* points, each as if those before it were running already (see `Strategy`)."""
        with single_thread():
            encoding = Encoding(space)
            return [encoding.decode(point) for point in _choose(encoding, trials, count, rng)]

    def give_up(self, space: SearchSpace, trials: Sequence[Trial]) -> Collection[int]:  # noqa: ARG002  # the Protocol's
        """Name none: every trial may finish."""
        return ()


def _choose(encoding: Encoding, trials: Sequence[Trial], count: int, rng: np.random.Generator) -> list[Array]:
    points = encoding.encode(trial.assignment for trial in trials)
    taken = set(encoding.cells(points))
    belief = learn(encoding, trials) if len(trials) >= FIRST_POINTS and not is_exhausted(encoding, taken) else None
    chosen: list[Array] = []
    while len(chosen) < count and not is_exhausted(encoding, taken):
        point = _next_point(encoding, belief, points, taken, rng)
        points = np.concatenate([points, point[None]])
        taken.update(encoding.cells(point[None]))
        if belief is not None:
            belief.expect(point[None])
        chosen.append(point)
    return chosen


def _next_point(
    encoding: Encoding, belief: Belief | None, points: Array, taken: Collection[Cell], rng: np.random.Generator
) -> Array:
    """Choose one free point of a space that is not exhausted."""
    found = maximise(belief, encoding, belief.best, taken, rng) if belief is not None else None
    return fill(encoding, points, taken, rng) if found is None else found
