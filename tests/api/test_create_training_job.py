"""Training jobs on their own: created, described and listed."""

from typing import Any

import pytest

from algorithm_sample import an_algorithm
from desk import OWN_IMAGE, Desk
from luthier.api.limits import Limits
from luthier.records.names import Scope, TrainingJobArn, training_job_arn
from sample import IMAGE, a_create_request
from training_requests import a_training_request


def of_algorithm() -> dict[str, Any]:
    """Give a request for a training job of the sample's algorithm resource."""
    request = a_training_request(
        HyperParameters={"rounds": "5"},
        AlgorithmSpecification={"AlgorithmName": "forest", "TrainingInputMode": "File"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
    )
    for channel in request["InputDataConfig"]:
        channel["ContentType"] = "text/csv"
    return request


def create(desk: Desk, name: str = "alone", **changes: Any) -> str:
    return str(desk.ask("CreateTrainingJob", **a_training_request(name, **changes))["TrainingJobArn"])


def names(desk: Desk, **asked: Any) -> list[str]:
    return [each["TrainingJobName"] for each in desk.ask("ListTrainingJobs", **asked)["TrainingJobSummaries"]]


def test_a_created_training_job_is_described(desk: Desk) -> None:
    arn = create(desk)

    seen = desk.ask("DescribeTrainingJob", TrainingJobName="alone")

    assert seen["TrainingJobArn"] == arn == training_job_arn(desk.scope, "alone")
    assert (seen["TrainingJobStatus"], seen["SecondaryStatus"]) == ("InProgress", "Starting")
    assert "TuningJobArn" not in seen
    assert seen["OutputDataConfig"]["KmsKeyId"] == ""
    assert desk.wakes == 1


def test_the_retry_strategy_is_kept_and_described(desk: Desk) -> None:
    arn = create(desk, RetryStrategy={"MaximumRetryAttempts": 3})

    job = desk.store.training_jobs.get(TrainingJobArn(arn))
    assert job is not None
    assert job.definition.max_retries == 3
    seen = desk.ask("DescribeTrainingJob", TrainingJobName="alone")
    assert seen["RetryStrategy"] == {"MaximumRetryAttempts": 3}


def test_a_training_job_may_run_on_several_instances(desk: Desk) -> None:
    resources = {"InstanceType": "ml.m5.large", "InstanceCount": 3, "VolumeSizeInGB": 1}

    create(desk, ResourceConfig=resources)

    assert desk.ask("DescribeTrainingJob", TrainingJobName="alone")["ResourceConfig"] == resources


def test_hyperparameters_are_kept_byte_for_byte(desk: Desk) -> None:
    given = {"text": '"quoted"', "number": "1e-05", "empty": "", "word": "日本"}
    create(desk, HyperParameters=given)

    assert desk.ask("DescribeTrainingJob", TrainingJobName="alone")["HyperParameters"] == given


def test_a_training_jobs_name_is_taken_whatever_its_capitals(desk: Desk) -> None:
    create(desk, "Alone")

    refused = desk.refusal("CreateTrainingJob", **a_training_request("aLONE"))

    assert refused.code == "ResourceInUse"
    assert "must be unique within an AWS account and region" in refused.message


def test_another_account_may_have_the_name_too(desk: Desk) -> None:
    create(desk)
    desk.scope = Scope(account="111111111111", region=desk.scope.region)

    arn = create(desk, RoleArn="arn:aws:iam::111111111111:role/luthier-execution")

    assert ":111111111111:" in arn


@pytest.mark.parametrize("member", ["AlgorithmSpecification", "ResourceConfig", "StoppingCondition"])
def test_what_cannot_be_run_is_refused(desk: Desk, member: str) -> None:
    request = a_training_request(**{member: ...})

    assert desk.refusal("CreateTrainingJob", **request).message.startswith(f"{member} is required")
    assert names(desk) == []


def test_a_channel_without_objects_is_refused(desk: Desk) -> None:
    desk.objects.keys.clear()

    assert "No S3 objects found" in desk.refusal("CreateTrainingJob", **a_training_request()).message


def test_a_role_of_another_account_cannot_be_taken(desk: Desk) -> None:
    request = a_training_request(RoleArn="arn:aws:iam::111111111111:role/theirs")

    assert desk.refusal("CreateTrainingJob", **request).code == "ValidationException"


def test_a_model_that_is_not_compressed_is_a_folder(desk: Desk) -> None:
    output = {"S3OutputPath": "s3://data/output", "CompressionType": "NONE"}
    create(desk, OutputDataConfig=output)

    seen = desk.ask("DescribeTrainingJob", TrainingJobName="alone")

    assert seen["OutputDataConfig"]["CompressionType"] == "NONE"
    assert seen["ModelArtifacts"]["S3ModelArtifacts"] == "s3://data/output/alone/output/model/"


ECHO = {
    "DebugHookConfig": {"S3OutputPath": "s3://data/debug", "CollectionConfigurations": []},
    "ProfilerConfig": {"S3OutputPath": "s3://data/profile", "DisableProfiler": False},
    "ProfilerRuleConfigurations": [],
    "DebugRuleConfigurations": [],
    "RemoteDebugConfig": {"EnableRemoteDebug": False},
    "InfraCheckConfig": {"EnableInfraCheck": False},
    "Environment": {"COLOUR": "blue"},
}


@pytest.mark.parametrize("member", ECHO)
def test_an_echoed_member_is_shown_again(desk: Desk, member: str) -> None:
    create(desk, **{member: ECHO[member]})

    assert desk.ask("DescribeTrainingJob", TrainingJobName="alone")[member] == ECHO[member]


def test_a_definition_is_shown_as_it_was_given_with_its_defaults(desk: Desk) -> None:
    request = a_training_request()
    desk.ask("CreateTrainingJob", **request)

    seen = desk.ask("DescribeTrainingJob", TrainingJobName="alone")

    for member in ("RoleArn", "ResourceConfig", "StoppingCondition", "HyperParameters"):
        assert seen[member] == request[member]
    assert seen["OutputDataConfig"] == {"CompressionType": "GZIP", "KmsKeyId": "", **request["OutputDataConfig"]}
    assert seen["AlgorithmSpecification"]["TrainingImage"] == request["AlgorithmSpecification"]["TrainingImage"]
    assert [each["ChannelName"] for each in seen["InputDataConfig"]] == ["train", "validation"]
    assert seen["ModelArtifacts"]["S3ModelArtifacts"] == "s3://data/xgboost/output/alone/output/model.tar.gz"
    assert "Tags" not in seen
    assert [each["StatusMessage"] for each in seen["SecondaryStatusTransitions"]] == ["Starting the training job."]
    assert seen["LastModifiedTime"] == seen["CreationTime"]


def test_an_images_metrics_and_the_callers_own_are_used(desk: Desk) -> None:
    own = {
        "TrainingImage": IMAGE,
        "TrainingInputMode": "File",
        "MetricDefinitions": [{"Name": "loss", "Regex": "l=(.*)"}],
    }
    create(desk, AlgorithmSpecification=own)

    seen = desk.ask("DescribeTrainingJob", TrainingJobName="alone")

    defined = {each["Name"]: each["Regex"] for each in seen["AlgorithmSpecification"]["MetricDefinitions"]}
    assert defined["loss"] == "l=(.*)"
    assert "validation:auc" in defined


def test_neither_metrics_nor_input_nor_hyperparameters_are_needed(desk: Desk) -> None:
    own = {"TrainingImage": OWN_IMAGE, "TrainingInputMode": "File"}
    create(desk, AlgorithmSpecification=own, InputDataConfig=..., HyperParameters=...)

    seen = desk.ask("DescribeTrainingJob", TrainingJobName="alone")

    assert (seen["HyperParameters"], seen["InputDataConfig"]) == ({}, [])


def test_an_algorithm_resource_gives_its_defaults_to_a_training_job(desk: Desk) -> None:
    desk.ask("CreateAlgorithm", **an_algorithm())
    desk.ask("CreateTrainingJob", **of_algorithm())

    seen = desk.ask("DescribeTrainingJob", TrainingJobName="alone")

    assert seen["HyperParameters"] == {"booster": "tree", "eta": "0.5", "rounds": "5"}
    assert [each["Name"] for each in seen["AlgorithmSpecification"]["MetricDefinitions"]] == ["loss"]


def test_hyperparameters_that_a_training_jobs_algorithm_does_not_know_are_refused(desk: Desk) -> None:
    desk.ask("CreateAlgorithm", **an_algorithm())
    request = of_algorithm()
    request["HyperParameters"]["nonsense"] = "1"

    assert "not supported by the algorithm" in desk.refusal("CreateTrainingJob", **request).message


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"AlgorithmSpecification": {"TrainingInputMode": "File"}}, "You must specify either the algorithm name"),
        ({"AlgorithmSpecification": {"TrainingInputMode": "File", "TrainingImage": "unheard/of:1"}}, "image catalogue"),
        ({"ResourceConfig": {"InstanceCount": 1}}, "InstanceType is required"),
        (
            {"ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 0, "VolumeSizeInGB": 1}},
            "InstanceCount must be 1 or more",
        ),
        ({"StoppingCondition": {"MaxRuntimeInSeconds": 28 * 86400 + 1}}, "above 28 days"),
        ({"Environment": {"CURRENT_HOST": "x"}}, "is reserved"),
        ({"OutputDataConfig": {"S3OutputPath": "https://data/out"}}, "write it as s3://"),
        ({"ExperimentConfig": {"RunName": "r"}}, "ExperimentConfig is not supported"),
        ({"HyperParameters": {f"h{n}": "" for n in range(101)}}, "length less than or equal to 100"),
        ({"HyperParameters": {"long": "x" * 2501}}, "length less than or equal to 2500"),
        ({"TrainingJobName": "under_score"}, "regular expression pattern"),
    ],
)
def test_a_request_that_breaks_a_rule_creates_nothing(desk: Desk, changes: dict[str, Any], told: str) -> None:
    refused = desk.refusal("CreateTrainingJob", **a_training_request(**changes))

    assert refused.code == "ValidationException"
    assert told in refused.message
    assert names(desk) == []


def test_the_longest_hyperparameters_arrive(desk: Desk) -> None:
    given = {f"h{n}": "x" * 2500 for n in range(100)}
    create(desk, HyperParameters=given)

    assert desk.ask("DescribeTrainingJob", TrainingJobName="alone")["HyperParameters"] == given


def test_an_account_may_have_so_many_instances_and_no_more(desk: Desk) -> None:
    desk.limits = Limits(max_instances=1)
    create(desk)

    refused = desk.refusal("CreateTrainingJob", **a_training_request("second"))

    assert refused.code == "ResourceLimitExceeded"


def test_it_has_the_tags_it_was_made_with(desk: Desk) -> None:
    arn = create(desk, Tags=[{"Key": "team", "Value": "north"}])

    assert desk.ask("ListTags", ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "north"}]


def test_all_training_jobs_can_be_sorted(desk: Desk) -> None:
    for name in ("b", "c", "a"):
        create(desk, name)

    assert names(desk) == ["b", "c", "a"]
    assert names(desk, SortBy="Name") == ["a", "b", "c"]
    assert names(desk, SortOrder="Descending") == ["a", "c", "b"]


def test_training_jobs_can_be_narrowed_by_name(desk: Desk) -> None:
    for name in ("first", "second"):
        create(desk, name)

    assert names(desk, NameContains="eco") == ["second"]


def test_a_page_is_cut_before_it_is_filtered(desk: Desk) -> None:
    """With StatusEquals and MaxResults: the newest ones, and a short page with more to come."""
    for name in ("a", "b", "c"):
        create(desk, name)
    desk.ask("StopTrainingJob", TrainingJobName="a")

    page = desk.ask("ListTrainingJobs", StatusEquals="Stopping", MaxResults=2)

    assert page["TrainingJobSummaries"] == []
    rest = desk.ask("ListTrainingJobs", StatusEquals="Stopping", MaxResults=2, NextToken=page["NextToken"])
    assert [each["TrainingJobName"] for each in rest["TrainingJobSummaries"]] == ["a"]
    assert "NextToken" not in rest
    assert names(desk, StatusEquals="Stopping") == ["a"]


def test_the_order_asked_for_is_kept_when_a_page_is_cut_first(desk: Desk) -> None:
    for name in ("a", "b", "c"):
        create(desk, name)

    assert names(desk, StatusEquals="InProgress", MaxResults=2) == ["c", "b"]
    assert names(desk, StatusEquals="InProgress", MaxResults=2, SortOrder="Ascending") == ["a", "b"]
    assert names(desk, StatusEquals="InProgress", MaxResults=2, SortBy="Name") == ["a", "b"]


@pytest.mark.parametrize("bound", ["CreationTime", "LastModifiedTime"])
def test_training_jobs_can_be_bounded_in_time(desk: Desk, bound: str) -> None:
    for name in ("a", "b", "c"):
        create(desk, name)
    at = desk.ask("DescribeTrainingJob", TrainingJobName="b")["CreationTime"]

    assert names(desk, **{f"{bound}After": at}) == ["c"]
    assert names(desk, **{f"{bound}Before": at}) == ["a"]


def test_a_summary_tells_where_a_training_job_stands(desk: Desk) -> None:
    arn = create(desk)
    desk.ask("StopTrainingJob", TrainingJobName="alone")

    (seen,) = desk.ask("ListTrainingJobs")["TrainingJobSummaries"]

    assert (seen["TrainingJobArn"], seen["TrainingJobStatus"], seen["SecondaryStatus"]) == (arn, "Stopping", "Stopping")
    assert "TrainingEndTime" not in seen


def test_a_listing_of_training_jobs_has_ten_entries_a_page(desk: Desk) -> None:
    for number in range(11):
        create(desk, f"job-{number:02d}")

    page = desk.ask("ListTrainingJobs")

    assert len(page["TrainingJobSummaries"]) == 10
    rest = desk.ask("ListTrainingJobs", NextToken=page["NextToken"])
    assert [each["TrainingJobName"] for each in rest["TrainingJobSummaries"]] == ["job-10"]


def test_a_token_that_the_listing_never_gave_is_refused(desk: Desk) -> None:
    assert desk.refusal("ListTrainingJobs", NextToken="made up").code == "ValidationException"


def test_children_are_listed_beside_training_jobs_on_their_own(desk: Desk) -> None:
    desk.create(a_create_request("tune"))
    child = desk.launch("tune", 3)[0]
    create(desk)

    assert names(desk, SortBy="Name") == ["alone", child.name]


def test_a_role_that_nobody_declared_cannot_be_assumed_where_they_must_be(desk: Desk) -> None:
    desk.declared_roles_only = True

    assert "Could not assume role" in desk.refusal("CreateTrainingJob", **a_training_request()).message


@pytest.mark.parametrize(("given", "kept"), [({}, None), ({"MaxPendingTimeInSeconds": 7200}, 7200)])
def test_a_training_job_knows_how_long_it_may_wait(desk: Desk, given: dict[str, int], kept: int | None) -> None:
    arn = create(desk, StoppingCondition={"MaxRuntimeInSeconds": 60, **given})

    job = desk.store.training_jobs.get(TrainingJobArn(arn))

    assert job is not None
    assert job.definition.max_pending_s == kept
