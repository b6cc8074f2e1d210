"""
Bayesian search: a Gaussian process over the trials so far, and the point that promises most.

    encoding ─ scaling ─ start ──────────────────────── precedents ─────────────────────┐
        └───── targets ─ kernel ─ trend ─ gaussian_process ─ evidence ─ tasks ─ belief ─ acquisition ─ search ─ proposal
                            └── kinship ───────┴───────── kinship_fit ──┘

Read the modules in that order. A search begins with the algorithm's defaults, one that knows other tasks with what was
best there beside them; the next few points fill the space evenly, where there are no others; every later one maximises
the expected improvement over what the model believes to be the best so far.
"""

from collections.abc import Collection, Iterator, Sequence

import numpy as np

from luthier.records.reason import Reason
from luthier.records.search_space import Assignment, SearchSpace
from luthier.records.trial import Trial
from luthier.strategies.bayesian.belief import Belief, learn
from luthier.strategies.bayesian.precedents import precedents
from luthier.strategies.bayesian.reasons import Chosen, Origin, reason_of, unwarping_of
from luthier.strategies.bayesian.scaling import settle
from luthier.strategies.bayesian.search import maximise
from luthier.strategies.bayesian.start import fill, opening
from luthier.strategies.encoding import Cell, Encoding
from luthier.strategies.novelty import is_exhausted
from luthier.strategies.scale import Array
from luthier.strategies.single_thread import single_thread

FIRST_POINTS = 4
"""How many points are chosen for evenness alone, open trials and inherited ones included."""


class Bayesian:
    """The Strategy that learns from every trial; it never repeats a point of a discrete space."""

    def propose(
        self, space: SearchSpace, trials: Sequence[Trial], count: int, rng: np.random.Generator
    ) -> Sequence[Assignment]:
        """Choose up to *count* points, each as if those before it were running already (see `Strategy`)."""
        with single_thread():
            encoding = Encoding(settle(space, trials))
            first = opening(encoding, space.defaults)
            return [encoding.decode(each.point) for each in _choose(encoding, first, trials, count, rng)]

    def reasons(
        self, space: SearchSpace, trials: Sequence[Trial], count: int, rng: np.random.Generator
    ) -> Sequence[Reason]:
        """Say what each point was chosen for (see `Strategy`); it takes as long as to choose them."""
        with single_thread():
            encoding = Encoding(settle(space, trials))
            first = opening(encoding, space.defaults)
            unwarping = unwarping_of(trials)
            return [
                reason_of(each, tuple(space.defaults), FIRST_POINTS, unwarping)
                for each in _choose(encoding, first, trials, count, rng)
            ]


def _choose(
    encoding: Encoding, first: Array, trials: Sequence[Trial], count: int, rng: np.random.Generator
) -> Iterator[Chosen]:
    """Choose points one by one; whoever asks has each together with what is believed before it is counted as known."""
    heard, belief = _heard(encoding, trials)
    ahead = precedents(encoding, first, heard, belief)
    points = encoding.encode(trial.assignment for trial in heard)
    cells = encoding.cells(points)
    taken = {cell for cell, trial in zip(cells, heard, strict=True) if not trial.is_inherited}
    known = {cell for cell, trial in zip(cells, heard, strict=True) if trial.task is None}
    pending = sum(trial.is_open for trial in heard)
    for _ in range(count):
        if is_exhausted(encoding, taken):
            return
        avoided = taken if is_exhausted(encoding, known) else known
        point, origin = _next_point(encoding, first, ahead, belief, points, avoided, rng)
        yield Chosen(point=point, origin=origin, known=len(points), pending=pending, belief=belief)
        points = np.concatenate([points, point[None]])
        pending += 1
        for cell in encoding.cells(point[None]):
            taken.add(cell)
            known.add(cell)
        if belief is not None:
            belief.expect(point[None])


def _heard(encoding: Encoding, trials: Sequence[Trial]) -> tuple[Sequence[Trial], Belief | None]:
    """Give the trials that count, without those of other tasks where they are not believed, and what they teach."""
    own = [trial for trial in trials if trial.task is None]
    belief = learn(encoding, trials) if len(trials) >= FIRST_POINTS else None
    if belief is None or belief.knows_tasks or len(own) == len(trials):
        return trials, belief
    return own, belief if len(own) >= FIRST_POINTS else None


def _free(encoding: Encoding, points: list[Array], avoided: Collection[Cell]) -> Array | None:
    """Take the first of *points* that is free off the list; None if there is none left."""
    while points:
        point = points.pop(0)
        if encoding.cells(point[None])[0] not in avoided:
            return point
    return None


def _next_point(
    encoding: Encoding,
    first: Array,
    ahead: list[Array],
    belief: Belief | None,
    points: Array,
    avoided: Collection[Cell],
    rng: np.random.Generator,
) -> tuple[Array, Origin]:
    """Choose one free point of a space that is not exhausted."""
    point = _free(encoding, ahead, avoided)
    if point is not None:
        return point, Origin.OPENING if np.array_equal(point, first) else Origin.PRECEDENT
    found = maximise(belief, encoding, belief.best, avoided, rng) if belief is not None else None
    drawn = fill(encoding, points, avoided, rng) if found is None else found
    if not len(points):
        return first, Origin.OPENING  # drawn all the same: what opens a search shifts no other draw
    return drawn, Origin.EVEN if found is None else Origin.PROMISING
