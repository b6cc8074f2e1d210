"""Optuna's Gaussian process and its multivariate tree-structured Parzen estimator."""

import math
import warnings
from collections.abc import Sequence

import optuna
from benchmarks.search.spaces import Choice, Point, Range, Space, Whole
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


class _Study:
    """A study with one sampler."""

    def __init__(self, space: Space, *, sampler: optuna.samplers.BaseSampler) -> None:
        self._distributions = {each.name: _distribution(each) for each in space}
        self._study = optuna.create_study(sampler=sampler, direction="minimize")

    def ask(self) -> tuple[optuna.Trial, Point]:
        """Begin a trial."""
        trial = self._study.ask(self._distributions)
        return trial, dict(trial.params)

    def tell(self, token: optuna.Trial, point: Point, value: float) -> None:  # noqa: ARG002  # every optimiser's
        """Finish a trial."""
        if math.isnan(value):
            self._study.tell(token, state=optuna.trial.TrialState.FAIL)
        else:
            self._study.tell(token, value)

    def remember(self, points: Sequence[Point], values: Sequence[float]) -> None:
        """Add finished trials."""
        self._study.add_trials(
            [
                optuna.trial.create_trial(params=dict(point), distributions=self._distributions, value=value)
                for point, value in zip(points, values, strict=True)
            ]
        )


class OptunaGP(_Study):
    """GPSampler with its defaults."""

    def __init__(self, space: Space, *, seed: int, parallel: int) -> None:  # noqa: ARG002  # every optimiser's
        super().__init__(space, sampler=optuna.samplers.GPSampler(seed=seed))


class OptunaTPE(_Study):
    """TPESampler, multivariate; running trials count as bad ones if there can be any."""

    def __init__(self, space: Space, *, seed: int, parallel: int) -> None:
        sampler = optuna.samplers.TPESampler(seed=seed, multivariate=True, constant_liar=parallel > 1)
        super().__init__(space, sampler=sampler)


def _distribution(each: Range) -> BaseDistribution:
    if isinstance(each, Choice):
        return CategoricalDistribution(each.choices)
    if isinstance(each, Whole):
        return IntDistribution(each.low, each.high, log=each.log)
    return FloatDistribution(each.low, each.high, log=each.log)
