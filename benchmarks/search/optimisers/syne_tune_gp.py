"""Syne Tune 0.13's Gaussian process: the open port of the search behind Amazon's own automatic model tuning."""

import datetime
import logging
import math
import warnings
from collections.abc import Sequence
from typing import Any

from benchmarks.search.spaces import Choice, Point, Range, Space, Whole
from syne_tune.backend.trial_status import Trial
from syne_tune.config_space import choice, lograndint, loguniform, randint, uniform
from syne_tune.optimizer.baselines import BayesianOptimization

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

BEGINNING = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
"""When every trial began: the search does not look at it."""


class SyneTuneGP:
    """A scheduler without a backend; trials have one epoch."""

    def __init__(self, space: Space, *, seed: int, parallel: int) -> None:  # noqa: ARG002  # every optimiser's
        self._names = [each.name for each in space]
        self._scheduler = BayesianOptimization(
            {each.name: _domain(each) for each in space},
            metric="loss",
            mode="min",
            random_seed=seed % 100_000,
            search_options={"debug_log": False},
        )
        self._count = 0

    def ask(self) -> tuple[Trial, Point]:
        """Suggest a trial, which then is pending."""
        suggested = self._scheduler.suggest(self._next())
        trial = Trial(trial_id=self._count - 1, config=suggested.config, creation_time=BEGINNING)
        self._scheduler.on_trial_add(trial)
        return trial, {name: suggested.config[name] for name in self._names}

    def tell(self, token: Trial, point: Point, value: float) -> None:  # noqa: ARG002  # every optimiser's
        """Complete a trial, or report its error."""
        if math.isnan(value):
            self._scheduler.on_trial_error(token)
        else:
            self._scheduler.on_trial_complete(token, {"loss": value, "epoch": 1})

    def remember(self, points: Sequence[Point], values: Sequence[float]) -> None:
        """Register and complete trials in the searcher itself."""
        for point, value in zip(points, values, strict=True):
            trial = str(self._next())
            self._scheduler.searcher.register_pending(trial, config=dict(point))
            self._scheduler.searcher.on_trial_result(trial, dict(point), {"loss": value, "epoch": 1}, update=True)

    def _next(self) -> int:
        self._count += 1
        return self._count - 1


def _domain(each: Range) -> Any:
    if isinstance(each, Choice):
        return choice(list(each.choices))
    linear, logarithmic = (randint, lograndint) if isinstance(each, Whole) else (uniform, loguniform)
    return (logarithmic if each.log else linear)(each.low, each.high)
