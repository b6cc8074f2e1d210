"""CloudWatch Logs of training jobs."""

from pathlib import Path
from typing import Any

import pytest

from api.test_create_training_job import create
from desk import Desk
from luthier.clusters.workspace import workspace
from luthier.records.names import Scope, training_job_arn

GROUP = "/aws/sagemaker/TrainingJobs"


@pytest.fixture
def logged(desk: Desk, tmp_path: Path) -> Desk:
    """A desk with the training job `alone`, whose log can be written."""
    desk.logs = tmp_path / "training"
    create(desk)
    return desk


def write(desk: Desk, text: str, notes: str = "", name: str = "alone") -> None:
    place = workspace(desk.logs, training_job_arn(desk.scope, name))
    place.folder.mkdir(parents=True, exist_ok=True)
    with place.log.open("a", newline="") as file:
        file.write(text)
    with place.log_times.open("a") as file:
        file.write(notes)


def ask(desk: Desk, name: str, **asked: Any) -> Any:
    return desk.ask(name, of="logs", logGroupName=GROUP, **asked)


def stream(desk: Desk) -> str:
    (one,) = ask(desk, "DescribeLogStreams", logStreamNamePrefix="alone/")["logStreams"]
    return str(one["logStreamName"])


def messages(answer: Any) -> list[str]:
    return [each["message"] for each in answer["events"]]


def test_a_training_job_with_a_log_has_a_stream(logged: Desk) -> None:
    """And never a token: the SageMaker Python SDK does not pass one back."""
    assert ask(logged, "DescribeLogStreams", logStreamNamePrefix="alone/")["logStreams"] == []
    write(logged, "one\n")

    answer = ask(logged, "DescribeLogStreams", logStreamNamePrefix="alone/", orderBy="LogStreamName", limit=1)

    assert answer["logStreams"][0]["logStreamName"].startswith("alone/algo-1-")
    assert "nextToken" not in answer


def test_streams_come_in_pages(logged: Desk) -> None:
    create(logged, "other")
    write(logged, "one\n")
    write(logged, "two\n", name="other")

    first = ask(logged, "DescribeLogStreams", limit=1)
    second = ask(logged, "DescribeLogStreams", limit=1, nextToken=first["nextToken"])

    found = [each["logStreamName"].partition("/")[0] for page in (first, second) for each in page["logStreams"]]
    assert found == ["alone", "other"]
    turned = ask(logged, "DescribeLogStreams", descending=True)["logStreams"]
    assert [each["logStreamName"].partition("/")[0] for each in turned] == ["other", "alone"]


def test_there_is_one_log_group(desk: Desk) -> None:
    names = [each["logGroupName"] for each in desk.ask("DescribeLogGroups", of="logs")["logGroups"]]

    assert names == [GROUP]
    assert desk.ask("DescribeLogGroups", of="logs", logGroupNamePrefix="/aws/lambda")["logGroups"] == []


def test_pages_of_a_log_follow_one_another(logged: Desk) -> None:
    write(logged, "one\ntwo\nthree\n")
    name = stream(logged)

    first = ask(logged, "GetLogEvents", logStreamName=name, startFromHead=True, limit=2)
    second = ask(logged, "GetLogEvents", logStreamName=name, nextToken=first["nextForwardToken"], limit=2)
    end = ask(logged, "GetLogEvents", logStreamName=name, nextToken=second["nextForwardToken"])

    assert (messages(first), messages(second), messages(end)) == (["one", "two"], ["three"], [])
    assert end["nextForwardToken"] == second["nextForwardToken"]
    back = ask(logged, "GetLogEvents", logStreamName=name, nextToken=second["nextBackwardToken"])
    assert messages(back) == ["one", "two"]


def test_what_is_written_later_is_found_with_the_last_token(logged: Desk) -> None:
    """A line that has not ended yet is none; nothing is lost, and nothing comes twice."""
    write(logged, "one\nhal")
    name = stream(logged)
    first = ask(logged, "GetLogEvents", logStreamName=name, startFromHead=True)
    write(logged, "f\n")

    later = ask(logged, "GetLogEvents", logStreamName=name, nextToken=first["nextForwardToken"])

    assert (messages(first), messages(later)) == (["one"], ["half"])


def test_a_log_is_read_from_its_end_unless_told(logged: Desk) -> None:
    write(logged, "one\ntwo\nthree\n")

    assert messages(ask(logged, "GetLogEvents", logStreamName=stream(logged), limit=2)) == ["two", "three"]


def test_lines_can_be_bounded_in_time(logged: Desk) -> None:
    write(logged, "one\ntwo\n", notes="4 100.0\n8 200.0\n")
    name = stream(logged)

    assert messages(ask(logged, "GetLogEvents", logStreamName=name, startFromHead=True, startTime=150_000)) == ["two"]
    assert messages(ask(logged, "GetLogEvents", logStreamName=name, startFromHead=True, endTime=150_000)) == ["one"]
    assert messages(ask(logged, "FilterLogEvents", startTime=150_000)) == ["two"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("", ["loss 1", "debug loss 2", "warn"]),
        ("loss", ["loss 1", "debug loss 2"]),
        ("loss -debug", ["loss 1"]),
        ('"loss 2"', ["debug loss 2"]),
        ("?warn ?debug", ["debug loss 2", "warn"]),
        ("Loss", []),
    ],
)
def test_lines_are_found_by_their_terms(logged: Desk, pattern: str, found: list[str]) -> None:
    write(logged, "loss 1\ndebug loss 2\nwarn\n")

    assert messages(ask(logged, "FilterLogEvents", filterPattern=pattern)) == found


@pytest.mark.parametrize("pattern", ["{ $.x = 1 }", "[a, b]", "%x%", '"open'])
def test_a_pattern_of_another_kind_is_refused(logged: Desk, pattern: str) -> None:
    refused = logged.refusal("FilterLogEvents", "logs", logGroupName=GROUP, filterPattern=pattern)

    assert refused.code == "InvalidParameterException"


def test_lines_of_named_streams_are_found(logged: Desk) -> None:
    create(logged, "other")
    write(logged, "one\n")
    write(logged, "two\n", name="other")

    assert messages(ask(logged, "FilterLogEvents")) == ["one", "two"]
    assert messages(ask(logged, "FilterLogEvents", logStreamNames=[stream(logged)])) == ["one"]


def test_found_lines_come_in_pages(logged: Desk) -> None:
    write(logged, "a\nb\nc\n")
    found, token = [], {}
    while True:
        page = ask(logged, "FilterLogEvents", limit=1, **token)
        found += messages(page)
        if "nextToken" not in page:
            break
        token = {"nextToken": page["nextToken"]}

    assert found == ["a", "b", "c"]


def test_another_log_group_does_not_exist(desk: Desk) -> None:
    refused = desk.refusal("DescribeLogStreams", "logs", logGroupName="/aws/lambda/x")

    assert (refused.code, refused.message) == ("ResourceNotFoundException", "The specified log group does not exist.")


@pytest.mark.parametrize("name", ["alone/algo-1-1", "nothing/algo-1-1", "alone", "../../x/algo-1-0"])
def test_a_stream_that_is_not_there_does_not_exist(logged: Desk, name: str) -> None:
    write(logged, "one\n")

    refused = logged.refusal("GetLogEvents", "logs", logGroupName=GROUP, logStreamName=name)

    assert refused.code == "ResourceNotFoundException"


def test_a_token_that_no_page_gave_is_refused(logged: Desk) -> None:
    write(logged, "one\n")

    refused = logged.refusal("GetLogEvents", "logs", logGroupName=GROUP, logStreamName=stream(logged), nextToken="x")

    assert refused.code == "InvalidParameterException"


def test_another_account_sees_nothing_of_it(logged: Desk) -> None:
    write(logged, "secret\n")
    name = stream(logged)
    logged.scope = Scope(account="111111111111", region=logged.scope.region)

    assert ask(logged, "DescribeLogStreams")["logStreams"] == []
    assert ask(logged, "FilterLogEvents")["events"] == []
    refused = logged.refusal("GetLogEvents", "logs", logGroupName=GROUP, logStreamName=name)
    assert refused.code == "ResourceNotFoundException"
