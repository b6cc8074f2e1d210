"""Huawei's HEBO."""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import torch
from benchmarks.search.spaces import Choice, Point, Range, Space, Whole, snap
from hebo.design_space.design_space import DesignSpace
from hebo.optimizers.hebo import HEBO

warnings.filterwarnings("ignore")
torch.set_num_threads(1)


class Hebo:
    """One suggestion at a time; it does not look at what is running."""

    def __init__(self, space: Space, *, seed: int, parallel: int) -> None:  # noqa: ARG002  # every optimiser's
        np.random.seed(seed)
        torch.manual_seed(seed)
        self._space = space
        self._search = HEBO(DesignSpace().parse([_parameter(each) for each in space]), scramble_seed=seed)

    def ask(self) -> tuple[None, Point]:
        """Suggest a point."""
        suggested = self._search.suggest(1).iloc[0]
        return None, snap(self._space, {each.name: suggested[each.name] for each in self._space})

    def tell(self, token: None, point: Point, value: float) -> None:  # noqa: ARG002  # every optimiser's
        """Observe a point; HEBO leaves out what is not finite."""
        self.remember([point], [value])

    def remember(self, points: Sequence[Point], values: Sequence[float]) -> None:
        """Observe points."""
        names = [each.name for each in self._space]
        self._search.observe(pd.DataFrame([dict(point) for point in points])[names], np.array(values).reshape(-1, 1))


def _parameter(each: Range) -> Mapping[str, Any]:
    if isinstance(each, Choice):
        return {"name": each.name, "type": "cat", "categories": list(each.choices)}
    linear, logarithmic = ("int", "pow_int") if isinstance(each, Whole) else ("num", "pow")
    bounds = {"name": each.name, "lb": each.low, "ub": each.high}
    return {**bounds, "type": logarithmic, "base": 10} if each.log else {**bounds, "type": linear}
