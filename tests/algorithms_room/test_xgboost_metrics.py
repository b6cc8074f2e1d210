"""The built-in metric definitions and the metrics that XGBoost has no word for."""

import re

import numpy as np
import pytest
from sklearn import metrics as sklearn_metrics

from luthier.algorithms.xgboost.failure import ClientError
from luthier.algorithms.xgboost.metrics import CLASSIFYING, OWN, is_maximized, metric_definitions
from luthier.algorithms.xgboost.scores import score

LINE = "[12]#011train-auc:0.99#011train-logloss:2.38e-05#011validation-auc:0.97#011validation-logloss:0.05"
PATTERNS = {each.name: each.regex for each in metric_definitions()}


def caught(name: str, line: str) -> str | None:
    match = re.search(PATTERNS[name], line)
    return match[1] if match else None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("train:auc", "0.99"),
        ("validation:auc", "0.97"),
        ("train:logloss", "2.38e-05"),
        ("validation:logloss", "0.05"),
        ("validation:rmse", None),
    ],
)
def test_a_definition_catches_its_own_metric_in_a_line(name: str, value: str | None) -> None:
    assert caught(name, LINE) == value


def test_a_metric_whose_name_begins_like_another_is_not_confused() -> None:
    line = "[0]#011validation-aucpr:0.5#011validation-f1_macro:0.25"

    assert (caught("validation:auc", line), caught("validation:f1", line)) == (None, None)


def test_a_value_that_is_no_number_is_not_caught() -> None:
    assert caught("validation:auc", "[0]#011validation-auc:nan") is None


def test_a_threshold_does_not_change_the_direction() -> None:
    assert (is_maximized("ndcg@5"), is_maximized("error@0.3")) == (True, False)


EXPECTED = {
    "accuracy": lambda y, p: sklearn_metrics.accuracy_score(y, p),
    "balanced_accuracy": lambda y, p: sklearn_metrics.balanced_accuracy_score(y, p),
    "f1": lambda y, p: sklearn_metrics.f1_score(y, p, average="macro"),
    "f1_binary": lambda y, p: sklearn_metrics.f1_score(y, p),
    "f1_macro": lambda y, p: sklearn_metrics.f1_score(y, p, average="macro"),
    "precision": lambda y, p: sklearn_metrics.precision_score(y, p),
    "precision_macro": lambda y, p: sklearn_metrics.precision_score(y, p, average="macro"),
    "precision_micro": lambda y, p: sklearn_metrics.precision_score(y, p, average="micro"),
    "recall": lambda y, p: sklearn_metrics.recall_score(y, p),
    "recall_macro": lambda y, p: sklearn_metrics.recall_score(y, p, average="macro"),
    "recall_micro": lambda y, p: sklearn_metrics.recall_score(y, p, average="micro"),
}


@pytest.mark.parametrize("metric", sorted(CLASSIFYING))
def test_two_classes_score_as_in_scikit_learn(metric: str) -> None:
    rng = np.random.default_rng(1)
    labels, predictions = rng.integers(0, 2, 50).astype(np.float32), rng.random(50).astype(np.float32)

    ours = score(metric, "binary:logistic", predictions, labels)

    assert ours == pytest.approx(EXPECTED[metric](labels, predictions > 0.5))


@pytest.mark.parametrize("metric", sorted(CLASSIFYING - {"f1_binary", "precision", "recall"}))
def test_many_classes_score_as_in_scikit_learn(metric: str) -> None:
    rng = np.random.default_rng(2)
    labels, predictions = rng.integers(0, 4, 60).astype(np.float32), rng.random((60, 5)).astype(np.float32)

    ours = score(metric, "multi:softprob", predictions, labels)

    assert ours == pytest.approx(EXPECTED[metric](labels, predictions.argmax(axis=1)))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("metric", sorted(CLASSIFYING))
def test_a_class_nobody_guessed_counts_as_nothing(metric: str) -> None:
    labels, predictions = np.ones(4, dtype=np.float32), np.zeros(4, dtype=np.float32)

    assert score(metric, "binary:hinge", predictions, labels) == 0


def test_raw_margins_are_cut_at_zero() -> None:
    assert score("accuracy", "binary:logitraw", np.array([0.2, -0.2]), np.array([1.0, 0.0])) == 1


@pytest.mark.parametrize("metric", ["f1_binary", "precision", "recall"])
def test_a_binary_metric_refuses_more_classes(metric: str) -> None:
    with pytest.raises(ClientError, match="multiclass"):
        score(metric, "multi:softmax", np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 2.0]))


def test_errors_of_regression_score_as_in_scikit_learn() -> None:
    rng = np.random.default_rng(3)
    labels, predictions = rng.normal(size=40), rng.normal(size=40)

    assert score("mse", "reg:squarederror", predictions, labels) == pytest.approx(
        sklearn_metrics.mean_squared_error(labels, predictions)
    )
    assert score("r2", "reg:squarederror", predictions, labels) == pytest.approx(
        sklearn_metrics.r2_score(labels, predictions)
    )


def test_errors_of_regression_refuse_one_prediction_for_each_class() -> None:
    with pytest.raises(ClientError, match="one prediction a row"):
        score("mse", "multi:softprob", np.ones((3, 2)), np.ones(3))


def test_every_metric_of_our_own_is_among_the_definitions() -> None:
    assert {f"validation:{each}" for each in OWN} <= PATTERNS.keys()
