"""The hyperparameters of XGBoost that are searched, as optimisers, SageMaker's requests and the program have them."""

from collections.abc import Mapping
from typing import Any

from benchmarks.end_to_end.datasets import Dataset
from benchmarks.search.spaces import Choice, Point, Range, Real, Space, Whole

SPACE: Space = (
    Real(name="eta", low=0.01, high=0.5, log=True),
    Whole(name="num_round", low=10, high=200, log=True),
    Whole(name="max_depth", low=1, high=10),
    Real(name="min_child_weight", low=0.1, high=30.0, log=True),
    Real(name="subsample", low=0.5, high=1.0),
    Real(name="colsample_bytree", low=0.3, high=1.0),
    Real(name="alpha", low=1e-3, high=10.0, log=True),
    Real(name="lambda", low=1e-3, high=100.0, log=True),
    Real(name="gamma", low=0.0, high=5.0),
)
"""The scales are named, not left to `Auto`, so that every optimiser searches the same cube."""


def static(dataset: Dataset) -> dict[str, str]:
    """Give what all trainings on a data set have in common: one thread and one seed, so that a point has one value."""
    classes = {} if dataset.classes is None else {"num_class": str(dataset.classes)}
    return {"objective": dataset.objective, "eval_metric": dataset.metric, "nthread": "1", "seed": "1", **classes}


def hyperparameters(dataset: Dataset, point: Point) -> dict[str, str]:
    """Give all hyperparameters of one training as the wire carries them."""
    return {**static(dataset), **{name: str(value) for name, value in point.items()}}


def parameter_ranges(space: Space = SPACE) -> Mapping[str, list[dict[str, Any]]]:
    """Give the `ParameterRanges` of a tuning job."""
    kinds: dict[str, list[dict[str, Any]]] = {}
    for each in space:
        kinds.setdefault(f"{_KINDS[type(each)]}ParameterRanges", []).append(_range(each))
    return kinds


_KINDS = {Real: "Continuous", Whole: "Integer", Choice: "Categorical"}


def _range(each: Range) -> dict[str, Any]:
    if isinstance(each, Choice):
        return {"Name": each.name, "Values": list(each.choices)}
    scaling = "Logarithmic" if each.log else "Linear"
    return {"Name": each.name, "MinValue": str(each.low), "MaxValue": str(each.high), "ScalingType": scaling}
