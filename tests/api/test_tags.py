"""Tags of tuning jobs and training jobs."""

import pytest

from algorithm_sample import an_algorithm
from desk import Desk
from luthier.records.names import Scope
from sample import a_create_request
from training_requests import a_training_request

NAME = "tagged"


@pytest.fixture
def arn(desk: Desk) -> str:
    return desk.create(a_create_request(NAME) | {"Tags": [{"Key": "team", "Value": "north"}]})


def pairs(desk: Desk, arn: str, **paging: object) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in desk.ask("ListTags", ResourceArn=arn, **paging)["Tags"]}


def test_a_tuning_job_has_the_tags_it_was_made_with(desk: Desk, arn: str) -> None:
    assert pairs(desk, arn) == {"team": "north"}


def test_tags_are_added_in_place_of_those_with_the_same_key(desk: Desk, arn: str) -> None:
    given = [{"Key": "team", "Value": "south"}, {"Key": "stage", "Value": ""}]

    answer = desk.ask("AddTags", ResourceArn=arn, Tags=given)

    assert answer["Tags"] == [{"Key": "stage", "Value": ""}, {"Key": "team", "Value": "south"}]
    assert pairs(desk, arn) == {"stage": "", "team": "south"}


def test_a_deleted_tag_is_gone(desk: Desk, arn: str) -> None:
    assert desk.ask("DeleteTags", ResourceArn=arn, TagKeys=["team", "never-there"]) == {}

    assert pairs(desk, arn) == {}


def test_a_tuning_jobs_tags_reach_its_children(desk: Desk, arn: str) -> None:
    """Those that it has when they are launched; later ones reach later children only."""
    early = desk.launch(NAME, 3)[0]
    desk.ask("AddTags", ResourceArn=arn, Tags=[{"Key": "stage", "Value": "late"}])
    late = desk.launch(NAME, 4)[0]

    assert pairs(desk, early.arn) == {"team": "north"}
    assert pairs(desk, late.arn) == {"stage": "late", "team": "north"}


def test_one_page_has_every_tag(desk: Desk, arn: str) -> None:
    """A page has at least 50 tags, and a resource at most."""
    desk.ask("AddTags", ResourceArn=arn, Tags=[{"Key": f"k{n:02d}", "Value": str(n)} for n in range(49)])

    page = desk.ask("ListTags", ResourceArn=arn, MaxResults=50)

    assert [each["Key"] for each in page["Tags"]] == [*(f"k{n:02d}" for n in range(49)), "team"]
    assert "NextToken" not in page


def test_a_page_of_fewer_than_fifty_tags_is_refused(desk: Desk, arn: str) -> None:
    assert "greater than or equal to 50" in desk.refusal("ListTags", ResourceArn=arn, MaxResults=49).message


def test_tags_are_found_whatever_the_capitals_of_the_arn_s_name(desk: Desk, arn: str) -> None:
    assert pairs(desk, arn.replace(NAME, NAME.upper())) == {"team": "north"}


def test_keys_and_values_are_kept_as_they_are(desk: Desk, arn: str) -> None:
    odd = {"Größe": "a=b+c @/x", "字": "日本 ", "Team": "other capitals are another key"}

    desk.ask("AddTags", ResourceArn=arn, Tags=[{"Key": key, "Value": value} for key, value in odd.items()])

    assert pairs(desk, arn) == {"team": "north", **odd}


def test_a_full_set_of_tags_can_still_be_overwritten(desk: Desk, arn: str) -> None:
    desk.ask("AddTags", ResourceArn=arn, Tags=[{"Key": f"k{n:02d}", "Value": ""} for n in range(49)])

    assert len(desk.ask("AddTags", ResourceArn=arn, Tags=[{"Key": "team", "Value": "south"}])["Tags"]) == 50


def test_too_many_tags_are_refused_in_a_dry_run_too(desk: Desk, arn: str) -> None:
    desk.is_dry_run = True

    refused = desk.refusal("AddTags", ResourceArn=arn, Tags=[{"Key": f"k{n}", "Value": ""} for n in range(50)])

    assert refused.code == "ValidationException"


@pytest.mark.parametrize("operation", ["CreateHyperParameterTuningJob", "CreateTrainingJob"])
def test_a_job_with_wrong_tags_is_not_created(desk: Desk, operation: str) -> None:
    twice = {"Tags": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]}
    request = a_create_request("new") if operation == "CreateHyperParameterTuningJob" else a_training_request("new")

    assert "Duplicate tag keys" in desk.refusal(operation, **request, **twice).message
    assert desk.ask("ListTrainingJobs")["TrainingJobSummaries"] == []
    assert desk.ask("ListHyperParameterTuningJobs")["HyperParameterTuningJobSummaries"] == []


def test_an_algorithm_has_tags(desk: Desk) -> None:
    arn = desk.ask("CreateAlgorithm", **an_algorithm(), Tags=[{"Key": "team", "Value": "north"}])["AlgorithmArn"]

    desk.ask("AddTags", ResourceArn=arn, Tags=[{"Key": "stage", "Value": "late"}])

    assert pairs(desk, arn) == {"stage": "late", "team": "north"}


@pytest.mark.parametrize(
    "other",
    [
        "arn:aws:sagemaker:eu-west-1:000000000000:hyper-parameter-tuning-job/tagged",
        "arn:aws:sagemaker:us-east-1:000000000000:endpoint/tagged",
        "arn:aws-cn:sagemaker:us-east-1:000000000000:hyper-parameter-tuning-job/tagged",
        "arn:aws:sagemaker:us-east-1:000000000000:training-job/tagged",
        "arn:aws:sagemaker:us-east-1:000000000000:hyper-parameter-tuning-job/tagged/x",
    ],
)
@pytest.mark.usefixtures("arn")
def test_tags_are_of_one_thing_alone(desk: Desk, other: str) -> None:
    assert "Could not find resource" in desk.refusal("ListTags", ResourceArn=other).message


def test_a_token_that_no_page_gave_is_refused(desk: Desk, arn: str) -> None:
    assert desk.refusal("ListTags", ResourceArn=arn, NextToken="made up").code == "ValidationException"


def test_a_resource_has_at_most_fifty_tags(desk: Desk, arn: str) -> None:
    given = [{"Key": f"k{n}", "Value": ""} for n in range(50)]

    assert "at most 50 tags" in desk.refusal("AddTags", ResourceArn=arn, Tags=given).message
    assert pairs(desk, arn) == {"team": "north"}


@pytest.mark.parametrize("keys", [["a", "a"], ["aws:made-by"], ["AWS:x"]])
def test_keys_that_are_given_twice_or_reserved_are_refused(desk: Desk, arn: str, keys: list[str]) -> None:
    given = [{"Key": key, "Value": ""} for key in keys]

    refused = desk.refusal("AddTags", ResourceArn=arn, Tags=given)

    assert refused.code == "ValidationException"
    assert ("not allowed for external use" in refused.message) == (len(keys) == 1)


def test_what_is_not_ones_own_has_no_tags(desk: Desk, arn: str) -> None:
    desk.scope = Scope(account="111111111111", region=desk.scope.region)

    for name, more in (("ListTags", {}), ("AddTags", {"Tags": []}), ("DeleteTags", {"TagKeys": ["team"]})):
        refused = desk.refusal(name, ResourceArn=arn, **more)
        assert refused.code == "ValidationException"
        assert "Could not find resource" in refused.message


@pytest.mark.parametrize("kind", ["hyper-parameter-tuning-job", "training-job", "algorithm"])
def test_what_is_not_there_has_no_tags(desk: Desk, kind: str) -> None:
    unknown = f"arn:aws:sagemaker:{desk.scope.region}:{desk.scope.account}:{kind}/nothing"

    assert desk.refusal("ListTags", ResourceArn=unknown).code == "ValidationException"
