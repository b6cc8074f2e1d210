"""Tuning jobs of several training job definitions: what is refused, and what is shown of them."""

from typing import Any

import pytest

from desk import Desk
from luthier.records.names import TuningJobArn
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningSpecification
from sample import a_create_request, a_request_for_several

CONFIG = "HyperParameterTuningJobConfig"
OWN = "TrainingJobDefinitions__1"
LAST = " (in TrainingJobDefinitions[1], 'own')"


def created(desk: Desk, **changes: Any) -> TuningSpecification:
    job = desk.store.tuning_jobs.get(TuningJobArn(desk.create(a_request_for_several(**changes))))
    assert job is not None
    return job.specification


def described(desk: Desk) -> Any:
    return desk.ask("DescribeHyperParameterTuningJob", HyperParameterTuningJobName="MyTuningJob")


def children(desk: Desk, **asked: Any) -> Any:
    return desk.ask("ListTrainingJobsForHyperParameterTuningJob", HyperParameterTuningJobName="MyTuningJob", **asked)[
        "TrainingJobSummaries"
    ]


def message(desk: Desk, **changes: Any) -> str:
    error = desk.refusal_to_create(a_request_for_several(**changes))
    assert error.code == "ValidationException"
    return error.message


def one_of_each(desk: Desk) -> tuple[TrainingJob, TrainingJob]:
    desk.create(a_request_for_several())
    (boosted,), (own,) = desk.launch("MyTuningJob", 1), desk.launch("MyTuningJob", 2, place=1)
    return boosted, own


def test_every_definition_has_its_own_name_objective_ranges_and_image(desk: Desk) -> None:
    space = {"CategoricalParameterRanges": [{"Name": "kernel", "Values": [str(place) for place in range(20)]}]}

    boosted, own = created(desk, TrainingJobDefinitions__1__HyperParameterRanges=space).definitions

    assert (boosted.name, own.name) == ("boosted", "own")
    assert (boosted.objective.metric, own.objective.metric) == ("validation:auc", "score")
    assert [each.name for each in own.space.ranges] == ["kernel"]
    assert (len(boosted.space.ranges), own.training.image.rpartition("/")[2]) == (4, "trainer:1")


def test_every_definition_has_its_own_metric_definitions(desk: Desk) -> None:
    boosted, own = created(desk).definitions

    assert [each.name for each in own.training.metrics] == ["score"]
    assert "validation:auc" in {each.name for each in boosted.training.metrics}


def test_only_the_list_is_shown(desk: Desk) -> None:
    """Clients branch on which key is there."""
    desk.create(a_request_for_several())

    shown = described(desk)

    assert "TrainingJobDefinition" not in shown
    assert shown[CONFIG] == {
        "Strategy": "Bayesian",
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 20, "MaxParallelTrainingJobs": 3},
        "RandomSeed": 123,
        "TrainingJobEarlyStoppingType": "Off",
    }


def test_every_definition_is_shown_with_its_own_objective_among_its_hyperparameters(desk: Desk) -> None:
    desk.create(a_request_for_several())

    shown = described(desk)["TrainingJobDefinitions"]

    assert [each["StaticHyperParameters"]["_tuning_objective_metric"] for each in shown] == ["validation:auc", "score"]


def test_all_three_lists_of_ranges_of_every_definition_are_shown(desk: Desk) -> None:
    desk.create(a_request_for_several(TrainingJobDefinitions__0__HyperParameterRanges__CategoricalParameterRanges=...))

    first, _ = (each["HyperParameterRanges"] for each in described(desk)["TrainingJobDefinitions"])

    assert first["CategoricalParameterRanges"] == []
    assert {each["ScalingType"] for each in first["ContinuousParameterRanges"]} == {"Auto"}


def test_defaults_are_filled_in_in_every_definition(desk: Desk) -> None:
    desk.create(a_request_for_several(TrainingJobDefinitions__1__StoppingCondition={}))

    _, own = described(desk)["TrainingJobDefinitions"]

    assert own["StoppingCondition"] == {"MaxRuntimeInSeconds": 86400}
    assert own["EnableManagedSpotTraining"] is False


def test_the_best_training_job_is_the_best_of_all_definitions(desk: Desk) -> None:
    boosted, own = one_of_each(desk)
    desk.complete(boosted, 0.5)
    desk.complete(own, 0.75, "score")

    best = described(desk)["BestTrainingJob"]

    assert (best["TrainingJobName"], best["TrainingJobDefinitionName"]) == (own.name, "own")
    assert best["FinalHyperParameterTuningJobObjectiveMetric"] == {
        "Type": "Maximize",
        "MetricName": "score",
        "Value": 0.75,
    }


def test_a_metric_of_another_definition_is_no_objective(desk: Desk) -> None:
    boosted, _ = one_of_each(desk)
    desk.complete(boosted, 0.75, "score")

    assert described(desk)["ObjectiveStatusCounters"] == {"Succeeded": 0, "Pending": 1, "Failed": 1}


def test_every_training_job_is_listed_with_its_definitions_name(desk: Desk) -> None:
    one_of_each(desk)

    assert [each["TrainingJobDefinitionName"] for each in children(desk)] == ["boosted", "own"]


def test_training_jobs_of_all_definitions_are_sorted_by_their_own_objectives(desk: Desk) -> None:
    """And one that reported only another definition's metric is left out."""
    boosted, own = one_of_each(desk)
    (stray,) = desk.launch("MyTuningJob", 3)
    desk.complete(boosted, 0.75)
    desk.complete(own, 0.5, "score")
    desk.complete(stray, 0.6, "score")

    shown = children(desk, SortBy="FinalObjectiveMetricValue")

    assert [each["TrainingJobName"] for each in shown] == [own.name, boosted.name]


def test_a_training_job_is_shown_with_what_its_own_definition_says(desk: Desk) -> None:
    _, own = one_of_each(desk)

    shown = desk.ask("DescribeTrainingJob", TrainingJobName=own.name)

    assert shown["AlgorithmSpecification"]["TrainingImage"].endswith("trainer:1")
    assert shown["HyperParameters"]["_tuning_objective_metric"] == "score"


def test_the_list_of_tuning_jobs_counts_over_all_definitions(desk: Desk) -> None:
    boosted, own = one_of_each(desk)
    desk.complete(boosted, 0.5)
    desk.complete(own, 0.75, "score")

    (summary,) = desk.ask("ListHyperParameterTuningJobs")["HyperParameterTuningJobSummaries"]

    assert summary["ObjectiveStatusCounters"]["Succeeded"] == 2


def test_one_definition_may_be_given_as_a_list(desk: Desk) -> None:
    request = a_request_for_several()
    del request["TrainingJobDefinitions"][1]
    desk.create(request)

    assert len(described(desk)["TrainingJobDefinitions"]) == 1


def test_ten_definitions_are_possible(desk: Desk) -> None:
    request = a_request_for_several()
    first = request["TrainingJobDefinitions"][0]
    request["TrainingJobDefinitions"] = [{**first, "DefinitionName": f"d{place}"} for place in range(10)]

    assert desk.create(request)


def test_both_forms_at_once_are_refused(desk: Desk) -> None:
    one = a_create_request()["TrainingJobDefinition"]

    assert "must not be given together" in message(desk, TrainingJobDefinition=one)


@pytest.mark.parametrize("member", ["HyperParameterTuningJobObjective", "ParameterRanges"])
def test_objective_and_ranges_of_the_config_are_refused_beside_a_list(desk: Desk, member: str) -> None:
    value = a_create_request()[CONFIG][member]

    assert f"{CONFIG}.{member} must not be given with TrainingJobDefinitions" in message(
        desk, **{f"{CONFIG}__{member}": value}
    )


@pytest.mark.parametrize("member", ["DefinitionName", "TuningObjective", "HyperParameterRanges"])
def test_every_definition_needs_what_only_lists_have(desk: Desk, member: str) -> None:
    assert f"{member} is required in every definition" in message(desk, **{f"{OWN}__{member}": ...})


def test_a_definitions_name_is_its_own(desk: Desk) -> None:
    assert "2 definitions with the DefinitionName 'boosted'" in message(desk, **{f"{OWN}__DefinitionName": "boosted"})


def test_definitions_that_disagree_on_what_is_better_are_refused(desk: Desk) -> None:
    """Or else there would be no best training job."""
    refused = message(desk, **{f"{OWN}__TuningObjective__Type": "Minimize"})

    assert "Maximize in one and Minimize in another" in refused


def test_environments_of_all_definitions_may_hold_48_entries(desk: Desk) -> None:
    environments = [{f"V{place}": "x" for place in range(count)} for count in (24, 24)]

    assert created(
        desk,
        TrainingJobDefinitions__0__Environment=environments[0],
        TrainingJobDefinitions__1__Environment=environments[1],
    )


def test_environments_of_more_entries_in_all_are_refused(desk: Desk) -> None:
    first, second = ({f"V{place}": "x" for place in range(count)} for count in (24, 25))

    assert "49 entries in all definitions" in message(
        desk, TrainingJobDefinitions__0__Environment=first, TrainingJobDefinitions__1__Environment=second
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({f"{OWN}__TuningObjective__MetricName": "other"}, "A metric is required for this hyperparameter tuning job"),
        ({f"{OWN}__ResourceConfig": ...}, "either ResourceConfig or HyperParameterTuningResourceConfig"),
        ({f"{OWN}__AlgorithmSpecification__TrainingImage": "nobody:1"}, "'nobody:1' matches nothing"),
        ({f"{OWN}__StaticHyperParameters__eta": "1"}, "'eta' is both in ParameterRanges and in Static"),
        ({f"{OWN}__HyperParameterRanges": {"AutoParameters": []}}, "holds 0 hyperparameters"),
        ({f"{OWN}__OutputDataConfig__S3OutputPath": "https://data/x"}, "write it as s3://bucket/prefix"),
        ({f"{OWN}__StaticHyperParameters": {f"p{place}": "1" for place in range(96)}}, "101 hyperparameters"),
    ],
)
def test_a_refusal_says_which_definition_it_is_about(desk: Desk, changes: dict[str, Any], expected: str) -> None:
    refused = message(desk, **changes)

    assert expected in refused
    assert refused.endswith(LAST)


def test_a_channel_of_any_definition_must_name_something(desk: Desk) -> None:
    uri = {f"{OWN}__InputDataConfig__0__DataSource__S3DataSource__S3Uri": "s3://data/nothing"}

    assert 'No S3 objects found under S3 URL "s3://data/nothing"' in message(desk, **uri)


def test_discrete_spaces_are_counted_together(desk: Desk) -> None:
    def space(*values: str) -> dict[str, Any]:
        return {"CategoricalParameterRanges": [{"Name": "kernel", "Values": list(values)}]}

    changes = {
        "TrainingJobDefinitions__0__HyperParameterRanges": space("a", "b"),
        f"{OWN}__HyperParameterRanges": space("a", "b", "c"),
    }

    assert "the provided ranges [5.0]" in message(desk, **changes)
    assert created(desk, **changes, HyperParameterTuningJobConfig__ResourceLimits__MaxNumberOfTrainingJobs=5)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        (
            "WarmStartConfig",
            {
                "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "old"}],
                "WarmStartType": "TransferLearning",
            },
        ),
        (f"{CONFIG}__TrainingJobEarlyStoppingType", "Auto"),
    ],
)
def test_neither_warm_start_nor_early_stopping_goes_with_a_list(desk: Desk, member: str, value: Any) -> None:
    request = a_request_for_several(**{member: value})

    assert desk.refusal_to_create(request).code == "ValidationException"
    assert desk.store.tuning_jobs.unfinished() == []


def test_each_definition_has_the_defaults_of_its_own_algorithm(desk: Desk) -> None:
    """XGBoost's are known, those of a program of one's own are not."""
    boosted, own = created(desk).definitions

    assert (boosted.space.defaults["eta"], own.space.defaults) == (0.3, {})
