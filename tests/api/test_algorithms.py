"""CreateAlgorithm, DescribeAlgorithm, ListAlgorithms and DeleteAlgorithm, as clients meet them."""

from typing import Any

import pytest

from algorithm_sample import a_tuning_of, an_algorithm
from desk import Desk
from luthier.records.names import Scope
from sample import IMAGE

ARN = "arn:aws:sagemaker:us-east-1:000000000000:algorithm/forest"
HYPERPARAMETER = "TrainingSpecification__SupportedHyperParameters__0"
STRANGERS = Scope(account="111111111111", region="us-east-1")


def create(desk: Desk, *names: str, **changes: Any) -> None:
    for name in names:
        desk.ask("CreateAlgorithm", **an_algorithm(name, **changes))


def refusal(desk: Desk, **changes: Any) -> str:
    error = desk.refusal("CreateAlgorithm", **an_algorithm(**changes))
    assert error.code == "ValidationException"
    return error.message


def listed(desk: Desk, **given: Any) -> list[str]:
    return [each["AlgorithmName"] for each in desk.ask("ListAlgorithms", **given)["AlgorithmSummaryList"]]


def hyperparameter(kind: str, limits: Any = None, **more: Any) -> dict[str, Any]:
    held = {} if limits is None else {"Range": {f"{kind}ParameterRangeSpecification": limits}}
    return {HYPERPARAMETER: {"Name": "h", "Type": kind, **held, **more}}


def between(low: str, high: str) -> dict[str, str]:
    return {"MinValue": low, "MaxValue": high}


def test_an_algorithm_gets_an_arn(desk: Desk) -> None:
    assert desk.ask("CreateAlgorithm", **an_algorithm("Forest")) == {"AlgorithmArn": ARN}


def test_an_algorithm_is_described_as_it_was_created(desk: Desk) -> None:
    given = an_algorithm(AlgorithmDescription="Trees, many")
    desk.ask("CreateAlgorithm", **given)

    described = desk.ask("DescribeAlgorithm", AlgorithmName="forest")

    assert described["AlgorithmDescription"] == "Trees, many"
    assert described["TrainingSpecification"]["SupportedHyperParameters"][1]["Description"] == "of each tree"
    assert (
        described["TrainingSpecification"]["MetricDefinitions"] == given["TrainingSpecification"]["MetricDefinitions"]
    )
    assert (described["AlgorithmArn"], described["CreationTime"]) == (ARN, desk.now - 1)


def test_an_algorithm_is_ready_at_once(desk: Desk) -> None:
    create(desk, "forest")

    described = desk.ask("DescribeAlgorithm", AlgorithmName="forest")

    assert described["AlgorithmStatus"] == "Completed"
    assert described["AlgorithmStatusDetails"] == {"ValidationStatuses": [], "ImageScanStatuses": []}


def test_booleans_left_out_are_described_as_false(desk: Desk) -> None:
    create(desk, "forest")

    described = desk.ask("DescribeAlgorithm", AlgorithmName="forest")
    training = described["TrainingSpecification"]
    note, validation = training["SupportedHyperParameters"][4], training["TrainingChannels"][1]

    assert described["CertifyForMarketplace"] is training["SupportsDistributedTraining"] is False
    assert (note["IsTunable"], note["IsRequired"], validation["IsRequired"]) == (False, False, False)


def test_what_was_left_out_is_not_described(desk: Desk) -> None:
    """A ProductId would make an algorithm of the marketplace of it, for which clients have other rules."""
    create(desk, "forest", TrainingSpecification__SupportedHyperParameters=...)

    described = desk.ask("DescribeAlgorithm", AlgorithmName="forest")

    assert not {"ProductId", "InferenceSpecification", "AlgorithmDescription", "Tags"} & described.keys()
    assert "SupportedHyperParameters" not in described["TrainingSpecification"]


def test_an_inference_specification_is_described_word_for_word(desk: Desk) -> None:
    served = {
        "Containers": [
            {
                "ContainerHostname": "host",
                "Image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/server:1",
                "Environment": {"MODE": "fast"},
                "ModelInput": {"DataInputConfig": "{}"},
                "BaseModel": {"HubContentName": "base", "HubContentVersion": "1.0.0"},
                "IsCheckpoint": True,
            }
        ],
        "SupportedTransformInstanceTypes": ["ml.m5.large"],
        "SupportedRealtimeInferenceInstanceTypes": ["ml.m5.large"],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    }

    create(desk, "forest", InferenceSpecification=served)

    assert desk.ask("DescribeAlgorithm", AlgorithmName="forest")["InferenceSpecification"] == served


def test_an_algorithm_is_stored_with_its_tags(desk: Desk) -> None:
    create(desk, "forest", Tags=[{"Key": "team", "Value": "Wald"}])

    assert desk.ask("ListTags", ResourceArn=ARN)["Tags"] == [{"Key": "team", "Value": "Wald"}]


@pytest.mark.parametrize("key", ["aws:team", "team"])
def test_tags_that_nothing_can_have_are_refused(desk: Desk, key: str) -> None:
    tags = [{"Key": "team", "Value": "a"}, {"Key": key, "Value": "b"}]

    assert refusal(desk, Tags=tags)
    assert listed(desk) == []


def test_an_algorithms_tags_go_with_it(desk: Desk) -> None:
    create(desk, "forest", Tags=[{"Key": "team", "Value": "Wald"}])
    desk.ask("DeleteAlgorithm", AlgorithmName="forest")

    create(desk, "forest")

    assert desk.ask("ListTags", ResourceArn=ARN)["Tags"] == []


def test_an_algorithms_name_is_taken_whatever_its_capitals(desk: Desk) -> None:
    create(desk, "forest")

    error = desk.refusal("CreateAlgorithm", **an_algorithm("FOREST"))

    assert (error.code, error.message.startswith(f"Algorithm {ARN} already exists.")) == ("ValidationException", True)


@pytest.mark.parametrize("named", ["FOREST", ARN, ARN.replace("forest", "Forest")])
def test_capitals_in_an_algorithms_name_do_not_matter(desk: Desk, named: str) -> None:
    create(desk, "forest")

    assert desk.ask("DescribeAlgorithm", AlgorithmName=named)["AlgorithmName"] == "forest"


@pytest.mark.parametrize(
    ("operation", "named"),
    [
        ("DescribeAlgorithm", "forest"),
        ("DeleteAlgorithm", "forest"),
        ("DescribeAlgorithm", ARN),
    ],
)
def test_an_unknown_algorithm_does_not_exist(desk: Desk, operation: str, named: str) -> None:
    """In words that clients look for."""
    error = desk.refusal(operation, AlgorithmName=named)

    assert (error.code, error.message) == ("ValidationException", f"Algorithm {ARN} does not exist.")


@pytest.mark.parametrize("wrong", [ARN.replace("algorithm/", "model-package/"), ARN.replace("arn:aws:", "arn:aws-cn:")])
def test_an_arn_of_something_else_is_no_algorithm(desk: Desk, wrong: str) -> None:
    create(desk, "forest")

    assert desk.refusal("DescribeAlgorithm", AlgorithmName=wrong).message == f"Algorithm {wrong} does not exist."


def test_an_arn_of_another_region_is_refused(desk: Desk) -> None:
    create(desk, "forest")

    error = desk.refusal("DescribeAlgorithm", AlgorithmName=ARN.replace("us-east-1", "eu-west-1"))

    assert (error.code, error.message) == (
        "ValidationException",
        "ARN should be scoped to correct region: us-east-1",
    )


def test_an_algorithm_of_another_account_is_not_accessible(desk: Desk) -> None:
    create(desk, "forest")
    desk.scope = STRANGERS

    error = desk.refusal("DescribeAlgorithm", AlgorithmName=ARN)

    assert error.code == "AccessDeniedException"
    assert f"is not authorized to perform: sagemaker:DescribeAlgorithm on resource: {ARN}" in error.message


def test_accounts_and_regions_have_algorithms_of_their_own(desk: Desk) -> None:
    create(desk, "forest")

    seen = []
    for desk.scope in (STRANGERS, Scope(account="000000000000", region="eu-west-1")):
        seen += listed(desk)
        create(desk, "forest")

    assert seen == []


def test_an_algorithm_that_is_not_for_the_marketplace_is_accepted(desk: Desk) -> None:
    create(desk, "forest", CertifyForMarketplace=False)

    assert listed(desk) == ["forest"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("CertifyForMarketplace", True),
        (
            "ValidationSpecification",
            {
                "ValidationRole": "arn:aws:iam::000000000000:role/luthier-execution",
                "ValidationProfiles": [
                    {
                        "ProfileName": "p",
                        "TrainingJobDefinition": {
                            "TrainingInputMode": "File",
                            "InputDataConfig": [{"ChannelName": "train", "DataSource": {}}],
                            "OutputDataConfig": {"S3OutputPath": "s3://data/out"},
                            "ResourceConfig": {"VolumeSizeInGB": 1},
                            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
                        },
                    }
                ],
            },
        ),
        ("TrainingSpecification__TrainingImageDigest", "sha256:" + "0" * 64),
        ("TrainingSpecification__AdditionalS3DataSource", {"S3DataType": "S3Prefix", "S3Uri": "s3://data/a"}),
    ],
)
def test_what_has_no_effect_is_refused_by_name(desk: Desk, path: str, value: Any) -> None:
    message = refusal(desk, **{path: value})

    assert message.startswith(path.replace("__", "."))
    assert "is not supported by this version of Luthier" in message


def test_an_image_that_is_not_in_the_catalogue_makes_no_algorithm(desk: Desk) -> None:
    message = refusal(desk, TrainingSpecification__TrainingImage="nobody/knows:1")

    assert "'nobody/knows:1' matches nothing in the image catalogue" in message
    assert listed(desk) == []


@pytest.mark.parametrize(
    "path", ["SupportedHyperParameters", "TrainingChannels", "SupportedTuningJobObjectiveMetrics", "MetricDefinitions"]
)
def test_nothing_is_named_twice(desk: Desk, path: str) -> None:
    twice = an_algorithm()["TrainingSpecification"][path] * 2

    assert path in refusal(desk, **{f"TrainingSpecification__{path}": twice})


def test_a_metric_may_be_improved_in_both_directions(desk: Desk) -> None:
    both = [{"Type": way, "MetricName": "loss"} for way in ("Minimize", "Maximize")]

    create(desk, "forest", TrainingSpecification__SupportedTuningJobObjectiveMetrics=both)

    assert listed(desk) == ["forest"]


def test_an_objective_needs_a_metric_definition(desk: Desk) -> None:
    objective = [{"Type": "Maximize", "MetricName": "accuracy"}]

    message = refusal(desk, TrainingSpecification__SupportedTuningJobObjectiveMetrics=objective)

    assert "'accuracy', which no metric definition finds" in message


def test_an_objective_may_be_one_of_the_images_own_metrics(desk: Desk) -> None:
    create(
        desk,
        "forest",
        TrainingSpecification__TrainingImage=IMAGE,
        TrainingSpecification__MetricDefinitions=...,
        TrainingSpecification__SupportedTuningJobObjectiveMetrics=[
            {"Type": "Maximize", "MetricName": "validation:auc"}
        ],
    )

    assert listed(desk) == ["forest"]


def test_a_pattern_must_catch_a_value(desk: Desk) -> None:
    message = refusal(desk, TrainingSpecification__MetricDefinitions__0__Regex="loss=[0-9.]+")

    assert "it has no group to catch the value" in message


def test_an_algorithm_runs_on_some_instance_type(desk: Desk) -> None:
    assert "SupportedTrainingInstanceTypes is empty" in refusal(
        desk, TrainingSpecification__SupportedTrainingInstanceTypes=[]
    )


@pytest.mark.parametrize("name", [".", ".."])
def test_a_channel_can_be_a_folder(desk: Desk, name: str) -> None:
    assert "cannot be a folder's name" in refusal(desk, TrainingSpecification__TrainingChannels__0__Name=name)


@pytest.mark.parametrize(
    "given",
    [
        hyperparameter("Integer", between("1", "2")),
        hyperparameter("Integer", between("2", "2")),
        hyperparameter("Integer", between("-9223372036854775808", "9223372036854775807")),
        hyperparameter("Integer", between("1", "2"), DefaultValue="1"),
        hyperparameter("Integer", between("1", "2"), DefaultValue="2"),
        hyperparameter("Integer", DefaultValue="-7"),
        hyperparameter("Continuous", between("0.5", "0.5"), DefaultValue="0.5"),
        hyperparameter("Continuous", between("1e-5", "1"), DefaultValue="1e-5"),
        hyperparameter("Continuous", between("0", "1"), DefaultValue="1.0"),
        hyperparameter("Continuous"),
        hyperparameter("Categorical", {"Values": ["a"]}, DefaultValue="a"),
        hyperparameter("Categorical", DefaultValue="anything"),
        hyperparameter("FreeText", DefaultValue=""),
        hyperparameter("Integer", DefaultValue="1", IsRequired=True),
    ],
)
def test_a_hyperparameter_is_accepted(desk: Desk, given: dict[str, Any]) -> None:
    create(desk, "forest", **given)

    assert listed(desk) == ["forest"]


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (hyperparameter("Integer", between("2", "1")), r"MinValue \[2\] must not be above MaxValue \[1\]"),
        (hyperparameter("Continuous", between("0.6", "0.5")), r"MinValue \[0.6\] must not be above"),
        (hyperparameter("Integer", between("1.0", "2")), "MinValue '1.0' in its Range; write a whole number"),
        (hyperparameter("Integer", between("1", "1_0")), "MaxValue '1_0' in its Range"),
        (hyperparameter("Continuous", between("0", "nan")), "MaxValue 'nan' in its Range; write a number"),
        (hyperparameter("Continuous", between("0", "1e999")), "MaxValue '1e999' in its Range"),
        (hyperparameter("Continuous", between("", "1")), "MinValue '' in its Range"),
        (hyperparameter("Integer", between("1", "2"), DefaultValue="0"), "write a whole number from 1 to 2"),
        (hyperparameter("Integer", between("1", "2"), DefaultValue="3"), "write a whole number from 1 to 2"),
        (hyperparameter("Integer", DefaultValue="1.5"), "write a whole number"),
        (hyperparameter("Continuous", between("0.5", "1"), DefaultValue="0.49"), "write a number from 0.5 to 1.0"),
        (hyperparameter("Continuous", between("0.5", "1"), DefaultValue="1.01"), "write a number from 0.5 to 1.0"),
        (hyperparameter("Continuous", DefaultValue="fast"), "write a number"),
        (hyperparameter("Categorical", {"Values": ["a", "b"]}, DefaultValue="c"), r"write one of \['a', 'b'\]"),
        (hyperparameter("Categorical", {"Values": ["a", "a"]}), "a value twice in its Range"),
        (hyperparameter("FreeText", Range={}), "FreeText, which has no Range"),
        (hyperparameter("FreeText", IsTunable=True), "set IsTunable to false"),
        (hyperparameter("Integer", Range={}), "must be a IntegerParameterRangeSpecification, not empty"),
        (
            hyperparameter("Integer", Range={"ContinuousParameterRangeSpecification": between("1", "2")}),
            "must be a IntegerParameterRangeSpecification",
        ),
        (hyperparameter("Integer", Name=""), "without a name"),
    ],
)
def test_a_hyperparameter_that_contradicts_itself_is_refused(desk: Desk, given: dict[str, Any], complaint: str) -> None:
    error = desk.refusal("CreateAlgorithm", **an_algorithm(**given))

    with pytest.raises(type(error), match=complaint):
        raise error
    assert listed(desk) == []


def test_algorithms_are_listed_oldest_first(desk: Desk) -> None:
    create(desk, "b", "c", "a")

    assert listed(desk) == ["b", "c", "a"]


def test_a_summary_says_what_describe_says(desk: Desk) -> None:
    create(desk, "forest", AlgorithmDescription="Trees, many")
    described = desk.ask("DescribeAlgorithm", AlgorithmName="forest")

    (summary,) = desk.ask("ListAlgorithms")["AlgorithmSummaryList"]

    assert set(summary) == {"AlgorithmName", "AlgorithmArn", "AlgorithmDescription", "CreationTime", "AlgorithmStatus"}
    assert summary == {name: value for name, value in described.items() if name in summary}


@pytest.mark.parametrize(
    ("given", "order"),
    [
        ({"SortBy": "Name"}, ["a", "b", "c"]),
        ({"SortBy": "Name", "SortOrder": "Descending"}, ["c", "b", "a"]),
        ({"SortBy": "CreationTime"}, ["b", "c", "a"]),
        ({"SortOrder": "Descending"}, ["a", "c", "b"]),
    ],
)
def test_algorithms_can_be_sorted(desk: Desk, given: dict[str, Any], order: list[str]) -> None:
    create(desk, "b", "c", "a")

    assert listed(desk, **given) == order


def test_algorithms_can_be_narrowed_by_name(desk: Desk) -> None:
    create(desk, "oak-1", "elm", "oak-2")

    assert listed(desk, NameContains="oak") == ["oak-1", "oak-2"]


def test_algorithms_can_be_bounded_in_time(desk: Desk) -> None:
    """Both bounds are outside."""
    start = desk.now
    create(desk, "a", "b", "c")

    assert listed(desk, CreationTimeAfter=start + 1, CreationTimeBefore=start + 3) == ["b"]


def test_a_page_of_algorithms_has_ten_unless_told_otherwise(desk: Desk) -> None:
    create(desk, *(f"a{place:02d}" for place in range(12)))

    assert (len(listed(desk)), len(listed(desk, MaxResults=11))) == (10, 11)


def test_pages_of_algorithms_follow_one_another(desk: Desk) -> None:
    create(desk, "a", "b", "c")
    first = desk.ask("ListAlgorithms", MaxResults=2)

    rest = desk.ask("ListAlgorithms", NextToken=first["NextToken"])

    assert [each["AlgorithmName"] for each in rest["AlgorithmSummaryList"]] == ["c"]
    assert "NextToken" not in rest


def test_a_token_of_another_listing_is_refused(desk: Desk) -> None:
    create(desk, "a", "b")
    token = desk.ask("ListAlgorithms", MaxResults=1)["NextToken"]

    errors = [
        desk.refusal("ListAlgorithms", NextToken="made-up"),
        desk.refusal("ListAlgorithms", NextToken=token, SortBy="Name"),
    ]

    assert [(each.code, each.message.split()[0]) for each in errors] == [("ValidationException", "NextToken")] * 2


def test_a_deleted_algorithm_is_gone(desk: Desk) -> None:
    create(desk, "forest")

    answer = desk.ask("DeleteAlgorithm", AlgorithmName="Forest")

    assert (answer, listed(desk)) == (None, [])


@pytest.mark.parametrize("named", ["Forest", ARN])
def test_an_algorithm_in_use_is_not_deleted(desk: Desk, named: str) -> None:
    create(desk, "forest")
    job = desk.create(a_tuning_of(named))

    error = desk.refusal("DeleteAlgorithm", AlgorithmName="forest")

    assert (error.code, f"is used by {job}" in error.message) == ("ConflictException", True)
    assert listed(desk) == ["forest"]


def test_an_algorithm_of_which_another_is_in_use_is_deleted(desk: Desk) -> None:
    create(desk, "forest", "tree")
    desk.create(a_tuning_of("forest"))

    desk.ask("DeleteAlgorithm", AlgorithmName="tree")

    assert listed(desk) == ["forest"]


@pytest.mark.parametrize("operation", ["CreateAlgorithm", "DeleteAlgorithm"])
def test_a_dry_run_changes_nothing(desk: Desk, operation: str) -> None:
    create(desk, "forest")
    desk.is_dry_run = True

    error = desk.refusal(operation, **(an_algorithm("tree") if operation[0] == "C" else {"AlgorithmName": "forest"}))

    desk.is_dry_run = False
    assert (error.code, listed(desk)) == ("DryRunOperation", ["forest"])
