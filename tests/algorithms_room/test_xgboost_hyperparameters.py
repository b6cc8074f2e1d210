"""The hyperparameters of SageMaker's XGBoost: which are taken, and what is said of the others."""

import pytest

from luthier.algorithms.xgboost.failure import ClientError
from luthier.algorithms.xgboost.hyperparameters import RULES, read_hyperparameters
from luthier.algorithms.xgboost.request import make_request

GOOD = {"num_round": "10", "objective": "binary:logistic"}


def test_values_get_their_types() -> None:
    values = read_hyperparameters(GOOD | {"eta": "1.3494417573713629e-08", "max_depth": "7", "updater": "sync, prune"})

    assert (values["eta"], values["max_depth"], values["updater"]) == (1.3494417573713629e-08, 7, "sync,prune")


@pytest.mark.parametrize(
    ("alias", "name"), [("learning_rate", "eta"), ("reg_lambda", "lambda"), ("reg_alpha", "alpha")]
)
def test_an_alias_gets_its_first_name(alias: str, name: str) -> None:
    values = read_hyperparameters(GOOD | {alias: "0.5"})

    assert values[name] == 0.5


def test_num_round_is_required() -> None:
    with pytest.raises(ClientError, match="Missing required hyperparameter: num_round"):
        read_hyperparameters({})


@pytest.mark.parametrize("name", ["max_dept", "", "eta ", "__class__", "'; drop"])
def test_an_unknown_hyperparameter_is_named(name: str) -> None:
    with pytest.raises(ClientError, match="Extraneous hyperparameter found"):
        read_hyperparameters(GOOD | {name: "1"})


def test_script_mode_is_refused_with_the_way_out() -> None:
    with pytest.raises(ClientError, match="script mode needs sagemaker_program"):
        read_hyperparameters(GOOD | {"sagemaker_submit_directory": "s3://b/x.tar.gz"})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("num_round", "0"),
        ("num_round", "ten"),
        ("num_round", "10.0"),
        ("num_round", "9" * 5000),
        ("eta", "-0.1"),
        ("eta", "1.1"),
        ("eta", "nan"),
        ("eta", ""),
        ("gamma", "inf"),
        ("subsample", "0"),
        ("colsample_bytree", "1.5"),
        ("tweedie_variance_power", "1"),
        ("tweedie_variance_power", "2"),
        ("scale_pos_weight", "0"),
        ("max_depth", "-1"),
        ("max_bin", "1"),
        ("verbosity", "4"),
        ("booster", "gbforest"),
        ("objective", "binary:logistics"),
        ("objective", "<function f>"),
        ("tree_method", "fast"),
        ("seed", "4294967296"),
        ("csv_weights", "2"),
        ("_kfold", "1"),
        ("_tuning_objective_metric", "test:auc"),
        ("_tuning_objective_metric", "validation:profit"),
        ("monotone_constraints", "(2, 0)"),
        ("monotone_constraints", "__import__('os').getcwd()"),
        ("interaction_constraints", "[[-1]]"),
        ("interaction_constraints", "[" * 500),
        ("eval_metric", "auc,profit"),
        ("eval_metric", "auc@3"),
        ("eval_metric", "error@half"),
        ("eval_metric", "ndcg@0"),
        ("updater", "grow_dragon"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(ClientError, match=f"Hyperparameter {name}: "):
        read_hyperparameters(GOOD | {name: text})


@pytest.mark.parametrize(
    "others",
    [
        {"objective": "multi:softmax"},
        {"num_class": "3"},
        {"objective": "reg:squarederror", "eval_metric": "auc"},
        {"objective": "reg:squarederror", "eval_metric": "f1"},
        {"objective": "count:poisson", "_tuning_objective_metric": "validation:accuracy"},
        {"monotone_constraints": "(1,0)"},
        {"monotone_constraints": "(1,0)", "tree_method": "approx"},
        {"interaction_constraints": "[[0,1]]"},
        {"booster": "gblinear", "updater": "prune"},
        {"updater": "shotgun"},
        {"updater": "grow_skmaker"},
        {"updater": "grow_colmaker,grow_histmaker"},
        {"eta": "0.1", "learning_rate": "0.1"},
    ],
)
def test_hyperparameters_that_do_not_go_together_are_refused(others: dict[str, str]) -> None:
    with pytest.raises(ClientError):
        read_hyperparameters(GOOD | others)


@pytest.mark.parametrize(
    "others",
    [
        {"tree_method": "gpu_hist"},
        {"predictor": "gpu_predictor"},
        {"process_type": "update"},
        {"dsplit": "col"},
        {"lambda_bias": "0.5"},
        {"_kfold": "5"},
        {"objective": "survival:aft"},
    ],
)
def test_what_this_xgboost_cannot_do_is_refused_by_name(others: dict[str, str]) -> None:
    with pytest.raises(ClientError, match="Hyperparameter " + next(iter(others))):
        make_request(read_hyperparameters(GOOD | others))


def test_what_xgboost_needs_no_more_is_left_out_with_a_remark() -> None:
    request = make_request(read_hyperparameters(GOOD | {"single_precision_histogram": "true", "predictor": "auto"}))

    assert request.parameters.keys() == {"objective"}
    assert len(request.remarks) == 2


def test_the_old_name_of_squared_error_still_works() -> None:
    request = make_request(read_hyperparameters({"num_round": "1", "objective": "reg:linear"}))

    assert request.objective == request.parameters["objective"] == "reg:squarederror"


def test_silent_becomes_verbosity() -> None:
    request = make_request(read_hyperparameters(GOOD | {"silent": "1"}))

    assert request.parameters["verbosity"] == 0


def test_sketch_eps_becomes_bins_for_the_approximate_method() -> None:
    request = make_request(read_hyperparameters(GOOD | {"tree_method": "approx", "sketch_eps": "0.02"}))

    assert request.parameters["max_bin"] == 50


def test_the_tuned_metric_is_computed_too() -> None:
    given = GOOD | {"eval_metric": "auc,error@0.50", "_tuning_objective_metric": "validation:f1"}

    request = make_request(read_hyperparameters(given))

    assert (request.metrics, request.own_metrics) == (("auc", "error"), ("f1",))


def test_early_stopping_looks_at_the_tuned_metric() -> None:
    given = GOOD | {"eval_metric": "auc", "_tuning_objective_metric": "validation:logloss"}

    assert make_request(read_hyperparameters(given)).stopping_metric == "logloss"


def test_every_rule_can_be_asked_for_nonsense() -> None:
    for name in RULES:
        with pytest.raises(ClientError):
            read_hyperparameters(GOOD | {name: "\x00nonsense"})
