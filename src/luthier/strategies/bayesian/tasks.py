"""
Evaluations of several tasks as targets of one model.

The task is one more categorical axis, 0 for the tuning job's own: with a long length scale along it the tasks are
alike, with a short one they have nothing to do with each other, and which is the case is learned. Objectives of
different tasks are not on one scale, so every task is warped by itself.

    U = [ points | task ]        z = half_rank of the values of each task

Source: Swersky, Snoek and Adams, "Multi-Task Bayesian Optimization", 2013, with one correlation for all tasks; the
fallback to the tuning job's own evaluations compares predictive densities, as in Rasmussen and Williams, "Gaussian
Processes for Machine Learning", 2006, section 5.4.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from luthier.records.trial import Trial
from luthier.strategies.bayesian.evidence import fit
from luthier.strategies.bayesian.gaussian_process import GaussianProcess
from luthier.strategies.bayesian.kernel import Mask
from luthier.strategies.bayesian.targets import half_rank
from luthier.strategies.bayesian.trend import TREND
from luthier.strategies.encoding import Encoding
from luthier.strategies.scale import Array

OWN = 0.0
ENOUGH = 6
"""Own evaluations from which on they judge whether the other tasks help."""


@dataclass(frozen=True, slots=True, eq=False)
class Observations:
    """What trials that are over have shown: snapped points U (n, d), tasks (n,) and warped targets z (n,)."""

    U: Array
    tasks: Array
    z: Array

    @property
    def is_own(self) -> Mask:
        """Which of them are the tuning job's own task's."""
        return np.asarray(self.tasks == OWN)


def observe(encoding: Encoding, over: Sequence[Trial]) -> Observations | None:
    """Collect trials that are over, failed ones as the worst of their task; None if there is no contrast to learn."""
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
    return Observations(encoding.encode(trial.assignment for trial in over), tasks, z) if has_contrast else None


def model_of(encoding: Encoding, seen: Observations) -> GaussianProcess:
    """
    Fit one model: its points have the task as a last column, if others than the tuning job's own help.

    They are left out where the tuning job's own evaluations, each predicted from the rest, are likelier without them.
    """
    own = seen.is_own
    if own.all():
        return _alone(seen.U, seen.z, encoding.is_category)
    points = np.column_stack([seen.U, seen.tasks])
    together = _together(points, seen.z, np.append(encoding.is_category, np.True_))
    if np.count_nonzero(own) < ENOUGH:
        return together
    alone = _alone(seen.U[own], seen.z[own], encoding.is_category)
    return together if together.left_out()[own].sum() >= alone.left_out().sum() else alone


def _alone(U: Array, z: Array, is_category: Mask) -> GaussianProcess:
    return GaussianProcess(fit(U, z, is_category, TREND / U.shape[1]), is_category, U, z)


def _together(U: Array, z: Array, is_category: Mask) -> GaussianProcess:
    """Fit no trend: it would be the same one for all tasks, whatever is learned of how alike they are."""
    return GaussianProcess(fit(U, z, is_category), is_category, U, z)
