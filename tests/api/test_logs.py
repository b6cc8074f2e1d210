"""CloudWatch Logs of training jobs."""

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.test_create_training_job import create
from desk import Desk
from luthier.api import log_search
from luthier.api.limits import Limits
from luthier.clusters.host_log import PIECE
from luthier.clusters.workspace import workspace
from luthier.records.names import Scope, training_job_arn
from luthier.records.status import TrainingStatus

GROUP = "/aws/sagemaker/TrainingJobs"


@pytest.fixture
def logged(desk: Desk, tmp_path: Path) -> Desk:
    """A desk with the training job `alone`, whose log can be written."""
    desk.logs = tmp_path / "training"
    create(desk)
    return desk


def write(desk: Desk, text: str, notes: str = "", name: str = "alone", host: str = "algo-1") -> None:
    """Write to a log; a note is how many bytes it had when, in seconds."""
    place = workspace(desk.logs, training_job_arn(desk.scope, name))
    place.folder.mkdir(parents=True, exist_ok=True)
    with place.host(host).log.open("a", newline="") as file:
        file.write(text)
    with place.host(host).log_times.open("a") as file:
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


def test_a_page_of_streams_is_full_although_some_jobs_have_no_log(logged: Desk) -> None:
    for name in ("job-a", "job-b", "job-c"):
        create(logged, name)
    write(logged, "one\n", name="job-c")

    page = ask(logged, "DescribeLogStreams", logStreamNamePrefix="job", limit=1)

    assert stream_names(page) == ["job-c"]
    assert "nextToken" not in page


def test_every_host_has_its_stream(logged: Desk) -> None:
    write(logged, "one\n", host="algo-1")
    write(logged, "two\n", host="algo-2")

    streams = ask(logged, "DescribeLogStreams", logStreamNamePrefix="alone/")["logStreams"]

    names = [each["logStreamName"] for each in streams]
    assert [name.rpartition("-")[0] for name in names] == ["alone/algo-1", "alone/algo-2"]
    assert [messages(ask(logged, "GetLogEvents", logStreamName=name)) for name in names] == [["one"], ["two"]]


def test_a_page_may_end_between_the_streams_of_a_training_job(logged: Desk) -> None:
    for job in ("job-a", "job-b"):
        create(logged, job)
        for host in ("algo-1", "algo-2", "algo-3"):
            write(logged, "one\n", name=job, host=host)
    found, token = list[str](), dict[str, str]()

    while not found or token:
        page = ask(logged, "DescribeLogStreams", logStreamNamePrefix="job", limit=2, **token)
        found += [each["logStreamName"].rpartition("-")[0] for each in page["logStreams"]]
        token = {"nextToken": page["nextToken"]} if "nextToken" in page else {}

    assert found == [f"job-{job}/algo-{host}" for job in "ab" for host in (1, 2, 3)]


def test_lines_of_all_hosts_are_found_in_the_order_of_time(logged: Desk) -> None:
    write(logged, "one\nthree\n", notes="4 100.0\n10 300.0\n", host="algo-1")
    write(logged, "two\n", notes="4 200.0\n", host="algo-2")
    found, token = list[str](), dict[str, str]()

    while not found or token:
        page = ask(logged, "FilterLogEvents", logStreamNamePrefix="alone/", limit=1, **token)
        found += messages(page)
        token = {"nextToken": page["nextToken"]} if "nextToken" in page else {}

    assert found == ["one", "two", "three"]


def write_at(desk: Desk, name: str, at: float) -> None:
    write(desk, "one\n", name=name)
    os.utime(workspace(desk.logs, training_job_arn(desk.scope, name)).host("algo-1").log, (at, at))


def stream_names(page: Any) -> list[str]:
    return [each["logStreamName"].partition("/")[0] for each in page["logStreams"]]


def test_streams_can_be_ordered_by_their_last_line(logged: Desk) -> None:
    for name, at in (("Second", 200.0), ("first", 100.0), ("third", 200.5)):
        create(logged, name)
        write_at(logged, name, at)

    page = ask(logged, "DescribeLogStreams", orderBy="LastEventTime")

    assert stream_names(page) == ["first", "Second", "third"]
    assert [each["lastEventTimestamp"] for each in page["logStreams"]] == [100_000, 200_000, 200_500]
    newest = ask(logged, "DescribeLogStreams", orderBy="LastEventTime", descending=True, limit=1)
    assert stream_names(newest) == ["third"]


@pytest.mark.parametrize("descending", [False, True])
def test_streams_in_the_order_of_time_come_in_pages(logged: Desk, descending: bool) -> None:
    """Also those of one time."""
    names = ["a", "b", "c", "d"]
    for name in names:
        create(logged, name)
        write_at(logged, name, 100.0)
    asked: dict[str, Any] = {"orderBy": "LastEventTime", "descending": descending, "limit": 2}

    first = ask(logged, "DescribeLogStreams", **asked)
    second = ask(logged, "DescribeLogStreams", **asked, nextToken=first["nextToken"])

    assert stream_names(first) + stream_names(second) == (names[::-1] if descending else names)
    assert "nextToken" not in second


def test_streams_in_the_order_of_time_have_no_prefix(logged: Desk) -> None:
    asked = {"logGroupName": GROUP, "orderBy": "LastEventTime", "logStreamNamePrefix": "alone/"}

    refused = logged.refusal("DescribeLogStreams", "logs", **asked)

    assert refused.code == "InvalidParameterException"
    assert refused.message == "Cannot order by LastEventTime with a logStreamNamePrefix."


@pytest.mark.parametrize("order", ["LogStreamName", "LastEventTime"])
def test_a_token_that_no_page_of_streams_gave_is_refused(logged: Desk, order: str) -> None:
    refused = logged.refusal("DescribeLogStreams", "logs", logGroupName=GROUP, orderBy=order, nextToken="x")

    assert refused.code == "InvalidParameterException"


def test_the_streams_of_one_training_job_come_without_a_token(logged: Desk) -> None:
    assert "nextToken" not in ask(logged, "DescribeLogStreams", logStreamNamePrefix="alone/")

    given = {"logGroupName": GROUP, "logStreamNamePrefix": "alone/", "nextToken": "alone"}
    assert logged.refusal("DescribeLogStreams", "logs", **given).code == "InvalidParameterException"


def test_a_log_without_its_training_job_has_no_stream(logged: Desk) -> None:
    """The row goes last, but the folder of a training job may be restored, or be another program's."""
    write(logged, "one\n", name="nobody")
    (logged.logs / logged.scope.account / logged.scope.region / "lost+found").mkdir()

    assert ask(logged, "DescribeLogStreams", orderBy="LastEventTime")["logStreams"] == []
    assert messages(ask(logged, "FilterLogEvents")) == []


def test_a_stream_that_nothing_was_written_to_has_no_times_of_events(logged: Desk) -> None:
    write(logged, "")

    (seen,) = ask(logged, "DescribeLogStreams")["logStreams"]

    assert seen.keys() & {"firstEventTimestamp", "lastEventTimestamp", "lastIngestionTime"} == set()


def test_log_groups_are_found_by_prefix_or_pattern_not_by_both(desk: Desk) -> None:
    refused = desk.refusal("DescribeLogGroups", "logs", logGroupNamePrefix="/aws", logGroupNamePattern="aws")

    assert refused.code == "InvalidParameterException"


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


def test_a_log_whose_only_line_has_not_ended_is_followed_from_its_start(logged: Desk) -> None:
    write(logged, "hal")
    name = stream(logged)
    first = ask(logged, "GetLogEvents", logStreamName=name)
    write(logged, "f\n")

    later = ask(logged, "GetLogEvents", logStreamName=name, nextToken=first["nextForwardToken"])

    assert (messages(first), messages(later)) == ([], ["half"])


def test_the_last_line_of_a_training_job_that_is_over_needs_no_end(logged: Desk) -> None:
    write(logged, "one\nlast words")
    name = stream(logged)
    end(logged)

    assert messages(ask(logged, "GetLogEvents", logStreamName=name, startFromHead=True)) == ["one", "last words"]
    assert messages(ask(logged, "GetLogEvents", logStreamName=name, limit=1)) == ["last words"]
    assert messages(ask(logged, "FilterLogEvents")) == ["one", "last words"]


def test_a_line_with_nothing_in_it_is_no_event(logged: Desk) -> None:
    """A message has one character at least: OutputLogEvent, Amazon CloudWatch Logs API Reference."""
    write(logged, "one\n\n\r\ntwo\n\n")
    name = stream(logged)

    assert messages(ask(logged, "GetLogEvents", logStreamName=name, startFromHead=True)) == ["one", "two"]
    assert messages(ask(logged, "GetLogEvents", logStreamName=name, limit=1)) == ["two"]
    assert messages(ask(logged, "FilterLogEvents")) == ["one", "two"]


def test_no_page_before_the_end_is_empty(logged: Desk) -> None:
    """The SageMaker Python SDK takes an empty page for the end, and asks from the time of the last line it has seen."""
    write(logged, "old line\n" * 200_000, notes="1800000 100.0\n")
    write(logged, "\n" * 30_000 + "new\n", notes="1830004 200.0\n")
    name = stream(logged)

    assert messages(ask(logged, "GetLogEvents", logStreamName=name, startFromHead=True, startTime=200_000)) == ["new"]


def test_no_token_leads_past_the_end_of_the_time(logged: Desk) -> None:
    write(logged, "one\ntwo\nthree\n", notes="4 100.0\n8 200.0\n14 300.0\n")
    asked: dict[str, Any] = {"logStreamName": stream(logged), "startFromHead": True, "endTime": 200_001}
    first = ask(logged, "GetLogEvents", **asked)

    second = ask(logged, "GetLogEvents", **asked, nextToken=first["nextForwardToken"])

    assert (messages(first), messages(second)) == (["one", "two"], [])
    assert second["nextForwardToken"] == first["nextForwardToken"]
    backward = ask(logged, "GetLogEvents", logStreamName=asked["logStreamName"], endTime=200_001, limit=1)
    assert messages(backward) == ["two"]


def test_a_page_has_ten_thousand_lines_at_most(logged: Desk) -> None:
    write(logged, "x\n" * 10_001)

    page = ask(logged, "GetLogEvents", logStreamName=stream(logged), startFromHead=True)

    assert len(page["events"]) == 10_000
    assert len(pages(logged)[0]) == 10_000


def test_a_line_that_is_too_long_comes_in_pieces(logged: Desk) -> None:
    write(logged, "x" * (2 * PIECE + 5) + "\nafter\n")
    name, found, token = stream(logged), list[str](), dict[str, Any]({"startFromHead": True})
    while page := ask(logged, "GetLogEvents", logStreamName=name, **token)["events"]:
        found += [each["message"] for each in page]
        token = {"nextToken": ask(logged, "GetLogEvents", logStreamName=name, **token)["nextForwardToken"]}

    assert [len(each) for each in found] == [PIECE, PIECE, 5, 5]
    assert found[-1] == "after"


def test_odd_bytes_arrive_as_text(logged: Desk) -> None:
    place = workspace(logged.logs, training_job_arn(logged.scope, "alone"))
    place.folder.mkdir(parents=True)
    place.host("algo-1").log.write_bytes(b"caf\xc3\xa9 \xff\x00\x1b[31m\ttab\rover\n\xed\xa0\x80\n")

    assert messages(ask(logged, "GetLogEvents", logStreamName=stream(logged), startFromHead=True)) == [
        "café \ufffd\x00\x1b[31m\ttab\rover",
        "\ufffd\ufffd\ufffd",
    ]


def test_lines_can_be_bounded_in_time(logged: Desk) -> None:
    write(logged, "one\ntwo\n", notes="4 100.0\n8 200.0\n")
    name = stream(logged)

    assert messages(ask(logged, "GetLogEvents", logStreamName=name, startFromHead=True, startTime=150_000)) == ["two"]
    assert messages(ask(logged, "GetLogEvents", logStreamName=name, startFromHead=True, endTime=150_000)) == ["one"]
    assert messages(ask(logged, "FilterLogEvents", startTime=150_000)) == ["two"]


def pages(desk: Desk, **asked: Any) -> list[list[str]]:
    """Follow the tokens of FilterLogEvents to their end."""
    found = list[list[str]]()
    while True:
        page = ask(desk, "FilterLogEvents", **asked)
        found.append(messages(page))
        if "nextToken" not in page:
            return found
        asked["nextToken"] = page["nextToken"]


def end(desk: Desk, name: str = "alone") -> None:
    """Have a training job be over."""
    job = desk.store.training_jobs.get(training_job_arn(desk.scope, name))
    assert job is not None
    assert desk.store.training_jobs.take_in(replace(job, status=TrainingStatus.COMPLETED, ended_at=desk.now), [])


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("", ["loss 1", "debug loss 2", "warn=3"]),
        ("loss", ["loss 1", "debug loss 2"]),
        ("loss -debug", ["loss 1"]),
        ('"loss 2"', ["debug loss 2"]),
        ('loss -"s 2"', ["loss 1"]),
        ("?warn ?debug", ["debug loss 2", "warn=3"]),
        ('"warn=3"', ["warn=3"]),
        ("Loss", []),
    ],
)
def test_lines_are_found_by_their_terms(logged: Desk, pattern: str, found: list[str]) -> None:
    write(logged, "loss 1\ndebug loss 2\nwarn=3\n")

    assert messages(ask(logged, "FilterLogEvents", filterPattern=pattern)) == found


@pytest.mark.parametrize("pattern", ["{ $.x = 1 }", "[a, b]", "%x%"])
def test_a_pattern_of_another_kind_is_refused(logged: Desk, pattern: str) -> None:
    refused = logged.refusal("FilterLogEvents", "logs", logGroupName=GROUP, filterPattern=pattern)

    assert refused.code == "InvalidParameterException"


@pytest.mark.parametrize("pattern", ['"open', "loss=1", "a-b", '""', "-", "?", 'x"y"', '"y"x', "a\u2028="])
def test_a_term_with_other_characters_needs_quotation_marks(logged: Desk, pattern: str) -> None:
    refused = logged.refusal("FilterLogEvents", "logs", logGroupName=GROUP, filterPattern=pattern)

    assert refused.code == "InvalidParameterException"
    assert refused.message.startswith("Invalid filter pattern: Invalid character(s) in term '")


def test_lines_of_named_streams_are_found(logged: Desk) -> None:
    create(logged, "other")
    write(logged, "one\n", notes="4 100.0\n")
    write(logged, "two\n", notes="4 200.0\n", name="other")

    assert messages(ask(logged, "FilterLogEvents")) == ["one", "two"]
    assert messages(ask(logged, "FilterLogEvents", logStreamNames=[stream(logged)])) == ["one"]


@pytest.mark.parametrize(("prefix", "found"), [("al", ["one"]), ("alone/algo", ["one"]), ("Al", []), ("lone", [])])
def test_lines_of_streams_that_begin_so_are_found(logged: Desk, prefix: str, found: list[str]) -> None:
    write(logged, "one\n")

    assert messages(ask(logged, "FilterLogEvents", logStreamNamePrefix=prefix)) == found


def test_names_and_a_prefix_of_streams_exclude_each_other(logged: Desk) -> None:
    asked = {"logGroupName": GROUP, "logStreamNames": ["a"], "logStreamNamePrefix": "a"}

    assert logged.refusal("FilterLogEvents", "logs", **asked).code == "InvalidParameterException"


def test_lines_of_several_streams_come_in_the_order_of_time(logged: Desk) -> None:
    create(logged, "other")
    write(logged, "one\nthree\n", notes="4 100.0\n10 300.0\n")
    write(logged, "two\nfour\n", notes="4 200.0\n9 400.0\n", name="other")

    found = ask(logged, "FilterLogEvents", interleaved=False)

    assert messages(found) == ["one", "two", "three", "four"]
    assert [each["timestamp"] for each in found["events"]] == [100_000, 200_000, 300_000, 400_000]
    assert found["searchedLogStreams"] == []


def test_every_found_line_has_an_id_of_its_own(logged: Desk) -> None:
    create(logged, "other")
    for name in ("alone", "other"):
        write(logged, "one\ntwo\n", name=name)

    ids = [each["eventId"] for each in ask(logged, "FilterLogEvents")["events"]]

    assert len(set(ids)) == 4
    assert all(re.fullmatch("[0-9]{56}", each) for each in ids)


@pytest.mark.parametrize("limit", [1, 2, 3, 10_000])
def test_found_lines_come_in_pages(logged: Desk, limit: int) -> None:
    """Nothing is lost and nothing comes twice, with several logs, and many lines of one time."""
    for name in ("other", "third"):
        create(logged, name)
    write(logged, "a1\na2\na3\na4\n", notes="6 100.0\n12 300.0\n")
    write(logged, "b1\nb2\nb3\n", notes="3 100.0\n9 300.0\n", name="other")
    write(logged, "c1\nc2\n", notes="6 300.0\n", name="third")
    end(logged, "other")

    found = pages(logged, limit=limit)

    assert [line for page in found for line in page] == ["a1", "a2", "b1", "a3", "a4", "b2", "b3", "c1", "c2"]
    assert max(len(page) for page in found) <= limit


def test_lines_of_more_streams_than_a_page_names_are_found(logged: Desk) -> None:
    names = [f"job-{number:03d}" for number in range(120)]
    for name in names:
        write(logged, f"{name}\n", name=name)
    logged.limits = Limits(max_instances=1000)
    for name in names:
        create(logged, name)

    assert sorted(messages(ask(logged, "FilterLogEvents"))) == names


def test_a_search_goes_on_where_it_stopped_for_being_long(logged: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page may be empty while there is more."""
    monkeypatch.setattr(log_search, "EFFORT", 3 * log_search.LOG)
    create(logged, "other")
    write(logged, "dull\n" * 200 + "bright\n")
    write(logged, "bright\n", name="other")

    found = pages(logged, filterPattern="bright")

    assert [line for page in found for line in page] == ["bright", "bright"]
    assert len(found) > 3


def test_lines_that_are_timed_anew_are_not_found_twice(logged: Desk) -> None:
    """What is written behind the last note has its time, and another when it is noted."""
    create(logged, "other")
    write(logged, "one\ntwo\n", notes="4 100.0\n")
    write(logged, "three\n", notes="6 150.0\n", name="other")
    first = ask(logged, "FilterLogEvents", limit=2)
    write(logged, "four\n", notes="13 200.0\n")

    second = ask(logged, "FilterLogEvents", nextToken=first["nextToken"])

    assert (messages(first), messages(second)) == (["one", "two"], ["three", "four"])


def test_the_lines_of_one_that_is_over_meanwhile_are_not_found_twice(logged: Desk) -> None:
    create(logged, "other")
    write(logged, "one\ntwo\n", notes="4 100.0\n")
    write(logged, "three\nfour\n", notes="6 150.0\n11 160.0\n", name="other")
    first = ask(logged, "FilterLogEvents", limit=2)
    write(logged, "", notes="8 200.0\n")
    end(logged)

    rest = pages(logged, limit=1, nextToken=first["nextToken"])

    assert (messages(first), [line for page in rest for line in page]) == (["one", "two"], ["three", "four"])


def test_every_page_comes_further_however_many_logs_are_open(logged: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_search, "EFFORT", 0)
    for name in ("other", "third"):
        create(logged, name)
    for name in ("alone", "other", "third"):
        write(logged, f"{name}\n" * 2, notes="20 100.0\n", name=name)

    found = [line for page in pages(logged) for line in page]

    assert found == ["alone", "alone", "other", "other", "third", "third"]


def test_lines_are_found_until_the_end_of_their_time(logged: Desk) -> None:
    """FilterLogEvents leaves out what is later than endTime, GetLogEvents also what is of that very time."""
    write(logged, "one\ntwo\nthree\n", notes="4 100.0\n8 200.0\n14 200.001\n")

    assert messages(ask(logged, "FilterLogEvents", startTime=200_000, endTime=200_000)) == ["two"]
    assert messages(ask(logged, "FilterLogEvents", endTime=0)) == []


@pytest.mark.parametrize(
    "token", ["x", "1/a", "1/a/b:1,", "1/a/b:1c:2", "9" * 19 + "/a/", "1//", "1/a/" + "1:1" * 5000]
)
def test_a_token_that_no_search_gave_is_refused(logged: Desk, token: str) -> None:
    write(logged, "one\n")

    refused = logged.refusal("FilterLogEvents", "logs", logGroupName=GROUP, nextToken=token)

    assert refused.code == "InvalidParameterException"


def test_a_token_of_logs_that_are_gone_finds_nothing_of_them(logged: Desk) -> None:
    write(logged, "one\n", notes="4 100.0\n")

    assert pages(logged, nextToken="0/a/algo-1/gone/algo-1:7,alone/algo-1:99") == [[]]  # no password


def test_another_log_group_does_not_exist(desk: Desk) -> None:
    refused = desk.refusal("DescribeLogStreams", "logs", logGroupName="/aws/lambda/x")

    assert (refused.code, refused.message) == ("ResourceNotFoundException", "The specified log group does not exist.")


@pytest.mark.parametrize("asked", [{}, {"logGroupName": GROUP, "logGroupIdentifier": GROUP}], ids=["none", "both"])
def test_a_log_group_is_named_in_one_way(desk: Desk, asked: dict[str, str]) -> None:
    assert desk.refusal("DescribeLogStreams", "logs", **asked).code == "InvalidParameterException"


def test_a_log_group_is_named_by_its_arn_too(logged: Desk) -> None:
    write(logged, "one\n")
    arn = logged.ask("DescribeLogGroups", of="logs")["logGroups"][0]["logGroupArn"]

    assert messages(logged.ask("FilterLogEvents", of="logs", logGroupIdentifier=arn)) == ["one"]


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
