"""
How well the model predicts objectives that it has not seen: the rank correlation over left-out trials.

Every fifth trial is left out, and predicted by a model of the others; then the next fifths, until there are enough
predictions. Ranks are compared, not values: a search needs to know what is better, not by how much.

Source: Spearman 1904, "The proof and measurement of association between two things".
"""

from collections.abc import Collection, Sequence

import numpy as np

from luthier.records.trial import Trial
from luthier.strategies.bayesian.belief import learn
from luthier.strategies.bayesian.portrait.sampling import PORTRAYED, evenly
from luthier.strategies.bayesian.portrait.unwarping import Unwarping
from luthier.strategies.bayesian.targets import half_rank
from luthier.strategies.encoding import Encoding
from luthier.strategies.scale import Array
from luthier.strategies.single_thread import single_thread

FOLDS = 5
ENOUGH = 40
"""Predictions after which no further model is fitted: it would cost seconds and change little."""

MOST = 400
"""Predictions of one model: of more trials left out, so many of them, evenly, are predicted."""

FEWEST = 8
"""Objectives with fewer than which a correlation says nothing."""


def fidelity(encoding: Encoding, over: Sequence[Trial]) -> float | None:
    """Correlate own trials' values with their predictions (-1 to 1); None where they are too few or too much alike."""
    own = [place for place, trial in enumerate(over) if trial.task is None and trial.value is not None]
    if len(own) < FEWEST:
        return None
    seen: list[float] = []
    predicted: list[float] = []
    for fold in range(FOLDS):
        if len(seen) < ENOUGH:
            left_out = own[fold::FOLDS]
            asked = [left_out[each] for each in evenly(len(left_out), MOST).tolist()]
            seen += [value for place in asked if (value := over[place].value) is not None]
            predicted += _predicted(encoding, over, set(left_out), asked)
    return correlation(_ranks(seen), _ranks(predicted))


def _predicted(encoding: Encoding, over: Sequence[Trial], hidden: Collection[int], asked: Sequence[int]) -> list[float]:
    """Predict the values of the trials *asked* from all that are not *hidden*; where these teach nothing, all alike."""
    known = [trial for place, trial in enumerate(over) if place not in hidden]
    own = [trial for trial in known if trial.task is None]
    z = half_rank([trial.value for trial in own])
    with single_thread():
        belief = learn(encoding, known, PORTRAYED) if z is not None else None
        if belief is None or z is None:
            return [0.0] * len(asked)
        means = belief.mean(encoding.encode(over[place].assignment for place in asked))
    z = z[[trial.value is not None for trial in own]]
    unwarping = Unwarping([trial.value for trial in own if trial.value is not None], z, 1.0)
    return [float(value) for value in unwarping.values(means)]


def correlation(a: Array, b: Array) -> float | None:
    """Give Pearson's correlation of two vectors; None if one of them is constant."""
    a, b = a - a.mean(), b - b.mean()
    length = float(np.sqrt((a @ a) * (b @ b)))
    return float(np.clip((a @ b) / length, -1.0, 1.0)) if length > 0.0 else None


def _ranks(values: Sequence[float]) -> Array:
    """Give the place of every value among them; equal ones share the middle of theirs."""
    x = np.array(values)
    ordered = np.sort(x)
    return np.asarray((np.searchsorted(ordered, x, "left") + np.searchsorted(ordered, x, "right")) / 2.0)
