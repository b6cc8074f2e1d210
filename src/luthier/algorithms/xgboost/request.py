"""What is asked of XGBoost: the hyperparameters in the words of the XGBoost that is installed."""

from collections.abc import Mapping
from dataclasses import dataclass

from luthier.algorithms.xgboost.failure import ClientError
from luthier.algorithms.xgboost.metrics import OWN, TWEEDIE
from luthier.algorithms.xgboost.rules import Value

DEFAULT_OBJECTIVE = "reg:squarederror"

OURS = frozenset(
    (
        "num_round",
        "early_stopping_rounds",
        "csv_weights",
        "save_model_on_termination",
        "eval_metric",
        "silent",
        "objective",
        "sketch_eps",
        "_tuning_objective_metric",
    )
)
"""Hyperparameters that are read here and never reach XGBoost under their own name."""

NEEDLESS: Mapping[str, tuple[Value, ...]] = {
    "predictor": ("auto", "cpu_predictor"),
    "single_precision_histogram": ("true", "false"),
    "deterministic_histogram": ("true", "false"),
    "dsplit": ("row",),
    "lambda_bias": (0.0,),
    "process_type": ("default",),
}
"""Hyperparameters that today's XGBoost has no more, with the values that it can do without."""

REFUSED: Mapping[str, str] = {
    "predictor": "there is no GPU predictor here; leave it out",
    "dsplit": "data is not split by columns; leave it out",
    "lambda_bias": "XGBoost has it no more; leave it out or set it to 0",
    "process_type": "there is no earlier model to update; leave it out",
    "prob_buffer_row": "XGBoost has it no more; leave it out",
    "_kfold": "cross-validation is not offered here; give a validation channel",
    "_num_cv_round": "cross-validation is not offered here; give a validation channel",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One training, ready for XGBoost."""

    rounds: int
    objective: str
    parameters: Mapping[str, Value]  # XGBoost's own, without the metrics
    metrics: tuple[str, ...]  # computed by XGBoost; empty: the objective's default
    own_metrics: tuple[str, ...]  # computed by us
    tuned: str | None  # such as validation:auc
    stopping_rounds: int | None  # stop when the metric has not improved for so many rounds
    stopping_metric: str | None  # None: the last of those computed
    weighted_csv: bool  # the second column of CSV training files holds weights
    saves_on_termination: bool
    remarks: tuple[str, ...]  # what was left out, for the log


def make_request(values: Mapping[str, Value]) -> Request:
    """Put checked hyperparameters into XGBoost's words; raises ClientError for what it cannot do (any more)."""
    remarks = [_remark(name, value) for name, value in values.items() if name in NEEDLESS or name in REFUSED]
    objective = str(values.get("objective", DEFAULT_OBJECTIVE)).replace("reg:linear", DEFAULT_OBJECTIVE)
    if objective == "survival:aft":
        raise ClientError(
            "Hyperparameter objective: survival:aft needs two labels in each row, which no channel carries"
        )
    parameters = {name: value for name, value in values.items() if name not in OURS | NEEDLESS.keys()}
    parameters["objective"] = objective
    parameters.update(_tree_method(values))
    if "silent" in values:
        parameters.setdefault("verbosity", 0 if values["silent"] else 1)
    tuned = str(values["_tuning_objective_metric"]) if "_tuning_objective_metric" in values else None
    evaluated = [each for each in str(values.get("eval_metric", "")).split(",") if each]
    named = dict.fromkeys(evaluated + ([tuned.partition(":")[2]] if tuned else []))
    wanted = [_in_full(each, values) for each in named]
    return Request(
        rounds=int(values["num_round"]),
        objective=objective,
        parameters=parameters,
        metrics=tuple(each for each in wanted if each not in OWN),
        own_metrics=tuple(each for each in wanted if each in OWN),
        tuned=tuned,
        stopping_rounds=int(values["early_stopping_rounds"]) if "early_stopping_rounds" in values else None,
        stopping_metric=wanted[-1] if wanted else None,
        weighted_csv=values.get("csv_weights") == 1,
        saves_on_termination=values.get("save_model_on_termination") != "false",
        remarks=tuple(remarks),
    )


def _in_full(metric: str, values: Mapping[str, Value]) -> str:
    """XGBoost wants the power of the distribution in one metric's name, where SageMaker has it without."""
    return f"{metric}@{float(values.get('tweedie_variance_power', 1.5)):g}" if metric == TWEEDIE else metric


def _remark(name: str, value: Value) -> str:
    if value not in NEEDLESS.get(name, ()):
        raise ClientError(f"Hyperparameter {name}: {REFUSED[name]}")
    return f"Hyperparameter {name}: XGBoost has it no more; {value} is left out and changes nothing"


def _tree_method(values: Mapping[str, Value]) -> Mapping[str, Value]:
    if values.get("tree_method") == "gpu_hist":
        raise ClientError(
            "Hyperparameter tree_method: gpu_hist needs a GPU; choose hist, the same algorithm on the CPU"
        )
    if values.get("tree_method") == "approx" and "sketch_eps" in values and "max_bin" not in values:
        return {"max_bin": max(2, round(1 / float(values["sketch_eps"])))}  # how XGBoost 1.6 replaced sketch_eps
    return {}
