"""
Live trainings: support vectors, boosted trees and networks on scikit-learn's shipped data, three folds each.

A name is `live:MODEL_DATASET`: svm, lgbm or mlp; wine, breast_cancer, digits, iris (error or log loss) or diabetes
(root of the mean squared error). The folds, and so the values, are fixed.
"""

import math
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from benchmarks.search.problem import Array, Exact, Problem
from benchmarks.search.spaces import Choice, Point, Real, Space, Whole
from sklearn import datasets
from sklearn.metrics import log_loss, mean_squared_error
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.svm import SVC, SVR

ROWS = 450
FOLDS = 3
FAILED = {True: 1e4, False: 15.0}  # the loss of a training that broke down, for regression or not

MARGIN: Space = (
    Choice(name="kernel", choices=("rbf", "poly", "sigmoid")),
    Whole(name="degree", low=2, high=5),
    Real(name="coef0", low=-1.0, high=1.0),
)
SVR_SPACE: Space = (
    Real(name="C", low=1e-2, high=1e5, log=True),
    Real(name="gamma", low=1e-6, high=10.0, log=True),
    Real(name="epsilon", low=1e-2, high=100.0, log=True),
    *MARGIN,
    Choice(name="shrinking", choices=("no", "yes")),
)
SVC_SPACE: Space = (
    Real(name="C", low=1e-3, high=1e3, log=True),
    Real(name="gamma", low=1e-5, high=10.0, log=True),
    *MARGIN,
)
TREES: Space = (
    Real(name="learning_rate", low=1e-3, high=0.5, log=True),
    Whole(name="num_leaves", low=2, high=128, log=True),
    Whole(name="min_child_samples", low=1, high=60),
    Real(name="subsample", low=0.3, high=1.0),
    Real(name="colsample_bytree", low=0.3, high=1.0),
    Real(name="reg_alpha", low=1e-6, high=10.0, log=True),
    Real(name="reg_lambda", low=1e-6, high=10.0, log=True),
    Whole(name="n_estimators", low=10, high=200, log=True),
    Choice(name="extra_trees", choices=("False", "True")),
)
NETWORK: Space = (
    Whole(name="units", low=4, high=128, log=True),
    Whole(name="layers", low=1, high=3),
    Real(name="lr", low=1e-4, high=0.3, log=True),
    Real(name="alpha", low=1e-7, high=1.0, log=True),
    Whole(name="batch", low=8, high=128, log=True),
    Choice(name="activation", choices=("relu", "tanh", "logistic", "identity")),
    Choice(name="solver", choices=("adam", "sgd")),
    Real(name="momentum", low=0.0, high=0.99),
    Whole(name="epochs", low=3, high=30, log=True),
)


def make(name: str, data: Path | None) -> Problem:  # noqa: ARG001  # every family's
    """Make the training *name*; KeyError for a model that there is not."""
    model, _, dataset = name.partition(":")[2].partition("_")
    return Live(model, dataset)


class Live(Exact):
    """The mean loss of a model over the folds."""

    optimum: float | None = None

    def __init__(self, model: str, dataset: str) -> None:
        warnings.filterwarnings("ignore")  # trainings that did not converge are what is searched
        self._is_regression = dataset == "diabetes"
        self._is_error = model == "svm"  # it gives no probabilities
        spaces = {"svm": SVR_SPACE if self._is_regression else SVC_SPACE, "lgbm": TREES, "mlp": NETWORK}
        makers = {"svm": _support_vectors, "lgbm": _trees, "mlp": _network}
        self.space, self._make = spaces[model], makers[model]
        x, y = getattr(datasets, f"load_{dataset}")(return_X_y=True)
        rows = np.random.RandomState(7).permutation(len(x))[:ROWS]
        self._x, self._y = x[rows], y[rows]
        counts_errors = self._is_error and not self._is_regression
        self.step = 1 / len(rows) if counts_errors else None  # one example more or less
        if model != "lgbm":
            self._x = (self._x - self._x.mean(0)) / (self._x.std(0) + 1e-9)
        folds = (KFold if self._is_regression else StratifiedKFold)(FOLDS, shuffle=True, random_state=1)
        self._folds = list(folds.split(self._x, self._y))

    def truth(self, points: Sequence[Point]) -> Array:
        """Train *points* and give their mean losses (n,)."""
        return np.array([np.mean([self._loss(point, *fold) for fold in self._folds]) for point in points])

    def _loss(self, point: Point, training: Array, validation: Array) -> float:
        x, y = self._x[validation], self._y[validation]
        try:
            model = self._make(dict(point), self._is_regression).fit(self._x[training], self._y[training])
            if self._is_regression:
                return math.sqrt(mean_squared_error(y, np.clip(model.predict(x), -1e4, 1e4)))
            if self._is_error:
                return float((model.predict(x) != y).mean())
            believed = np.clip(np.nan_to_num(model.predict_proba(x)), 1e-6, 1)
            return float(log_loss(y, believed, labels=np.unique(self._y)))
        except ValueError:  # a network whose weights overflowed
            return FAILED[self._is_regression]


def _support_vectors(point: dict[str, Any], is_regression: bool) -> Any:
    if is_regression:
        return SVR(**{**point, "shrinking": point["shrinking"] == "yes"}, max_iter=3000)
    return SVC(**point, max_iter=3000)


def _trees(point: dict[str, Any], is_regression: bool) -> Any:
    model = lightgbm.LGBMRegressor if is_regression else lightgbm.LGBMClassifier
    chosen = {**point, "extra_trees": point["extra_trees"] == "True"}
    return model(**chosen, subsample_freq=1, n_jobs=1, verbose=-1, random_state=0, deterministic=True)


def _network(point: dict[str, Any], is_regression: bool) -> Any:
    model = MLPRegressor if is_regression else MLPClassifier
    return model(
        hidden_layer_sizes=(point["units"],) * point["layers"],
        activation=point["activation"],
        solver=point["solver"],
        alpha=point["alpha"],
        batch_size=point["batch"],
        learning_rate_init=point["lr"],
        momentum=point["momentum"],
        max_iter=point["epochs"],
        random_state=0,
    )
