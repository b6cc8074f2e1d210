"""Tuning jobs that learn from earlier ones: which may, and what is shown of them."""

from dataclasses import replace
from typing import Any

import pytest

from desk import Desk
from luthier.api.limits import Limits
from luthier.records.call import ApiError
from luthier.records.names import tuning_job_arn
from luthier.records.status import TuningStatus
from sample import a_create_request, a_request_for_several
from things import SCOPE

STATIC = "TrainingJobDefinition__StaticHyperParameters"
RANGES = "HyperParameterTuningJobConfig__ParameterRanges"
IDENTICAL, TRANSFER = "IdenticalDataAndAlgorithm", "TransferLearning"
BOTH = pytest.mark.parametrize("kind", [IDENTICAL, TRANSFER])


def end(desk: Desk, name: str = "Parent", status: TuningStatus = TuningStatus.COMPLETED) -> None:
    job = desk.store.tuning_jobs.get(tuning_job_arn(SCOPE, name))
    assert job is not None
    assert desk.store.tuning_jobs.replace(replace(job, status=status, ended_at=desk.now, modified_at=desk.now))
    desk.now += 10


def a_parent(desk: Desk, name: str = "Parent", **changes: Any) -> None:
    desk.create(a_create_request(name, **changes))
    end(desk, name)


def a_child(kind: str = IDENTICAL, parents: tuple[str, ...] = ("Parent",), **changes: Any) -> dict[str, Any]:
    names = [{"HyperParameterTuningJobName": each} for each in parents]
    warm = {"ParentHyperParameterTuningJobs": names, "WarmStartType": kind}
    return a_create_request("Child", **{"WarmStartConfig": warm, **changes})


def refusal(desk: Desk, request: dict[str, Any]) -> ApiError:
    error = desk.refusal_to_create(request)
    assert desk.store.tuning_jobs.get(tuning_job_arn(SCOPE, "Child")) is None
    return error


def message(desk: Desk, request: dict[str, Any]) -> str:
    error = refusal(desk, request)
    assert error.code == "ValidationException"
    return error.message


def describe(desk: Desk, name: str = "Child") -> Any:
    return desk.ask("DescribeHyperParameterTuningJob", HyperParameterTuningJobName=name)


@BOTH
def test_a_warm_start_is_described_as_asked_for(desk: Desk, kind: str) -> None:
    a_parent(desk)
    desk.create(a_child(kind, ("PARENT",)))

    assert describe(desk)["WarmStartConfig"] == {
        "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "PARENT"}],
        "WarmStartType": kind,
    }


def test_the_parents_are_those_named_whatever_their_capitals(desk: Desk) -> None:
    a_parent(desk)
    a_parent(desk, "Other")
    desk.create(a_child(TRANSFER, ("other", "PARENT")))

    job = desk.store.tuning_jobs.get(tuning_job_arn(SCOPE, "Child"))

    assert job is not None
    assert job.specification.warm_start is not None
    assert job.specification.warm_start.parents == (tuning_job_arn(SCOPE, "other"), tuning_job_arn(SCOPE, "parent"))


def test_a_parent_that_is_not_there_is_not_found(desk: Desk) -> None:
    error = refusal(desk, a_child())

    assert error.code == "ResourceNotFound"
    assert error.message == "Amazon SageMaker can't find a tuning job called Parent. Type another name."


def test_a_parent_of_another_account_is_not_found(desk: Desk) -> None:
    a_parent(desk)
    desk.scope = replace(SCOPE, account="111111111111")
    role = "arn:aws:iam::111111111111:role/luthier-execution"

    assert desk.refusal_to_create(a_child(TrainingJobDefinition__RoleArn=role)).code == "ResourceNotFound"


def test_a_parent_needs_a_name(desk: Desk) -> None:
    request = a_child(WarmStartConfig__ParentHyperParameterTuningJobs=[{}])

    assert "has no HyperParameterTuningJobName" in message(desk, request)


def test_a_parent_is_named_once(desk: Desk) -> None:
    a_parent(desk)

    assert "names the parent PARENT 2 times" in message(desk, a_child(parents=("PARENT", "parent")))


def test_six_parents_are_too_many(desk: Desk) -> None:
    parents = tuple(f"Parent{place}" for place in range(6))

    assert "failed to satisfy constraint: Member must have length less than or equal to 5" in message(
        desk, a_child(parents=parents)
    )


def test_five_parents_are_possible(desk: Desk) -> None:
    parents = tuple(f"Parent{place}" for place in range(5))
    for each in parents:
        a_parent(desk, each)

    assert desk.create(a_child(parents=parents))


@pytest.mark.parametrize("status", [each for each in TuningStatus if not each.is_over])
def test_a_parent_that_still_runs_is_refused(desk: Desk, status: TuningStatus) -> None:
    desk.create(a_create_request("Parent"))
    end(desk, status=status)

    assert f"tuning job Parent is in status {status}" in message(desk, a_child())


@pytest.mark.parametrize("status", [TuningStatus.COMPLETED, TuningStatus.STOPPED, TuningStatus.FAILED])
def test_a_parent_may_have_ended_in_any_way(desk: Desk, status: TuningStatus) -> None:
    desk.create(a_create_request("Parent"))
    end(desk, status=status)

    assert desk.create(a_child())


def test_a_parent_of_several_definitions_is_refused(desk: Desk) -> None:
    desk.create(a_request_for_several("Parent"))
    end(desk)

    assert "has several training job definitions" in message(desk, a_child())


def test_a_child_of_several_definitions_is_refused(desk: Desk) -> None:
    a_parent(desk)
    warm = {"ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "Parent"}], "WarmStartType": TRANSFER}

    assert "not supported with TrainingJobDefinitions" in message(
        desk, a_request_for_several("Child", WarmStartConfig=warm)
    )


@BOTH
@pytest.mark.parametrize("change", [{"Type": "Minimize"}, {"MetricName": "validation:error"}])
def test_another_objective_is_refused(desk: Desk, kind: str, change: dict[str, str]) -> None:
    a_parent(desk)
    (member, value), *_ = change.items()
    changed = {f"HyperParameterTuningJobConfig__HyperParameterTuningJobObjective__{member}": value}

    assert "The objective metric must be the same" in message(desk, a_child(kind, **changed))


@BOTH
@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({f"{STATIC}__gamma": "1"}, "gamma"),
        ({f"{STATIC}__rate_drop": ...}, "rate_drop"),
        ({f"{RANGES}__ContinuousParameterRanges__0__Name": "gamma"}, "eta, gamma"),
    ],
)
def test_another_set_of_names_is_refused(desk: Desk, kind: str, change: dict[str, Any], name: str) -> None:
    a_parent(desk)

    told = message(desk, a_child(kind, **change))

    assert told.startswith(
        "The set of tunable plus static HyperParameter names is not the same across current and parent tuning jobs."
    )
    assert f" {name}: not both" in told


def test_the_added_objective_hyperparameter_is_not_one_of_the_names(desk: Desk) -> None:
    """The SageMaker Python SDK sends it along for a parent that it attached to."""
    a_parent(desk)

    assert desk.create(a_child(**{f"{STATIC}___tuning_objective_metric": "validation:auc"}))


@BOTH
def test_another_type_of_a_hyperparameter_is_refused(desk: Desk, kind: str) -> None:
    a_parent(desk)
    ranges = a_create_request()["HyperParameterTuningJobConfig"]["ParameterRanges"]
    moved = {**ranges["IntegerParameterRanges"][0], "Name": "alpha"}
    changes = {
        f"{RANGES}__IntegerParameterRanges": [*ranges["IntegerParameterRanges"], moved],
        f"{RANGES}__ContinuousParameterRanges__1": {**moved, "Name": "gamma"},
    }
    changes[f"{RANGES}__ContinuousParameterRanges"] = [ranges["ContinuousParameterRanges"][place] for place in (0, 2)]
    del changes[f"{RANGES}__ContinuousParameterRanges__1"]

    assert "alpha is an integer here and continuous in the parent" in message(desk, a_child(kind, **changes))


@BOTH
def test_tunable_becomes_static_and_static_tunable(desk: Desk, kind: str) -> None:
    a_parent(desk)
    ranges = a_create_request()["HyperParameterTuningJobConfig"]["ParameterRanges"]["ContinuousParameterRanges"]
    changes = {
        f"{RANGES}__ContinuousParameterRanges": [*ranges[1:], {"Name": "rate_drop", "MinValue": "0", "MaxValue": "1"}],
        f"{STATIC}__rate_drop": ...,
        f"{STATIC}__eta": "0.5",
    }

    assert desk.create(a_child(kind, **changes))


def with_choices(count: int) -> dict[str, Any]:
    values = [str(place) for place in range(count)]
    return {f"{RANGES}__CategoricalParameterRanges": [{"Name": "grow_policy", "Values": values}]}


@pytest.mark.parametrize("count", [10, 11])
def test_every_value_of_a_categorical_hyperparameter_made_static_is_a_change(desk: Desk, count: int) -> None:
    """And ten are possible."""
    a_parent(desk, **with_choices(count))
    request = a_child(**{f"{STATIC}__grow_policy": "1"})

    if count <= 10:
        assert desk.create(request)
    else:
        assert "11 changes are made to static hyperparameters" in message(desk, request)


@pytest.mark.parametrize(("before", "now", "changes"), [("a", "b", 2), ("1", "2", 1), ("a", "a", 0)])
def test_another_static_text_counts_twice_and_another_number_once(
    desk: Desk, before: str, now: str, changes: int
) -> None:
    a_parent(desk, **with_choices(10), **{f"{STATIC}__gamma": before})
    request = a_child(**{f"{STATIC}__grow_policy": "1", f"{STATIC}__gamma": now})

    if changes == 0:
        assert desk.create(request)
    else:
        assert f"{10 + changes} changes are made to static hyperparameters" in message(desk, request)


INPUT = "TrainingJobDefinition__InputDataConfig"
ALGORITHM = "TrainingJobDefinition__AlgorithmSpecification"
OTHER_IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.5-1"
DATA_AND_ALGORITHM = pytest.mark.parametrize(
    ("path", "value", "member"),
    [
        (f"{INPUT}__0__DataSource__S3DataSource__S3Uri", "s3://data/xgboost/validation", "InputDataConfig"),
        (f"{INPUT}__1", ..., "InputDataConfig"),
        (f"{ALGORITHM}__TrainingImage", OTHER_IMAGE, "AlgorithmSpecification.TrainingImage"),
    ],
)


def put_back(path: str, value: Any) -> dict[str, Any]:
    """Change the request; a list member is taken out by giving the list without it."""
    if value is not ...:
        return {path: value}
    return {INPUT: a_create_request()["TrainingJobDefinition"]["InputDataConfig"][:1]}


@DATA_AND_ALGORITHM
def test_identical_means_the_same_data_and_algorithm(desk: Desk, path: str, value: Any, member: str) -> None:
    a_parent(desk)

    assert message(desk, a_child(IDENTICAL, **put_back(path, value))).startswith(f"{member} is not the same")


@DATA_AND_ALGORITHM
def test_transfer_may_change_data_and_algorithm(desk: Desk, path: str, value: Any, member: str) -> None:
    a_parent(desk)

    assert desk.create(a_child(TRANSFER, **put_back(path, value))), member


@BOTH
def test_limits_ranges_and_resources_may_change(desk: Desk, kind: str) -> None:
    a_parent(desk)
    changes = {
        "HyperParameterTuningJobConfig__ResourceLimits__MaxNumberOfTrainingJobs": 5,
        "HyperParameterTuningJobConfig__ResourceLimits__MaxParallelTrainingJobs": 1,
        f"{RANGES}__ContinuousParameterRanges__0__MaxValue": "0.5",
        "TrainingJobDefinition__ResourceConfig__InstanceType": "ml.m5.large",
        "TrainingJobDefinition__OutputDataConfig__S3OutputPath": "s3://data/elsewhere",
    }

    assert desk.create(a_child(kind, **changes))


@BOTH
def test_another_environment_is_refused(desk: Desk, kind: str) -> None:
    a_parent(desk)

    told = message(desk, a_child(kind, TrainingJobDefinition__Environment={"A": "B"}))

    assert told.startswith("Only the following fields in TrainingJobDefinition are allowed to change")
    assert told.endswith("Environment: not as in the parent tuning job Parent.")


def test_training_jobs_of_the_parents_count_towards_the_limit(desk: Desk) -> None:
    desk.limits = Limits(max_training_jobs=22)
    desk.create(a_create_request("Parent"))
    desk.launch("Parent", 1, 2, 3)
    end(desk)

    error = refusal(desk, a_child())

    assert error.code == "ResourceLimitExceeded"
    assert "they have 3, and this one asks for 20" in error.message


def two_generations(desk: Desk, kind: str, *, parent: float, child: float) -> None:
    desk.create(a_create_request("Parent"))
    (job,) = desk.launch("Parent", 1)
    desk.complete(job, parent)
    end(desk)
    desk.create(a_child(kind))
    (job,) = desk.launch("Child", 2)
    desk.complete(job, child)


@pytest.mark.parametrize(("child", "whose"), [(0.8, "Parent"), (0.95, "Child"), (0.9, "Child")])
def test_the_overall_best_is_of_the_parents_or_its_own(desk: Desk, child: float, whose: str) -> None:
    """Of equals it is its own."""
    two_generations(desk, IDENTICAL, parent=0.9, child=child)

    described = describe(desk)

    assert described["OverallBestTrainingJob"]["TuningJobName"] == whose
    assert described["BestTrainingJob"]["TuningJobName"] == "Child"


def test_a_parents_best_is_the_overall_best_before_there_is_an_own(desk: Desk) -> None:
    desk.create(a_create_request("Parent"))
    (job,) = desk.launch("Parent", 1)
    desk.complete(job, 0.9)
    end(desk)
    desk.create(a_child(IDENTICAL))

    described = describe(desk)

    assert described["OverallBestTrainingJob"]["TrainingJobName"] == job.name
    assert "BestTrainingJob" not in described


def test_other_tasks_are_not_compared(desk: Desk) -> None:
    two_generations(desk, TRANSFER, parent=0.9, child=0.8)

    assert "OverallBestTrainingJob" not in describe(desk)


def test_search_finds_by_the_overall_best(desk: Desk) -> None:
    two_generations(desk, IDENTICAL, parent=0.9, child=0.8)

    found = desk.ask("Search", Resource="HyperParameterTuningJob")["Results"]

    by_name = {each["HyperParameterTuningJob"]["HyperParameterTuningJobName"]: each for each in found}
    child = by_name["Child"]["HyperParameterTuningJob"]
    assert child["OverallBestTrainingJob"]["TuningJobName"] == "Parent"


def test_a_deleted_parent_is_not_compared(desk: Desk) -> None:
    two_generations(desk, IDENTICAL, parent=0.9, child=0.8)

    desk.ask("DeleteHyperParameterTuningJob", HyperParameterTuningJobName="Parent")

    assert describe(desk)["OverallBestTrainingJob"]["TuningJobName"] == "Child"


def test_a_tuning_job_made_anew_under_a_parents_name_is_no_parent(desk: Desk) -> None:
    two_generations(desk, IDENTICAL, parent=0.9, child=0.8)
    desk.ask("DeleteHyperParameterTuningJob", HyperParameterTuningJobName="Parent")
    desk.now += 1000
    desk.create(a_create_request("Parent"))
    (job,) = desk.launch("Parent", 9)
    desk.complete(job, 0.99)
    end(desk)

    assert describe(desk)["OverallBestTrainingJob"]["TuningJobName"] == "Child"
