"""Search, over training jobs and tuning jobs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desk import Desk
from luthier.api import search_records
from luthier.api.search_properties import Kind, Property
from luthier.api.search_values import comparison
from luthier.records.call import ApiError
from luthier.records.names import Scope, TrainingJobArn
from luthier.store.engine import Store
from sample import a_create_request
from training_requests import a_training_request

RATES = {"slow": "0.01", "fast": "0.9", "odd": "quick"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk with three training jobs on their own; `fast` is over, with a metric."""
    store = Store.open(f"sqlite:///{Path(tmp_path_factory.mktemp('search')) / 'luthier.db'}")
    desk = Desk(store)
    for name, rate in RATES.items():
        request = a_training_request(
            name, HyperParameters={"rate": rate, "with.dot": name}, Tags=[{"Key": "team", "Value": name}]
        )
        arn = desk.ask("CreateTrainingJob", **request)["TrainingJobArn"]
        if name == "fast":
            job = store.training_jobs.get(TrainingJobArn(arn))
            assert job is not None
            desk.complete(job, 0.75)
    yield desk
    store.close()


def names(desk: Desk, *filters: tuple[str, ...], **asked: Any) -> list[str]:
    """Search for training jobs, by name, with (name, operator, value) filters."""
    expression = {"Filters": [as_filter(*each) for each in filters]} if filters else {}
    given = {"Resource": "TrainingJob", "SortBy": "TrainingJobName", "SortOrder": "Ascending"}
    answer = desk.ask("Search", **{**given, "SearchExpression": expression, **asked})
    return [each["TrainingJob"]["TrainingJobName"] for each in answer["Results"]]


def as_filter(name: str, operator: str | None = None, value: str | None = None) -> dict[str, str]:
    given = {"Name": name, "Operator": operator, "Value": value}
    return {key: each for key, each in given.items() if each is not None}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (("TrainingJobName", "Equals", "fast"), ["fast"]),
        (("TrainingJobName", None, "fast"), ["fast"]),
        (("TrainingJobName", "NotEquals", "fast"), ["odd", "slow"]),
        (("TrainingJobName", "Contains", "s"), ["fast", "slow"]),
        (("TrainingJobName", "In", "fast, odd,nobody"), ["fast", "odd"]),
        (("TrainingJobStatus", "Equals", "Completed"), ["fast"]),
        (("TrainingEndTime", "Exists"), ["fast"]),
        (("TrainingEndTime", "NotExists"), ["odd", "slow"]),
        (("TuningJobArn", "Exists"), []),
        (("CreationTime", "GreaterThan", "2027-01-15T08:00:00"), ["fast", "odd", "slow"]),
        (("CreationTime", "LessThan", "2027-01-15T08:00:00Z"), []),
        (("CreationTime", "GreaterThanOrEqualTo", "2027-01-15T10:00:01.5+02:00"), ["fast", "odd"]),
        (("Tags.team", "Equals", "slow"), ["slow"]),
        (("Tags.team", "Exists"), ["fast", "odd", "slow"]),
        (("Tags.nothing", "Exists"), []),
        (("Tags.Key", "Equals", "team"), []),  # a tag whose key is Key
        (("Metrics.validation:auc", "GreaterThan", "0.7"), ["fast"]),
        (("Metrics.validation:auc", "GreaterThan", "0.8"), []),
        (("Metrics.validation:auc", "NotEquals", "0.75"), ["odd", "slow"]),
        (("HyperParameters.rate", "LessThan", "0.5"), ["slow"]),
        (("HyperParameters.rate", "LessThanOrEqualTo", "0"), ["fast", "slow"]),  # whole numbers with a whole one
        (("HyperParameters.rate", "Equals", "0.900"), ["fast"]),
        (("HyperParameters.rate", "Equals", "quick"), ["odd"]),
        (("HyperParameters.rate", "Contains", "ui"), ["odd"]),
        (("HyperParameters.with.dot", "Equals", "odd"), ["odd"]),
        (("InputDataConfig.ChannelName", "Equals", "validation"), ["fast", "odd", "slow"]),
        (("InputDataConfig.DataSource.S3DataSource.S3Uri", "Contains", "elsewhere"), []),
        (("ResourceConfig.VolumeSizeInGB", "GreaterThanOrEqualTo", "10"), ["fast", "odd", "slow"]),
        (("EnableNetworkIsolation", "Equals", "false"), ["fast", "odd", "slow"]),
        (("EnableNetworkIsolation", "Equals", "True"), []),
        (("InputDataConfig", "Exists"), ["fast", "odd", "slow"]),
        (("VpcConfig", "Exists"), []),
    ],
)
def test_a_filter_finds_what_it_holds_of(desk: Desk, asked: tuple[str, ...], found: list[str]) -> None:
    assert names(desk, asked) == found


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("Colour", "Equals", "red"), "Unknown property name: 'Colour'"),
        (("InputDataConfig.Colour", "Equals", "red"), "Unknown property name"),
        (("TrainingJobName.", "Equals", "red"), "Unknown property name"),
        (("Metrics", "Equals", "1"), "Unknown property name"),
        (("TrainingJobName", "GreaterThan", "a"), "not supported for the property"),
        (("CreationTime", "Contains", "2026"), "not supported for the property"),
        (("InputDataConfig", "Equals", "train"), "not supported for the property"),
        (("CreationTime", "GreaterThan", "yesterday"), "write an ISO 8601 time"),
        (("CreationTime", "GreaterThan", "2026-06-31T00:00:00"), "write an ISO 8601 time"),
        (("Metrics.x", "GreaterThan", "nan"), "write an integer or a floating-point decimal"),
        (("Metrics.x", "GreaterThan", "1e999"), "write an integer or a floating-point decimal"),
        (("HyperParameters.rate", "GreaterThan", "much"), "write an integer or a floating-point decimal"),
        (("EnableNetworkIsolation", "Equals", "no"), "write true or false"),
        (("TrainingJobName", "Equals"), "has no Value"),
        (("TrainingJobName", "Exists", "x"), "which Exists does not take"),
    ],
)
def test_a_filter_that_cannot_hold_of_anything_is_refused(desk: Desk, asked: tuple[str, ...], told: str) -> None:
    refused = desk.refusal("Search", Resource="TrainingJob", SearchExpression={"Filters": [as_filter(*asked)]})

    assert refused.code == "ValidationException"
    assert told in refused.message


def test_without_an_expression_everything_is_found(desk: Desk) -> None:
    assert names(desk) == ["fast", "odd", "slow"]


def test_all_of_several_filters_must_hold(desk: Desk) -> None:
    assert names(desk, ("TrainingEndTime", "NotExists"), ("Tags.team", "Equals", "odd")) == ["odd"]


def test_one_of_several_filters_is_enough(desk: Desk) -> None:
    filters = [as_filter("TrainingEndTime", "Exists"), as_filter("Tags.team", "Equals", "odd")]

    assert names(desk, SearchExpression={"Filters": filters, "Operator": "Or"}) == ["fast", "odd"]


def test_expressions_can_be_nested(desk: Desk) -> None:
    either = {
        "Operator": "Or",
        "Filters": [as_filter("Tags.team", None, "odd")],
        "SubExpressions": [{"Filters": [as_filter("Tags.team", None, "slow")]}],
    }
    expression = {"Filters": [as_filter("HyperParameters.rate", "GreaterThan", "-1")], "SubExpressions": [either]}

    assert names(desk, SearchExpression=expression) == ["slow"]


def test_nested_filters_hold_of_one(desk: Desk) -> None:
    """One element of the list, and the same one for all of them."""

    def of_channel(name: str, part: str) -> dict[str, Any]:
        filters = [
            as_filter("InputDataConfig.ChannelName", None, name),
            as_filter("InputDataConfig.DataSource.S3DataSource.S3Uri", "Contains", part),
        ]
        return {"NestedFilters": [{"NestedPropertyName": "InputDataConfig", "Filters": filters}]}

    assert names(desk, SearchExpression=of_channel("train", "/train")) == ["fast", "odd", "slow"]
    assert names(desk, SearchExpression=of_channel("train", "/validation")) == []


@pytest.mark.parametrize(
    ("nested", "name", "told"),
    [
        ("InputDataConfig", "ChannelName", "begin its Name with"),
        ("ResourceConfig", "ResourceConfig.InstanceType", "no list of structures"),
        ("Nothing", "Nothing.Name", "Unknown property name"),
    ],
)
def test_nested_filters_are_of_a_list(desk: Desk, nested: str, name: str, told: str) -> None:
    filters = [{"NestedPropertyName": nested, "Filters": [as_filter(name, None, "x")]}]

    refused = desk.refusal("Search", Resource="TrainingJob", SearchExpression={"NestedFilters": filters})

    assert told in refused.message


def test_an_expression_may_say_contains_once(desk: Desk) -> None:
    filters = [as_filter("TrainingJobName", "Contains", part) for part in ("a", "s")]

    refused = desk.refusal("Search", Resource="TrainingJob", SearchExpression={"Filters": filters})

    assert refused.message == "'CONTAINS' operator usage limit of 1 exceeded."


def test_an_expression_has_so_many_filters_and_no_more(desk: Desk) -> None:
    twenty = {"Filters": [as_filter("Tags.team", "Exists")] * 20}

    assert names(desk, SearchExpression={"SubExpressions": [twenty] * 5}) == ["fast", "odd", "slow"]
    refused = desk.refusal("Search", Resource="TrainingJob", SearchExpression={"SubExpressions": [twenty] * 6})
    assert "more than 100 filters" in refused.message


def test_an_expression_nested_too_deeply_is_refused(desk: Desk) -> None:
    expression: dict[str, Any] = {"Filters": [as_filter("Tags.team", "Exists")]}
    for _ in range(200):
        expression = {"SubExpressions": [expression]}

    refused = desk.refusal("Search", Resource="TrainingJob", SearchExpression=expression)

    assert refused.code == "SerializationException"


@pytest.mark.parametrize(
    ("by", "ascending"),
    [
        ("CreationTime", ["slow", "fast", "odd"]),
        ("HyperParameters.rate", ["slow", "fast", "odd"]),
        ("TrainingEndTime", ["fast", "odd", "slow"]),  # those without come last
        ("Tags.team", ["fast", "odd", "slow"]),
        ("EnableNetworkIsolation", ["fast", "odd", "slow"]),
    ],
)
def test_results_can_be_sorted(desk: Desk, by: str, ascending: list[str]) -> None:
    assert names(desk, SortBy=by) == ascending
    if by != "TrainingEndTime":
        assert names(desk, SortBy=by, SortOrder="Descending") == ascending[::-1]
    else:
        assert names(desk, SortBy=by, SortOrder="Descending")[0] == "fast"


def test_what_changed_last_comes_first(desk: Desk) -> None:
    answer = desk.ask("Search", Resource="TrainingJob")

    times = [each["TrainingJob"]["LastModifiedTime"] for each in answer["Results"]]
    assert times == sorted(times, reverse=True)


def test_results_cannot_be_sorted_by_a_structure(desk: Desk) -> None:
    assert "cannot be sorted" in desk.refusal("Search", Resource="TrainingJob", SortBy="InputDataConfig").message


@pytest.mark.parametrize("order", ["Ascending", "Descending"])
@pytest.mark.parametrize("by", ["TrainingJobName", "TrainingEndTime", "HyperParameters.rate", "Metrics.validation:auc"])
def test_pages_of_results_put_together_are_all_results(desk: Desk, by: str, order: str) -> None:
    asked = {"Resource": "TrainingJob", "SortBy": by, "SortOrder": order, "MaxResults": 1}
    found, token = [], {}
    for _ in RATES:
        answer = desk.ask("Search", **asked, **token)
        found += [each["TrainingJob"]["TrainingJobName"] for each in answer["Results"]]
        token = {"NextToken": answer["NextToken"]} if "NextToken" in answer else {}

    assert found == names(desk, SortBy=by, SortOrder=order)
    assert token == {}


@pytest.mark.parametrize("token", ["x", "####", "W10=", "WzFd", "W1siYSJdXQ==", "W1tbW1tbW1tb" * 200, "bnVsbA=="])
def test_a_token_that_search_never_gave_is_refused(desk: Desk, token: str) -> None:
    assert desk.refusal("Search", Resource="TrainingJob", NextToken=token).code == "ValidationException"


def test_a_token_of_another_question_is_refused(desk: Desk) -> None:
    token = desk.ask("Search", Resource="TrainingJob", MaxResults=1)["NextToken"]

    refused = desk.refusal("Search", Resource="TrainingJob", SortOrder="Ascending", NextToken=token)

    assert "ask the same question" in refused.message


def test_it_is_told_how_many_there_are(desk: Desk) -> None:
    answer = desk.ask("Search", Resource="TrainingJob", MaxResults=1)

    assert answer["TotalHits"] == {"Value": 3, "Relation": "EqualTo"}


def test_of_very_many_the_newest_are_looked_at(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_records, "MOST_LOOKED_AT", 2)

    answer = desk.ask("Search", Resource="TrainingJob", SortBy="TrainingJobName")

    assert [each["TrainingJob"]["TrainingJobName"] for each in answer["Results"]] == ["odd", "fast"]
    assert answer["TotalHits"] == {"Value": 2, "Relation": "GreaterThanOrEqualTo"}


def test_a_result_is_what_describe_tells_with_its_tags(desk: Desk) -> None:
    asked = {"Filters": [as_filter("TrainingJobName", None, "fast")]}

    (found,) = desk.ask("Search", Resource="TrainingJob", SearchExpression=asked)["Results"]

    described = desk.ask("DescribeTrainingJob", TrainingJobName="fast")
    assert found["TrainingJob"] == {**described, "Tags": [{"Key": "team", "Value": "fast"}]}


@pytest.mark.parametrize("resource", ["TrainingJob", "HyperParameterTuningJob"])
def test_nobody_finds_what_is_anothers(desk: Desk, resource: str) -> None:
    other = Desk(desk.store, scope=Scope(account="111111111111", region=desk.scope.region))

    assert other.ask("Search", Resource=resource)["Results"] == []


def test_other_resources_cannot_be_searched(desk: Desk) -> None:
    refused = desk.refusal("Search", Resource="ExperimentTrialComponent")

    assert refused.message.startswith("Resource 'ExperimentTrialComponent' is not supported")


def test_both_kinds_of_jobs_can_be_searched(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    desk = Desk(store)
    for name in ("first", "second"):
        desk.create(a_create_request(name) | {"Tags": [{"Key": "team", "Value": name}]})
    desk.complete(desk.launch("second", 3)[0], 0.5)

    def found(*asked: str) -> list[str]:
        expression = {"Filters": [as_filter(*asked)]}
        answer = desk.ask("Search", Resource="HyperParameterTuningJob", SearchExpression=expression)
        return [each["HyperParameterTuningJob"]["HyperParameterTuningJobName"] for each in answer["Results"]]

    assert found("TrainingJobStatusCounters.Completed", "GreaterThan", "0") == ["second"]
    assert found("BestTrainingJob.TrainingJobName", "Exists") == ["second"]
    assert found("Tags.team", "Equals", "first") == ["first"]
    assert found("HyperParameterTuningJobConfig.Strategy", "Equals", "Bayesian") == ["second", "first"]
    store.close()


def test_a_boolean_is_no_number() -> None:
    """A value of another kind than the model's is never equal to one of its own."""
    asked = Property(name="p", kind=Kind.TRUTH, path=("p",))

    assert not comparison(asked, "Equals", "true")([1.0])
    with pytest.raises(ApiError):
        comparison(asked, "LessThan", "true")
