"""What is believed of a space after the trials so far, running ones included, and what one more would promise."""

from collections.abc import Sequence

import numpy as np

from luthier.records.trial import Trial
from luthier.strategies.bayesian.acquisition import log_improvement, log_improvement_slope
from luthier.strategies.bayesian.gaussian_process import GaussianProcess
from luthier.strategies.bayesian.kernel import Mask
from luthier.strategies.bayesian.kinship import OWN
from luthier.strategies.bayesian.tasks import MODELLED, model_of, observe
from luthier.strategies.encoding import Encoding
from luthier.strategies.scale import Array

BEST = 5
"""How many of the best trials the search for the next point begins from."""


class Belief:
    """
    A fitted model with its incumbent, the lowest posterior mean at an own trial that is over.

    A pending point is believed to end at its posterior mean, without noise, and becomes the incumbent where that is
    lower: what is expected elsewhere stays as it is, and at the point itself there is nothing left to find. Where the
    model knows several tasks, every point is looked at as one of the tuning job's own; before that has one, the
    incumbent is at any trial.

    Source: Ginsbourger, Le Riche and Carraro, "Kriging Is Well-Suited to Parallelize Optimization", 2010 ("believer").
    """

    def __init__(self, model: GaussianProcess, dimensions: int) -> None:
        self._model = model
        self._dimensions = dimensions
        points = model.U[:, :dimensions]
        means = model.mean(self._own(points))
        is_own = self._is_own(model.U)
        self.best = points[np.argsort(means, kind="stable")[:BEST]]
        self._incumbent = float(means[is_own].min() if is_own.any() else means.min())

    @property
    def knows_tasks(self) -> bool:
        """Whether other tasks than the own one are believed."""
        return self._model.kinship is not None

    @property
    def follows_tasks(self) -> bool:
        """Whether what was good in other tasks is believed to be good in the own one."""
        return self._model.kinship is not None and not self._model.kinship.is_contrary

    @property
    def incumbent(self) -> float:
        """What the target is believed to be at the best point so far, pending ones included: to be improved on."""
        return self._incumbent

    def expect(self, points: Array) -> None:
        """Count *points* (m, d) as pending."""
        if len(points):
            means = self._model.mean(self._own(points))
            self._model = self._model.conditioned(self._own(points), means)
            self._incumbent = min(self._incumbent, float(means.min()))

    def promise(self, U: Array) -> Array:
        """Give the logarithm of the augmented expected improvement at points U (m, d): (m,)."""
        means, deviations = self._model.predict(self._own(U))
        return log_improvement(means, deviations, self._incumbent, self._model.hyperparameters.noise)

    def predict(self, U: Array) -> tuple[Array, Array]:
        """Give mean and deviation, (m,) each, of the noise-free target at snapped points U (m, d) of the own task."""
        return self._model.predict(self._own(U))

    def mean(self, U: Array) -> Array:
        """Give `predict`'s mean alone, (m,), which costs less."""
        return self._model.mean(self._own(U))

    def slope(self, U: Array) -> tuple[Array, Array]:
        """Give `promise` (m,) and its gradient (m, d), which is 0 along categorical axes."""
        slopes = self._model.slopes(self._own(U))
        values, gradient = log_improvement_slope(*slopes, self._incumbent, self._model.hyperparameters.noise)
        return values, gradient[:, : self._dimensions]

    def _own(self, U: Array) -> Array:
        return np.column_stack([U, np.full(len(U), OWN)]) if self.knows_tasks else U

    def _is_own(self, points: Array) -> Mask:
        return np.asarray(np.all(points[:, self._dimensions :] == OWN, axis=1))


def learn(encoding: Encoding, trials: Sequence[Trial], most: int = MODELLED) -> Belief | None:
    """
    Fit a model to *trials*, to *most* of them; None if they hold nothing to learn from.

    Open trials are pending, failed ones bad.
    """
    seen = observe(encoding, [trial for trial in trials if not trial.is_open], most)
    if seen is None:
        return None
    belief = Belief(model_of(encoding, seen), encoding.dimensions)
    belief.expect(encoding.encode(trial.assignment for trial in trials if trial.is_open))
    return belief
