"""
The hyperparameters of SageMaker's XGBoost: which there are, and what each may be.

Names and ranges: "XGBoost hyperparameters", Amazon SageMaker Developer Guide, and aws/sagemaker-xgboost-container.
Every message names the hyperparameter.
"""

from collections.abc import Callable, Mapping

from luthier.algorithms.xgboost.failure import ClientError
from luthier.algorithms.xgboost.metrics import CLASSIFYING, NAMES, OBJECTIVES, THRESHOLDED
from luthier.algorithms.xgboost.rules import (
    LARGEST,
    Choice,
    Groups,
    Interval,
    Real,
    Rule,
    RuleError,
    Signs,
    Value,
    Whole,
    Words,
    shown,
)

REQUIRED = ("num_round",)

ALIASES = {"learning_rate": "eta", "min_split_loss": "gamma", "reg_lambda": "lambda", "reg_alpha": "alpha"}

_FLAG = Whole(Interval(0, 1))
_TEXT_FLAG = Choice(("true", "false"))
_FROM_0 = Real(Interval(0))
_FROM_0_TO_1 = Real(Interval(0, 1))
_SHARE = Real(Interval(0, 1, low_open=True))
_COUNT = Whole(Interval(1))

LINEAR_UPDATERS = ("shotgun", "coord_descent")
TREE_GROWERS = ("grow_colmaker", "grow_histmaker", "grow_quantile_histmaker")
TREE_UPDATERS = (*TREE_GROWERS, "sync", "refresh", "prune")
GONE_UPDATERS = ("distcol", "grow_local_histmaker", "grow_skmaker")

RULES: Mapping[str, Rule] = {
    "num_round": _COUNT,
    "num_class": Whole(Interval(2)),
    "objective": Choice(
        (
            "binary:logistic",
            "binary:logitraw",
            "binary:hinge",
            "count:poisson",
            "multi:softmax",
            "multi:softprob",
            "rank:pairwise",
            "rank:ndcg",
            "rank:map",
            "reg:linear",
            "reg:squarederror",
            "reg:logistic",
            "reg:gamma",
            "reg:pseudohubererror",
            "reg:squaredlogerror",
            "reg:absoluteerror",
            "reg:tweedie",
            "survival:aft",
            "survival:cox",
        )
    ),
    "booster": Choice(("gbtree", "gblinear", "dart")),
    "eta": _FROM_0_TO_1,
    "gamma": _FROM_0,
    "max_depth": Whole(Interval(0)),
    "min_child_weight": _FROM_0,
    "max_delta_step": _FROM_0,
    "subsample": _SHARE,
    "sampling_method": Choice(("uniform", "gradient_based")),
    "colsample_bytree": _SHARE,
    "colsample_bylevel": _SHARE,
    "colsample_bynode": _SHARE,
    "lambda": _FROM_0,
    "alpha": _FROM_0,
    "lambda_bias": _FROM_0_TO_1,
    "tree_method": Choice(("auto", "exact", "approx", "hist", "gpu_hist")),
    "sketch_eps": Real(Interval(0, 1, low_open=True, high_open=True)),
    "scale_pos_weight": Real(Interval(0, low_open=True)),
    "updater": Words(TREE_UPDATERS + GONE_UPDATERS + LINEAR_UPDATERS),
    "refresh_leaf": _FLAG,
    "process_type": Choice(("default", "update")),
    "grow_policy": Choice(("depthwise", "lossguide")),
    "max_leaves": Whole(Interval(0)),
    "max_bin": Whole(Interval(2)),
    "num_parallel_tree": _COUNT,
    "monotone_constraints": Signs(),
    "interaction_constraints": Groups(),
    "sample_type": Choice(("uniform", "weighted")),
    "normalize_type": Choice(("tree", "forest")),
    "rate_drop": _FROM_0_TO_1,
    "one_drop": _FLAG,
    "skip_drop": _FROM_0_TO_1,
    "tweedie_variance_power": Real(Interval(1, 2, low_open=True, high_open=True)),
    "aft_loss_distribution": Choice(("normal", "logistic", "extreme")),
    "aft_loss_distribution_scale": Real(Interval(0, low_open=True)),
    "base_score": _FROM_0,
    "seed": Whole(Interval(-LARGEST, LARGEST)),
    "nthread": _COUNT,
    "verbosity": Whole(Interval(0, 3)),
    "silent": _FLAG,
    "csv_weights": _FLAG,
    "early_stopping_rounds": _COUNT,
    "save_model_on_termination": _TEXT_FLAG,
    "predictor": Choice(("auto", "cpu_predictor", "gpu_predictor")),
    "single_precision_histogram": _TEXT_FLAG,
    "deterministic_histogram": _TEXT_FLAG,
    "dsplit": Choice(("row", "col")),
    "prob_buffer_row": Real(Interval(1, low_open=True)),
    "_kfold": Whole(Interval(2)),
    "_num_cv_round": _COUNT,
    "_tuning_objective_metric": Choice(OBJECTIVES),
}


def read_hyperparameters(texts: Mapping[str, str]) -> Mapping[str, Value]:
    """
    Read and check every hyperparameter, each alone and all together; aliases get their first name.

    `eval_metric` stays a list with commas. Raises ClientError for the first that is wrong.
    """
    named = _by_first_name(texts)
    for name in REQUIRED:
        if name not in named:
            raise ClientError(f"Missing required hyperparameter: {name}")
    values = {name: _value(name, text) for name, text in named.items()}
    for check in _CHECKS:
        check(values)
    return values


def _by_first_name(texts: Mapping[str, str]) -> Mapping[str, str]:
    named: dict[str, str] = {}
    for given, text in texts.items():
        name = ALIASES.get(given, given)
        if name in named:
            raise ClientError(f"Hyperparameter {given}: it is another name for {name}; give one of them")
        named[name] = text
    return named


def _value(name: str, text: str) -> Value:
    if name == "eval_metric":
        return ",".join(_metric(each.strip()) for each in text.split(","))
    if name in ("sagemaker_program", "sagemaker_submit_directory"):
        raise ClientError(
            f"Hyperparameter {name}: SageMaker's own XGBoost program runs no script; script mode needs "
            "sagemaker_program, and an entry of the image catalogue that runs scripts"
        )
    if name not in RULES:
        raise ClientError(f"Extraneous hyperparameter found: {shown(name)}")
    try:
        return RULES[name].read(text)
    except RuleError as error:
        raise ClientError(f"Hyperparameter {name}: {error}") from None


def _metric(text: str) -> str:
    """Give the metric as XGBoost prints it: `error@0.5` is plain `error`."""
    name, at, threshold = text.partition("@")
    if name not in NAMES or (at and name not in THRESHOLDED):
        raise ClientError(
            f"Hyperparameter eval_metric: {shown(text)} is not one of {', '.join(NAMES)}; "
            f"a threshold as in error@0.7 is for {', '.join(THRESHOLDED)}"
        )
    if not at:
        return text
    try:
        if name == "error":
            number = _FROM_0_TO_1.read(threshold)
            return name if number == 0.5 else f"{name}@{number:g}"
        minus = "-" if threshold.endswith("-") else ""  # without it, a list with no relevant row counts as 1
        return f"{name}@{_COUNT.read(threshold.removesuffix('-'))}{minus}"
    except RuleError as error:
        raise ClientError(f"Hyperparameter eval_metric: {shown(text)}: {error}") from None


def _check_classes(values: Mapping[str, Value]) -> None:
    is_multi = str(values.get("objective", "")).startswith("multi:")
    if is_multi and "num_class" not in values:
        raise ClientError("Require input for parameter 'num_class' for multi-classification")
    if not is_multi and "num_class" in values:
        raise ClientError("Hyperparameter num_class: it is for the objectives multi:softmax and multi:softprob only")


def _check_metrics(values: Mapping[str, Value]) -> None:
    objective = str(values.get("objective", "reg:squarederror"))
    wanted = str(values.get("eval_metric", "")).split(",")
    if "auc" in wanted and not objective.startswith(("binary:", "rank:", "multi:")):
        raise ClientError("Metric 'auc' can only be applied for classification and ranking problems.")
    wanted.append(str(values.get("_tuning_objective_metric", "")).partition(":")[2])
    for metric in ("aft-nloglik", "interval-regression-accuracy"):
        if metric in wanted and objective != "survival:aft":
            raise ClientError(f"Metric {metric!r} can only be applied for 'survival:aft' objective.")
    classifying = sorted(CLASSIFYING & set(wanted))
    if classifying and not objective.startswith(("binary:", "multi:", "reg:logistic")):
        raise ClientError(f"Metric {classifying[0]!r} is for classification; {objective} has no classes")


def _check_constraints(values: Mapping[str, Value]) -> None:
    method = values.get("tree_method")
    if "monotone_constraints" in values and method not in ("exact", "hist"):
        raise ClientError("Hyperparameter monotone_constraints: it needs tree_method exact or hist")
    if "interaction_constraints" in values and method not in ("exact", "hist", "approx"):
        raise ClientError("Hyperparameter interaction_constraints: it needs tree_method exact, hist or approx")


def _check_updaters(values: Mapping[str, Value]) -> None:
    if "updater" not in values:
        return
    updaters = str(values["updater"]).split(",")
    if values.get("booster") == "gblinear":
        if len(updaters) != 1 or updaters[0] not in LINEAR_UPDATERS:
            raise ClientError(f"Hyperparameter updater: with booster gblinear, one of {', '.join(LINEAR_UPDATERS)}")
        return
    strange = [each for each in updaters if each not in TREE_UPDATERS]
    if strange:
        raise ClientError(
            f"Hyperparameter updater: there is no tree updater {strange[0]} (any more); "
            "leave updater out and choose a tree_method"
        )
    if sum(each in TREE_GROWERS for each in updaters) > 1:
        raise ClientError(f"Hyperparameter updater: only one of {', '.join(TREE_GROWERS)} can be selected")


_CHECKS: tuple[Callable[[Mapping[str, Value]], None], ...] = (
    _check_classes,
    _check_metrics,
    _check_constraints,
    _check_updaters,
)
