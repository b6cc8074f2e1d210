"""
Evaluations of several tasks as targets of one model, and whether the others are to be believed.

The task is one more column of a point, 0 for the tuning job's own. Objectives of different tasks are not on one scale,
so every task is warped by itself. How alike they are is learned (`kinship`).

    U = [ points | task ]        z = half_rank of the values of each task

Of three models the one of the best odds is taken, with p the densities of the own targets z_own under each, all others'
being known, or not known at all:

| model    | its odds                                                                                           |
|----------|----------------------------------------------------------------------------------------------------|
| alike    | ln p(z_own given z_others) - ln p(z_own), the former being ln p(z_own, z_others) - ln p(z_others)  |
| contrary | the same, less γ = 1½, of a model that expects a contrary own loading (`kinship_fit`)              |
| alone    | -τ(n): τ(n) = 2½ - 2 n / 5, but 2 at most, and -1 at least, after n own trials                     |

Others are of use in the beginning, where they are given the benefit of the doubt; once there are enough own trials
to do without them they have to earn it. Alone, nothing is learned from them for this proposal. After the next trial
they are heard again. That they are contrary, and what was good there is bad here, is rare: it is looked into where they
are of no use otherwise, and from the third own trial on, since a comparison of two tells of too little.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np

from luthier.records.trial import Trial
from luthier.strategies.bayesian.evidence import fit
from luthier.strategies.bayesian.gaussian_process import GaussianProcess
from luthier.strategies.bayesian.kernel import Mask
from luthier.strategies.bayesian.kinship import OWN, is_own
from luthier.strategies.bayesian.kinship_fit import ALIKE, CONTRARY, fit_together, looked_at
from luthier.strategies.bayesian.targets import half_rank
from luthier.strategies.bayesian.trend import TREND
from luthier.strategies.encoding import Encoding
from luthier.strategies.scale import Array

MODELLED = 2000
"""Observations that a model is made of: of more, the better ones and a sample of the others. The cost is cubic."""

TRUST, DOUBT = 2.0, -1.0
"""τ in the beginning, and in the end."""

RARE, COMPARED = 1.5, 3
"""γ, and the number of own trials from which on others may be contrary."""


@dataclass(frozen=True, slots=True, eq=False)
class Observations:
    """What trials that are over have shown: snapped points U (n, d), tasks (n,) and warped targets z (n,)."""

    U: Array
    tasks: Array
    z: Array

    @property
    def is_own(self) -> Mask:
        """Which of them are the tuning job's own task's."""
        return is_own(self.tasks)


def observe(encoding: Encoding, over: Sequence[Trial], most: int = MODELLED) -> Observations | None:
    """
    Collect at most *most* trials that are over, failed ones as the worst of their task.

    None if there is no contrast to learn.
    """
    names = list(dict.fromkeys(trial.task for trial in over if trial.task is not None))
    tasks = np.array([OWN if trial.task is None else 1.0 + names.index(trial.task) for trial in over])
    z = np.zeros(len(over))
    has_contrast = False
    for task in set(tasks.tolist()):
        places = np.flatnonzero(tasks == task).tolist()
        warped = half_rank([over[place].value for place in places])
        if warped is not None:
            z[places] = warped
            has_contrast = True
    if not has_contrast:
        return None
    chosen = np.flatnonzero(looked_at(tasks, z, most)).tolist()
    U = encoding.encode(over[place].assignment for place in chosen)
    return Observations(U, tasks[chosen], z[chosen])


def model_of(encoding: Encoding, seen: Observations) -> GaussianProcess:
    """Fit one model: with a kinship, and the task as a last column of its points, if others are believed."""
    own, is_category = seen.is_own, encoding.is_category
    if own.all():
        return _alone(seen.U, seen.z, is_category)
    together = _together(seen, is_category)
    if not seen.z[own].any():  # nothing to judge by
        return together
    alone, n = _alone(seen.U[own], seen.z[own], is_category), int(own.sum())
    odds = _foreseen(together, own) - alone.evidence()
    models = [(odds, together), (-trust(n), alone)]
    if odds < 0.0 and n >= COMPARED:
        contrary = _together(seen, is_category, CONTRARY)
        models.append((_foreseen(contrary, own) - alone.evidence() - RARE, contrary))
    return max(models, key=itemgetter(0))[1]


def trust(n: int) -> float:
    """Give τ, the logarithm of the odds against other tasks at which they are still believed after *n* own trials."""
    return min(TRUST, max(DOUBT, 2.5 - 0.4 * n))


def _alone(U: Array, z: Array, is_category: Mask) -> GaussianProcess:
    return GaussianProcess(fit(U, z, is_category, TREND / U.shape[1]), is_category, U, z)


def _together(seen: Observations, is_category: Mask, loading: float = ALIKE) -> GaussianProcess:
    weight = TREND / seen.U.shape[1]
    believed, kinship = fit_together(seen.U, seen.tasks, seen.z, is_category, weight, loading)
    points = np.column_stack([seen.U, seen.tasks])
    return GaussianProcess(believed, is_category, points, seen.z, kinship=kinship)


def _foreseen(together: GaussianProcess, own: Mask) -> float:
    """Give ln p(z_own | z_others)."""
    points, z = together.U[~own], together.z[~own]
    others = GaussianProcess(together.hyperparameters, together.is_category, points, z, kinship=together.kinship)
    return together.evidence() - others.evidence()
