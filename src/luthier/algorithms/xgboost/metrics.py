"""
The metrics by name, and how each is read from a log line.

Names and directions: "Tune an XGBoost Model", Amazon SageMaker Developer Guide; aws/sagemaker-xgboost-container.
"""

from luthier.records.algorithm import MetricDefinition

CHANNELS = ("train", "validation")

MAXIMIZED = frozenset(
    (
        "accuracy",
        "auc",
        "aucpr",
        "balanced_accuracy",
        "f1",
        "f1_binary",
        "f1_macro",
        "map",
        "ndcg",
        "precision",
        "precision_macro",
        "precision_micro",
        "r2",
        "recall",
        "recall_macro",
        "recall_micro",
    )
)
MINIMIZED = frozenset(
    (
        "aft-nloglik",
        "cox-nloglik",
        "error",
        "gamma-deviance",
        "gamma-nloglik",
        "interval-regression-accuracy",
        "logloss",
        "mae",
        "mape",
        "merror",
        "mlogloss",
        "mphe",
        "mse",
        "poisson-nloglik",
        "rmse",
        "rmsle",
        "tweedie-nloglik",
    )
)
NAMES = tuple(sorted(MAXIMIZED | MINIMIZED))

THRESHOLDED = ("error", "ndcg", "map")
"""Metrics that take a number behind an @, as in `error@0.7`."""

CLASSIFYING = frozenset(
    (
        "accuracy",
        "balanced_accuracy",
        "f1",
        "f1_binary",
        "f1_macro",
        "precision",
        "precision_macro",
        "precision_micro",
        "recall",
        "recall_macro",
        "recall_micro",
    )
)
OWN = CLASSIFYING | {"mse", "r2"}
"""Metrics that XGBoost has no word for: they are computed in `scores`."""

OBJECTIVES = tuple(f"{channel}:{name}" for channel in CHANNELS for name in NAMES)
"""What a tuning job may name as its objective."""


TWEEDIE = "tweedie-nloglik"


def is_maximized(metric: str) -> bool:
    """Say whether larger is better; *metric* may carry a threshold."""
    return metric.partition("@")[0] in MAXIMIZED


def metric_definitions() -> tuple[MetricDefinition, ...]:
    """
    Give the image's built-in metric definitions, in the form that AWS shows for its own image.

    They match log lines in which a tab has become #011, as in CloudWatch Logs.
    """
    number = r"([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)"
    return tuple(
        MetricDefinition(name=f"{channel}:{name}", regex=rf".*\[[0-9]+\].*#011{channel}-{name}:{number}.*")
        for channel in CHANNELS
        for name in NAMES
    )
