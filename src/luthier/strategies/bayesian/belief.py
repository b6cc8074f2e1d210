"""What is believed of a space after the trials so far, running ones included, and what one more would promise."""

from collections.abc import Sequence

import numpy as np

from luthier.records.trial import Trial
from luthier.strategies.bayesian.acquisition import log_improvement, log_improvement_slope
from luthier.strategies.bayesian.evidence import fit
from luthier.strategies.bayesian.gaussian_process import GaussianProcess
from luthier.strategies.bayesian.targets import half_rank
from luthier.strategies.encoding import Encoding
from luthier.strategies.scale import Array

BEST = 5
"""How many of the best trials the search for the next point begins from."""


class Belief:
    """
    A fitted model with its incumbent, the lowest posterior mean at a trial that is over.

    A pending point is believed to end at its posterior mean, or at the incumbent if that is higher, and without noise:
    around it there is nothing left to find, and no success is taken for granted.
    """

    def __init__(self, model: GaussianProcess) -> None:
        means, _ = model.predict(model.U)
        self.best = model.U[np.argsort(means, kind="stable")[:BEST]]
        self._incumbent = float(means.min())
        self._model = model

    def expect(self, points: Array) -> None:
        """Count *points* (m, d) as pending."""
        if len(points):
            means, _ = self._model.predict(points)
            self._model = self._model.conditioned(points, np.maximum(means, self._incumbent))

    def promise(self, U: Array) -> Array:
        """Give the logarithm of the augmented expected improvement at points U (m, d): (m,)."""
        means, deviations = self._model.predict(U)
        return log_improvement(means, deviations, self._incumbent, self._model.hyperparameters.noise)

    def slope(self, U: Array) -> tuple[Array, Array]:
        """Give `promise` (m,) and its gradient (m, d), which is 0 along categorical axes."""
        return log_improvement_slope(*self._model.slopes(U), self._incumbent, self._model.hyperparameters.noise)


def learn(encoding: Encoding, trials: Sequence[Trial]) -> Belief | None:
    """Fit a model to *trials*; None if they hold nothing to learn from. Open trials are pending, failed ones bad."""
    over = [trial for trial in trials if not trial.is_open]
    z = half_rank([trial.value for trial in over])
    if z is None:
        return None
    U = encoding.encode(trial.assignment for trial in over)
    belief = Belief(GaussianProcess(fit(U, z, encoding.is_category), encoding.is_category, U, z))
    belief.expect(encoding.encode(trial.assignment for trial in trials if trial.is_open))
    return belief
