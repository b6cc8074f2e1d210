"""
The metrics that SageMaker's image adds to XGBoost's own.

A classification metric comes from counts: for each class c, those in c (actual), those put in c (guessed), and those
rightly put there (hits). precision = hits / guessed, recall = hits / actual, F1 = 2 hits / (actual + guessed), and 0
where nothing is divided by nothing. `_macro` is the mean over classes; without it, class 1 alone; `f1` is `f1_macro`.
Weights do not count, as in SageMaker.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from luthier.algorithms.xgboost.failure import ClientError
from luthier.algorithms.xgboost.metrics import CLASSIFYING

Numbers = NDArray[np.floating]


def score(metric: str, objective: str, predictions: Numbers, labels: Numbers) -> float:
    """
    Compute *metric* from XGBoost's predictions, of shape (rows,) or (rows, classes).

    Raises ClientError if the metric does not fit the labels.
    """
    if metric in CLASSIFYING:
        guesses = _classes(predictions, objective)
        return _CLASS_SCORES[metric](_count(labels, guesses))
    if predictions.ndim != 1:
        raise ClientError(f"Metric {metric!r} is for one prediction a row; {objective} gives one for each class")
    errors = np.asarray(labels - predictions, dtype=np.float64)
    squared = float(np.mean(errors**2))
    if metric == "mse":
        return squared
    spread = float(np.var(np.asarray(labels, dtype=np.float64)))
    return 1 - squared / spread if spread else float(squared == 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counts:
    """How many rows are in each class, shape (classes,): those that occur among the labels or the guesses."""

    classes: Numbers
    actual: NDArray[np.int64]
    guessed: NDArray[np.int64]
    hits: NDArray[np.int64]


def _classes(predictions: Numbers, objective: str) -> Numbers:
    """Give the class of each row: 0, 1, ..."""
    if predictions.ndim == 2:
        classes: Numbers = predictions.argmax(axis=1).astype(np.float32)
        return classes
    if objective == "multi:softmax":
        return predictions
    threshold = 0.0 if objective == "binary:logitraw" else 0.5
    return np.where(predictions > threshold, np.float32(1), np.float32(0))


def _count(labels: Numbers, guesses: Numbers) -> _Counts:
    classes, codes = np.unique(np.concatenate([labels, guesses]), return_inverse=True)
    actual, guessed = codes[: len(labels)], codes[len(labels) :]
    size = len(classes)
    return _Counts(
        classes=classes,
        actual=np.bincount(actual, minlength=size),
        guessed=np.bincount(guessed, minlength=size),
        hits=np.bincount(actual[actual == guessed], minlength=size),
    )


def _ratio(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)


def _precisions(counts: _Counts) -> NDArray[np.float64]:
    return _ratio(counts.hits, counts.guessed)


def _recalls(counts: _Counts) -> NDArray[np.float64]:
    return _ratio(counts.hits, counts.actual)


def _f1s(counts: _Counts) -> NDArray[np.float64]:
    return _ratio(2 * counts.hits, counts.actual + counts.guessed)


def _accuracy(counts: _Counts) -> float:
    return float(counts.hits.sum() / counts.actual.sum())


def _balanced_accuracy(counts: _Counts) -> float:
    return float(_recalls(counts)[counts.actual > 0].mean())


def _mean(values: Callable[[_Counts], NDArray[np.float64]]) -> Callable[[_Counts], float]:
    return lambda counts: float(values(counts).mean())


def _of_class_1(values: Callable[[_Counts], NDArray[np.float64]]) -> Callable[[_Counts], float]:
    def score_of_class_1(counts: _Counts) -> float:
        if not np.isin(counts.classes, (0, 1)).all():
            raise ClientError("Target is multiclass but average='binary'; choose a metric that ends in _macro")
        return float(values(counts)[counts.classes == 1].sum())

    return score_of_class_1


_CLASS_SCORES: Mapping[str, Callable[[_Counts], float]] = {
    "accuracy": _accuracy,
    "balanced_accuracy": _balanced_accuracy,
    "f1": _mean(_f1s),
    "f1_binary": _of_class_1(_f1s),
    "f1_macro": _mean(_f1s),
    "precision": _of_class_1(_precisions),
    "precision_macro": _mean(_precisions),
    "precision_micro": _accuracy,  # over all classes together, precision and recall are both the share of hits
    "recall": _of_class_1(_recalls),
    "recall_macro": _mean(_recalls),
    "recall_micro": _accuracy,
}
