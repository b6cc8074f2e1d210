"""Boosting: rounds, log lines, early stopping, and an end before time."""

import logging
import re
import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import xgboost
from xgboost.callback import EarlyStopping, TrainingCallback

from luthier.algorithms.xgboost.data import Rows
from luthier.algorithms.xgboost.failure import ClientError
from luthier.algorithms.xgboost.metrics import TWEEDIE, is_maximized
from luthier.algorithms.xgboost.request import Request
from luthier.algorithms.xgboost.scores import Numbers, score

_log = logging.getLogger(__name__)


def boost(
    request: Request, channels: Mapping[str, Rows], is_stopped: Callable[[], bool], *, speaks: bool = True
) -> xgboost.Booster:
    """
    Train on the first channel, and print a line for each round: `[0]<tab>train-auc:0.98765<tab>validation-auc:0.97654`.

    Of several hosts one *speaks*. After each round *is_stopped* is asked: if so, the model so far is returned. With
    early stopping it is the best model so far. Raises ClientError with XGBoost's reason when it refuses the data or the
    hyperparameters.
    """
    try:
        matrices = [(_matrix(rows, request), name) for name, rows in channels.items()]
        for matrix, name in matrices:
            _log.info("%s matrix has %d rows and %d columns", name.capitalize(), matrix.num_row(), matrix.num_col())
        return xgboost.train(
            {**request.parameters, **({"eval_metric": list(request.metrics)} if request.metrics else {})},
            matrices[0][0],
            num_boost_round=request.rounds,
            evals=matrices,
            custom_metric=_own_metrics(request) if request.own_metrics else None,
            callbacks=_callbacks(request, is_stopped, has_validation="validation" in channels, speaks=speaks),
            verbose_eval=False,
        )
    except xgboost.core.XGBoostError as error:
        raise ClientError(f"XGBoost refused: {_reason(str(error))}") from None


class _Lines(TrainingCallback):
    """Prints the metrics of each round as SageMaker's image does."""

    def after_iteration(self, model: Any, epoch: int, evals_log: TrainingCallback.EvalsLog) -> bool:  # noqa: ARG002
        """Print a line; never ends the training."""
        scores = [
            f"\t{channel}-{TWEEDIE if metric.startswith(TWEEDIE) else metric}:{values[-1]:.5f}"
            for channel, metrics in evals_log.items()
            for metric, values in metrics.items()
        ]
        sys.stdout.write(f"[{epoch}]{''.join(scores)}\n")
        sys.stdout.flush()
        return False


class _Stop(TrainingCallback):
    """Ends the training when it is asked to."""

    def __init__(self, is_stopped: Callable[[], bool]) -> None:
        super().__init__()
        self.is_stopped = is_stopped

    def after_iteration(self, model: Any, epoch: int, evals_log: TrainingCallback.EvalsLog) -> bool:  # noqa: ARG002
        """Say whether the training is to end."""
        return self.is_stopped()


def _callbacks(
    request: Request, is_stopped: Callable[[], bool], *, has_validation: bool, speaks: bool
) -> list[TrainingCallback]:
    callbacks: list[TrainingCallback] = [*([_Lines()] if speaks else []), _Stop(is_stopped)]
    if request.stopping_rounds is None:
        return callbacks
    if not has_validation:
        _log.warning("early_stopping_rounds has no effect: there is no validation channel")
        return callbacks
    metric = request.stopping_metric
    stopping = EarlyStopping(
        rounds=request.stopping_rounds,
        metric_name=metric,
        data_name="validation",
        maximize=is_maximized(metric) if metric else None,
        save_best=request.parameters.get("booster") != "gblinear",  # a linear model has no rounds to cut off
    )
    return [*callbacks, stopping]


def _matrix(rows: Rows, request: Request) -> xgboost.DMatrix:
    nthread = request.parameters.get("nthread")
    return xgboost.DMatrix(
        rows.features,
        label=rows.labels,
        weight=rows.weights,
        qid=rows.queries,
        missing=np.nan,
        nthread=int(nthread) if nthread else None,
    )


def _own_metrics(request: Request) -> Callable[[Numbers, xgboost.DMatrix], list[tuple[str, float]]]:
    def evaluate(predictions: Numbers, matrix: xgboost.DMatrix) -> list[tuple[str, float]]:
        labels = matrix.get_label()
        return [(metric, score(metric, request.objective, predictions, labels)) for metric in request.own_metrics]

    return evaluate


def _reason(message: str) -> str:
    """Give what XGBoost complains of, without the time, the source line and the stack trace around it."""
    said = message.partition("Stack trace:")[0]
    said = re.sub(r"\[\d\d:\d\d:\d\d\] \S+:\d+: ", "", said)
    return " ".join(said.split())[:500]
