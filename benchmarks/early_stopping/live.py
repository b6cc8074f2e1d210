"""
Real curves: trainings on scikit-learn's shipped data, each reporting its loss on held-back rows as it goes.

| name         | what                                                           | reports                  |
|--------------|----------------------------------------------------------------|--------------------------|
| mlp_digits   | a network on images of digits, error                           | after each of 30 epochs  |
| mlp_diabetes | a network, root of the mean squared error                      | after each of 30 epochs  |
| mlp_steps    | as mlp_digits, on the next 128 held-back rows alone            | five times an epoch      |
| gbm_cancer   | LightGBM on breast cancer, log loss                            | after each of 100 rounds |

JOBS random configurations are trained once; a seed puts them in another order. What is reported is the truth too:
nobody knows a better one.
"""

import warnings
from collections.abc import Iterator
from typing import Any

import lightgbm
import numpy as np
from benchmarks.early_stopping.replay import Array, Curves
from sklearn import datasets
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler

JOBS = 60
EPOCHS, ROUNDS, STEPS = 30, 100, 5
NAMES = ("mlp_digits", "mlp_diabetes", "mlp_steps", "gbm_cancer")
DIVERGED = 1e6


def live(name: str, seeds: int) -> Iterator[Curves]:
    """Train once, and give the curves in a new order for each of *seeds*."""
    rng = np.random.default_rng(NAMES.index(name))
    train = {"gbm_cancer": _boosted, "mlp_steps": _by_steps}.get(name, _network)
    curves = np.array([train(name, rng) for _ in range(JOBS)])
    for seed in range(seeds):
        mixed = curves[np.random.default_rng(seed).permutation(JOBS)]
        yield Curves(truth=mixed, observed=mixed)


def _split(name: str) -> tuple[Any, ...]:
    loaders = {"diabetes": datasets.load_diabetes, "cancer": datasets.load_breast_cancer}
    X, y = loaders.get(name.split("_")[1], datasets.load_digits)(return_X_y=True)
    train, held, y_train, y_held = train_test_split(X, y, test_size=0.4, random_state=0)
    scaler = StandardScaler().fit(train)
    return scaler.transform(train), scaler.transform(held), y_train, y_held


def _model(name: str, rng: np.random.Generator) -> Any:
    """Draw a network."""
    kind = MLPRegressor if name == "mlp_diabetes" else MLPClassifier
    return kind(
        hidden_layer_sizes=(int(2 ** rng.uniform(2, 6)),) * int(rng.integers(1, 3)),
        learning_rate_init=float(10 ** rng.uniform(-4, -0.5)),
        alpha=float(10 ** rng.uniform(-6, 0)),
        batch_size=int(2 ** rng.uniform(4, 7)),
        solver=str(rng.choice(["adam", "sgd"])),
        momentum=float(rng.uniform(0.0, 0.98)),
        random_state=int(rng.integers(1 << 30)),
    )


def _network(name: str, rng: np.random.Generator) -> list[float]:
    X, held, y, y_held = _split(name)
    model, more = _model(name, rng), {} if name == "mlp_diabetes" else {"classes": np.unique(y)}
    reports = []
    for epoch in range(EPOCHS):
        _train(model, X, y, more if epoch == 0 else {})
        reports.append(_loss(name, model, held, y_held))
    return reports


def _by_steps(name: str, rng: np.random.Generator) -> list[float]:
    X, held, y, y_held = _split(name)
    model = _model(name, rng)
    reports = []
    for step in range(EPOCHS * STEPS):
        rows = np.arange(step % STEPS, len(X), STEPS)
        _train(model, X[rows], y[rows], {"classes": np.unique(y)} if step == 0 else {})
        some = np.arange(128 * step, 128 * (step + 1)) % len(held)
        reports.append(_loss(name, model, held[some], y_held[some]))
    return reports


def _train(model: Any, X: Array, y: Array, more: dict[str, Array]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", RuntimeWarning)  # of those that diverge
        try:
            model.partial_fit(X, y, **more)
        except ValueError as error:
            if "finite" not in str(error):
                raise


def _loss(name: str, model: Any, held: Array, y: Array) -> float:
    if name != "mlp_diabetes":
        return float(1.0 - model.score(held, y))
    foretold = model.predict(held)
    return min(float(np.sqrt(mean_squared_error(y, foretold))), DIVERGED) if np.isfinite(foretold).all() else DIVERGED


def _boosted(name: str, rng: np.random.Generator) -> list[float]:
    X, held, y, y_held = _split(name)
    parameters = {
        "objective": "binary",
        "learning_rate": float(10 ** rng.uniform(-2.5, 0)),
        "num_leaves": int(2 ** rng.uniform(1, 6)),
        "min_child_samples": int(rng.integers(1, 60)),
        "bagging_fraction": float(rng.uniform(0.3, 1.0)),
        "bagging_freq": 1,
        "feature_fraction": float(rng.uniform(0.2, 1.0)),
        "lambda_l2": float(10 ** rng.uniform(-4, 1)),
        "seed": int(rng.integers(1 << 30)),
        "num_threads": 1,
        "verbose": -1,
    }
    data = lightgbm.Dataset(X, y)
    seen: dict[str, Any] = {}
    lightgbm.train(
        parameters,
        data,
        ROUNDS,
        valid_sets=[lightgbm.Dataset(held, y_held, reference=data)],
        callbacks=[lightgbm.record_evaluation(seen)],
    )
    return [float(value) for value in seen["valid_0"]["binary_logloss"]]
