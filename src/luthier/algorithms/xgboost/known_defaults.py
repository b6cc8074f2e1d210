"""
The values that XGBoost takes for the hyperparameters that it is not given.

Those that bear on what is learned, as text, as hyperparameters are; `num_round` has none, being required. AWS: "XGBoost
hyperparameters", Amazon SageMaker Developer Guide; for `sampling_method`, `num_parallel_tree` and the `aft_` ones
"XGBoost Parameters", xgboost.readthedocs.io.
"""

from collections.abc import Mapping

from luthier.algorithms.xgboost.hyperparameters import ALIASES

DEFAULTS: Mapping[str, str] = {
    "aft_loss_distribution": "normal",
    "aft_loss_distribution_scale": "1",
    "alpha": "0",
    "base_score": "0.5",
    "booster": "gbtree",
    "colsample_bylevel": "1",
    "colsample_bynode": "1",
    "colsample_bytree": "1",
    "eta": "0.3",
    "gamma": "0",
    "grow_policy": "depthwise",
    "lambda": "1",
    "lambda_bias": "0",
    "max_bin": "256",
    "max_delta_step": "0",
    "max_depth": "6",
    "max_leaves": "0",
    "min_child_weight": "1",
    "normalize_type": "tree",
    "num_parallel_tree": "1",
    "one_drop": "0",
    "rate_drop": "0.0",
    "refresh_leaf": "1",
    "sample_type": "uniform",
    "sampling_method": "uniform",
    "scale_pos_weight": "1",
    "skip_drop": "0.0",
    "subsample": "1",
    "tree_method": "auto",
    "tweedie_variance_power": "1.5",
}


def known_defaults() -> tuple[tuple[str, str], ...]:
    """Give each hyperparameter's name, and each other name of it, with its default."""
    others = {other: DEFAULTS[first] for other, first in ALIASES.items()}
    return tuple({**DEFAULTS, **others}.items())
