"""
How alike tasks are, and so how much an evaluation of one tells of another.

Every task t is a function of the points, f_t = q_t (r_t h + √(1 - r_t²) g_t): a part h that all tasks share, and a part
g_t of its own, all of them independent and with the covariance c of `kernel` and `trend`. Hence

    cov(f_s(u), f_t(v)) = B_st c(u, v) + κ [s = t = 0],     B_tt = q_t²,     B_st = q_s q_t r_s r_t for s ≠ t

| symbol | what                                                            | of the own task, 0 | of the others |
|--------|-----------------------------------------------------------------|--------------------|---------------|
| r_t    | its loading: 0 is a stranger to all others, below 0 a contrary  | learned            | learned, >= 0 |
| q_t    | its scale                                                       | learned            | 1             |
| κ      | the variance of its level                                       | LEVEL              | 0             |

Targets of every task have been brought to mean 0 and deviation 1 by themselves. That means something for the others,
which have been searched from end to end; of the first own trials, which were put where others had been good, it would
take away just that they are good: hence the level and the scale.

One loading for each task and not one likeness for all: a task that misleads takes nothing from those that do not.

Source: Bonilla, Chai and Williams, "Multi-task Gaussian Process Prediction", NIPS 2007, with one common factor.
"""

from dataclasses import dataclass

import numpy as np

from luthier.strategies.bayesian.kernel import Mask
from luthier.strategies.scale import Array

OWN = 0.0
LEVEL = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Kinship:
    """The loadings r (m + 1,) of the own task and the m others, in the order of their numbers, and the own scale q."""

    loadings: Array
    scale: float

    @property
    def is_contrary(self) -> bool:
        """Whether what is good in the other tasks is bad in the own one."""
        return bool(self.loadings[0] < 0.0)

    def joined(self, c: Array, s: Array, t: Array) -> Array:
        """Give the covariances (m, n) of points of the tasks s (m,) with points of t (n,), from those of one task."""
        return np.asarray(self.shares(s, t) * c + LEVEL * np.outer(s == OWN, t == OWN))

    def shares(self, s: Array, t: Array) -> Array:
        """Give B (m, n) for the tasks s (m,) and t (n,)."""
        among = np.outer(self._loads(s), self._loads(t))
        return np.where(s[:, None] == t, self.squares(s)[:, None], among)

    def variances(self, variance: Array, t: Array) -> Array:
        """Give the variances (n,) at points of the tasks t (n,), from those of one task."""
        return np.asarray(self.squares(t) * variance + LEVEL * (t == OWN))

    def squares(self, t: Array) -> Array:
        """Give B_tt = q_t² of the tasks t (n,)."""
        return np.where(t == OWN, self.scale**2, 1.0)

    def _loads(self, t: Array) -> Array:
        return np.asarray(self.loadings[t.astype(np.intp)] * np.where(t == OWN, self.scale, 1.0))


def is_own(t: Array) -> Mask:
    """Which of the tasks t (n,) are the tuning job's own."""
    return np.asarray(t == OWN)
