"""Which metric definitions a training job gets."""

import pytest

from luthier.api.metric_definitions import definitions_in_use
from luthier.metrics.patterns import compile_pattern
from luthier.records.algorithm import MetricDefinition
from luthier.records.call import ApiError

AUC = MetricDefinition(name="validation:auc", regex="auc:(.*)")


def given(name: str, regex: str) -> dict[str, str]:
    return {"Name": name, "Regex": regex}


def test_the_callers_metric_definitions_are_used() -> None:
    assert definitions_in_use([], [given("loss", "loss=(.*)")], "loss") == [
        MetricDefinition(name="loss", regex="loss=(.*)")
    ]


def test_an_image_with_built_in_metrics_also_gets_the_objective_as_objectivemetric() -> None:
    assert definitions_in_use([AUC], [], "validation:auc") == [
        AUC,
        MetricDefinition(name="ObjectiveMetric", regex=AUC.regex),
    ]


def test_the_callers_definition_wins_over_the_images_of_the_same_name() -> None:
    in_use = definitions_in_use([AUC], [given("validation:auc", "mine=(.*)")], "validation:auc")

    assert {each.name: each.regex for each in in_use} == {"validation:auc": "mine=(.*)", "ObjectiveMetric": "mine=(.*)"}


def test_an_objective_that_nothing_defines_is_refused() -> None:
    with pytest.raises(ApiError) as caught:
        definitions_in_use([AUC], [], "validation:rmse")

    assert caught.value.message.startswith(
        "A metric is required for this hyperparameter tuning job objective. Provide a metric in the metric definitions."
    )


def test_a_metric_defined_twice_is_refused() -> None:
    with pytest.raises(ApiError, match="holds a name twice"):
        definitions_in_use([], [given("loss", "a=(.*)"), given("loss", "b=(.*)")], "loss")


def test_a_pattern_that_cannot_be_used_is_refused() -> None:
    with pytest.raises(ApiError, match="the Regex of 'loss' cannot be used"):
        definitions_in_use([], [given("loss", "loss=(")], "loss")


def test_an_objective_may_need_no_pattern_where_that_is_allowed() -> None:
    [definition] = definitions_in_use([], [], "loss", needs_pattern=False)

    assert definition.name == "loss"
    assert compile_pattern(definition.regex)("loss=0.5") is None


def test_a_pattern_that_is_given_is_used_all_the_same() -> None:
    [definition] = definitions_in_use([], [given("loss", "loss=(.*)")], "loss", needs_pattern=False)

    assert definition.regex == "loss=(.*)"
