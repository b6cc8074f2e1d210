"""
The ranges in which XGBoost's hyperparameters are worth tuning.

AWS: "Tune an XGBoost Model", Amazon SageMaker Developer Guide, the table of recommended ranges; `num_round` ends at 500
and not at 4,000, most of which would be spent on rounds that learn nothing.
"""

from luthier.algorithms.xgboost.hyperparameters import ALIASES
from luthier.records.search_space import ContinuousRange, IntegerRange, NumericRange

RANGES: tuple[NumericRange, ...] = (
    ContinuousRange(name="alpha", low=0.0, high=1000.0),
    ContinuousRange(name="colsample_bylevel", low=0.1, high=1.0),
    ContinuousRange(name="colsample_bynode", low=0.1, high=1.0),
    ContinuousRange(name="colsample_bytree", low=0.5, high=1.0),
    ContinuousRange(name="eta", low=0.1, high=0.5),
    ContinuousRange(name="gamma", low=0.0, high=5.0),
    ContinuousRange(name="lambda", low=0.0, high=1000.0),
    IntegerRange(name="max_delta_step", low=0, high=10),
    IntegerRange(name="max_depth", low=0, high=10),
    ContinuousRange(name="min_child_weight", low=0.0, high=120.0),
    IntegerRange(name="num_round", low=1, high=500),
    ContinuousRange(name="subsample", low=0.5, high=1.0),
)


def known_ranges() -> dict[str, NumericRange]:
    """Give each range by its hyperparameter's name, and by each other name of that."""
    ranges = {each.name: each for each in RANGES}
    return {**ranges, **{other: ranges[first] for other, first in ALIASES.items() if first in ranges}}
