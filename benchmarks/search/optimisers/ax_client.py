"""Ax with its defaults: the centre, Sobol's points, then BoTorch."""

import logging
import math
import warnings
from collections.abc import Sequence

import torch
from ax.api.client import Client
from ax.api.configs import ChoiceParameterConfig, RangeParameterConfig
from benchmarks.search.spaces import Choice, Point, Range, Space, Whole

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
torch.set_num_threads(1)


class Ax:
    """A client with one experiment."""

    def __init__(self, space: Space, *, seed: int, parallel: int) -> None:  # noqa: ARG002  # every optimiser's
        torch.manual_seed(seed)
        self._client = Client(random_seed=seed)
        self._client.configure_experiment(parameters=[_parameter(each) for each in space])
        self._client.configure_optimization(objective="-loss")

    def ask(self) -> tuple[int, Point]:
        """Begin a trial."""
        ((trial, point),) = self._client.get_next_trials(max_trials=1).items()
        return trial, dict(point)

    def tell(self, token: int, point: Point, value: float) -> None:  # noqa: ARG002  # every optimiser's
        """Complete a trial, or mark it failed."""
        if math.isnan(value):
            self._client.mark_trial_failed(trial_index=token)
        else:
            self._client.complete_trial(trial_index=token, raw_data={"loss": value})

    def remember(self, points: Sequence[Point], values: Sequence[float]) -> None:
        """Attach and complete trials."""
        for point, value in zip(points, values, strict=True):
            self.tell(self._client.attach_trial(parameters=dict(point)), point, value)


def _parameter(each: Range) -> ChoiceParameterConfig | RangeParameterConfig:
    if isinstance(each, Choice):
        is_ordered = len(each.choices) == 2  # two words have no order that could mislead, and Ax then takes one column
        return ChoiceParameterConfig(
            name=each.name, values=list(each.choices), parameter_type="str", is_ordered=is_ordered
        )
    return RangeParameterConfig(
        name=each.name,
        bounds=(each.low, each.high),
        parameter_type="int" if isinstance(each, Whole) else "float",
        scaling="log" if each.log else None,
    )
