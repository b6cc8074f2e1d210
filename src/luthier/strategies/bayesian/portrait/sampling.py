"""
Which of many trials a portrait looks at, and in how large portions it asks its model.

A portrait is looked at by a person, and does not propose anything: what it costs is bounded, however many trials there
are, by a smaller model than the search's and by samples. Up to `PORTRAYED` trials all of them are looked at.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from luthier.records.trial import Trial
from luthier.strategies.bayesian.evidence import telling
from luthier.strategies.scale import Array

PORTRAYED = 1000
"""Trials that the model is made of, candidates for the best, and trials whose noise is measured."""

PORTION = 2**20
"""Covariances between points and trials that are held at once: 8 MiB for each array of them."""

Places = npt.NDArray[np.intp]


def evenly(count: int, most: int) -> Places:
    """Choose at most *most* of *count* things, spread evenly over them, as rising places."""
    if count <= most:
        return np.arange(count)
    return np.asarray((np.arange(most) + 0.5) * count / most).astype(np.intp)


def candidates(observed: Sequence[Trial]) -> Places:
    """Choose those of *observed*, which have values, that may be the best: the better ones, and some of the others."""
    return telling(np.array([trial.value for trial in observed], dtype=np.float64), PORTRAYED)


def in_portions(mean: Callable[[Array], Array], modelled: int) -> Callable[[Array], Array]:
    """Ask *mean*, of a model of *modelled* trials, for a portion of the points at a time: memory stays small."""
    most = max(1, PORTION // max(1, modelled))

    def asked(U: Array) -> Array:
        if len(U) <= most:
            return mean(U)
        return np.concatenate([mean(U[first : first + most]) for first in range(0, len(U), most)])

    return asked
