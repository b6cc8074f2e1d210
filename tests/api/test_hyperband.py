"""Tuning jobs by Hyperband, and what of them is refused."""

from typing import Any

import pytest

from desk import Desk
from luthier.records.names import TuningJobArn
from luthier.records.tuning_job import Resource, TuningSpecification
from sample import a_create_request, a_request_for_several

CONFIG = "HyperParameterTuningJobConfig"
OWN = f"{CONFIG}__StrategyConfig__HyperbandStrategyConfig"
MIN, MAX = f"{OWN}__MinResource", f"{OWN}__MaxResource"
HYPERBAND = {f"{CONFIG}__Strategy": "Hyperband"}
STATIC = "TrainingJobDefinition__StaticHyperParameters__"
OWN_IMAGE = {
    "TrainingJobDefinition__AlgorithmSpecification": {
        "TrainingImage": "123456789012.dkr.ecr.us-east-1.amazonaws.com/trainer:1",
        "TrainingInputMode": "File",
        "MetricDefinitions": [{"Name": "validation:auc", "Regex": "auc=([0-9.]+)"}],
    }
}


def created(desk: Desk, request: dict[str, Any]) -> TuningSpecification:
    job = desk.store.tuning_jobs.get(TuningJobArn(desk.create(request)))
    assert job is not None
    return job.specification


def resource(desk: Desk, **changes: Any) -> Resource | None:
    return created(desk, a_create_request(**HYPERBAND | OWN_IMAGE | changes)).definitions[0].resource


def message(desk: Desk, **changes: Any) -> str:
    error = desk.refusal_to_create(a_create_request(**HYPERBAND | OWN_IMAGE | changes))
    assert error.code == "ValidationException"
    return error.message


def test_the_resource_is_the_one_asked_for(desk: Desk) -> None:
    assert resource(desk, **{MIN: 2, MAX: 50}) == Resource(minimum=2, maximum=50)


def test_the_strategy_is_hyperband(desk: Desk) -> None:
    assert created(desk, a_create_request(**HYPERBAND | {MAX: 50})).strategy == "Hyperband"


@pytest.mark.parametrize("name", ["epochs", "numepochs", "n-epochs", "n_epochs", "num_epochs"])
def test_max_resource_is_inferred_from_a_static_hyperparameter(desk: Desk, name: str) -> None:
    assert resource(desk, **{MIN: 2, STATIC + name: "30"}) == Resource(minimum=2, maximum=30)


def test_a_given_max_resource_wins_over_a_static_hyperparameter(desk: Desk) -> None:
    assert resource(desk, **{MIN: 2, MAX: 50, f"{STATIC}epochs": "30"}) == Resource(minimum=2, maximum=50)


@pytest.mark.parametrize(("maximum", "minimum"), [(1, 1), (2, 2), (30, 3), (81, 3), (82, 4), (20000, 741)])
def test_min_resource_is_chosen_where_it_is_not_given(desk: Desk, maximum: int, minimum: int) -> None:
    assert resource(desk, **{MAX: maximum}) == Resource(minimum=minimum, maximum=maximum)


def test_each_definition_infers_its_own(desk: Desk) -> None:
    request = a_request_for_several(
        **HYPERBAND
        | {
            "TrainingJobDefinitions__0__AlgorithmSpecification": {
                **OWN_IMAGE["TrainingJobDefinition__AlgorithmSpecification"]
            },
            "TrainingJobDefinitions__0__StaticHyperParameters__epochs": "10",
            "TrainingJobDefinitions__1__StaticHyperParameters__epochs": "90",
        }
    )

    found = [each.resource for each in created(desk, request).definitions]

    assert found == [Resource(minimum=3, maximum=10), Resource(minimum=4, maximum=90)]


def test_describe_shows_the_configuration_as_it_was_given(desk: Desk) -> None:
    desk.create(a_create_request(**HYPERBAND | {MAX: 50}))

    described = desk.ask("DescribeHyperParameterTuningJob", HyperParameterTuningJobName="MyTuningJob")

    assert described[CONFIG]["StrategyConfig"] == {"HyperbandStrategyConfig": {"MaxResource": 50}}
    assert described[CONFIG]["TrainingJobEarlyStoppingType"] == "Off"


def test_without_a_maximum_it_is_refused_in_sagemakers_words(desk: Desk) -> None:
    assert message(desk, **{MIN: 2}) == (
        "MaxResource parameter is not provided and could not be inferred from provided static hyperparameters of "
        "TrainingJobDefinition."
    )


def test_a_tunable_number_of_epochs_is_no_maximum(desk: Desk) -> None:
    epochs = [{"Name": "epochs", "MinValue": "1", "MaxValue": "300"}]

    said = message(desk, **{f"{CONFIG}__ParameterRanges__IntegerParameterRanges": epochs})

    assert said.startswith("MaxResource parameter is not provided and could not be inferred")


@pytest.mark.parametrize("told", ["many", "0", "-3", "1.5", "", "1" + "0" * 400, "٣"])
def test_a_static_hyperparameter_that_is_no_number_of_epochs_is_refused(desk: Desk, told: str) -> None:
    said = message(desk, **{f"{STATIC}epochs": told})

    assert f"from the static hyperparameter 'epochs', which is {told!r}" in said


@pytest.mark.parametrize("asked", [{MAX: 20_001}, {f"{STATIC}epochs": "20001"}], ids=["given", "inferred"])
def test_more_than_twenty_thousand_are_refused(desk: Desk, asked: dict[str, Any]) -> None:
    assert message(desk, **asked) == "HyperbandStrategyConfig.MaxResource is 20001; at most 20000 are possible."


def test_a_minimum_above_the_maximum_is_refused(desk: Desk) -> None:
    assert message(desk, **{MIN: 9, MAX: 8}) == (
        "HyperbandStrategyConfig.MinResource is 9 and must not be more than MaxResource, which is 8."
    )


def test_a_minimum_above_an_inferred_maximum_is_refused_with_its_source(desk: Desk) -> None:
    said = message(desk, **{MIN: 9, f"{STATIC}n_epochs": "8"})

    assert said.endswith("which is 8, as the static hyperparameter 'n_epochs' says.")


def test_early_stopping_beside_it_is_refused(desk: Desk) -> None:
    said = message(desk, **{MAX: 9, f"{CONFIG}__TrainingJobEarlyStoppingType": "Auto"})

    assert said.startswith(f"{CONFIG}.TrainingJobEarlyStoppingType must be Off with the strategy Hyperband")


@pytest.mark.parametrize("strategy", ["Bayesian", "Random"])
def test_its_configuration_is_refused_with_another_strategy(desk: Desk, strategy: str) -> None:
    said = message(desk, **{MAX: 9, f"{CONFIG}__Strategy": strategy})

    assert f"is for the strategy Hyperband, not {strategy}; leave it out" in said


def test_other_strategies_have_no_resource(desk: Desk) -> None:
    assert resource(desk, **{f"{CONFIG}__Strategy": "Random", f"{STATIC}epochs": "30"}) is None
