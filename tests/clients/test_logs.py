"""The story of a training job's log, told by an unmodified boto3 while the training job is running."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from clients.training import finish, prepare, train, wait_until_it_trains
from luthier_server import Luthier, until

pytestmark = [pytest.mark.slow]

GROUP = "/aws/sagemaker/TrainingJobs"


@pytest.fixture(scope="module")
def luthier(recording: Luthier) -> Luthier:
    prepare(recording)
    return recording


@pytest.fixture(scope="module")
def talking(luthier: Luthier) -> Iterator[str]:
    """A training job that has said three things, and waits."""
    train(luthier, "talking", waits="yes")
    wait_until_it_trains(luthier, "talking")
    until(lambda: len(lines(luthier, "talking")) == 3, "it says nothing")
    yield "talking"
    luthier.client("sagemaker").stop_training_job(TrainingJobName="talking")
    finish(luthier, "talking")


def stream(luthier: Luthier, job: str) -> str:
    found = luthier.client("logs").describe_log_streams(logGroupName=GROUP, logStreamNamePrefix=f"{job}/")
    return str(found["logStreams"][0]["logStreamName"]) if found["logStreams"] else ""


def follow(luthier: Luthier, name: str, **asked: Any) -> tuple[list[str], str]:
    """Read on with nextForwardToken until it stays the same; gives the lines, and that token."""
    logs, found = luthier.client("logs"), list[str]()
    given = {"logGroupName": GROUP, "logStreamName": name, "startFromHead": True, **asked}
    while True:
        page = logs.get_log_events(**given)
        found += [each["message"] for each in page["events"]]
        if page["nextForwardToken"] == given.get("nextToken"):
            return found, page["nextForwardToken"]
        given["nextToken"] = page["nextForwardToken"]


def lines(luthier: Luthier, job: str) -> list[str]:
    name = stream(luthier, job)
    return follow(luthier, name)[0] if name else []


def search(luthier: Luthier, **asked: Any) -> list[dict[str, Any]]:
    pages = luthier.client("logs").get_paginator("filter_log_events").paginate(logGroupName=GROUP, **asked)
    return list(pages.build_full_result()["events"])


@pytest.mark.parametrize("limit", [1, 2, 10_000])
def test_a_running_ones_log_is_followed_from_its_head(luthier: Luthier, talking: str, limit: int) -> None:
    found, _ = follow(luthier, stream(luthier, talking), limit=limit)

    assert found == ["step=0 loss=1.000000", "step=1 loss=0.500000", "step=2 loss=0.333333"]


def test_the_token_of_the_end_stays_the_same(luthier: Luthier, talking: str) -> None:
    name = stream(luthier, talking)
    _, token = follow(luthier, name)

    asked = {"logGroupName": GROUP, "logStreamName": name, "nextToken": token}
    pages = [luthier.client("logs").get_log_events(**asked) for _ in range(2)]

    assert [(page["events"], page["nextForwardToken"]) for page in pages] == [([], token)] * 2


def test_a_log_is_read_backwards_to_its_head(luthier: Luthier, talking: str) -> None:
    asked = {"logGroupName": GROUP, "logStreamName": stream(luthier, talking), "limit": 2}
    last = luthier.client("logs").get_log_events(**asked)

    first = luthier.client("logs").get_log_events(**asked, nextToken=last["nextBackwardToken"])

    assert [each["message"][:6] for page in (first, last) for each in page["events"]] == ["step=0", "step=1", "step=2"]


def test_events_have_the_times_at_which_they_were_written(luthier: Luthier, talking: str) -> None:
    described = luthier.client("sagemaker").describe_training_job(TrainingJobName=talking)
    begun = described["CreationTime"].timestamp() * 1000

    times = [each["timestamp"] for each in search(luthier, logStreamNamePrefix=f"{talking}/")]

    assert times == sorted(times)
    assert begun < times[0]
    assert search(luthier, logStreamNamePrefix=f"{talking}/", startTime=times[-1] + 1) == []
    assert len(search(luthier, logStreamNamePrefix=f"{talking}/", endTime=times[-1])) == 3


def test_lines_are_found_by_their_terms_page_after_page(luthier: Luthier, talking: str) -> None:
    found = search(
        luthier, logStreamNamePrefix=talking, filterPattern='loss -"step=1"', PaginationConfig={"PageSize": 1}
    )

    assert [each["message"] for each in found] == ["step=0 loss=1.000000", "step=2 loss=0.333333"]
    assert {each["logStreamName"] for each in found} == {stream(luthier, talking)}


def test_what_is_written_later_is_found_with_the_last_token(luthier: Luthier) -> None:
    train(luthier, "goes-on", waits="yes", lines="1")
    wait_until_it_trains(luthier, "goes-on")
    until(lambda: len(lines(luthier, "goes-on")) == 1, "it says nothing")
    name = stream(luthier, "goes-on")
    before, token = follow(luthier, name)

    luthier.client("sagemaker").stop_training_job(TrainingJobName="goes-on")
    finish(luthier, "goes-on")

    after, _ = follow(luthier, name, nextToken=token)
    assert (before, after) == (["step=0 loss=1.000000"], ["told to stop"])


@pytest.fixture(scope="module")
def duet(luthier: Luthier) -> tuple[str, str]:
    """Two training jobs that ran at once; the first stopped before the second."""
    names = ("duet-b", "duet-a")
    for name in names:
        train(luthier, name, waits="yes", lines="1")
    for name in names:
        until(lambda name=name: len(lines(luthier, name)) == 1, "it says nothing")  # type: ignore[misc]
    for name in names:
        luthier.client("sagemaker").stop_training_job(TrainingJobName=name)
        finish(luthier, name)
    return names


def test_lines_of_two_at_once_come_in_the_order_of_time(luthier: Luthier, duet: tuple[str, str]) -> None:
    found = search(luthier, logStreamNamePrefix="duet-")

    said = [(each["logStreamName"].partition("/")[0], each["message"]) for each in found]
    assert {job for job, message in said[:2]} == set(duet)
    assert said[2:] == [(job, "told to stop") for job in duet]
    assert len({each["eventId"] for each in found}) == 4


def test_the_streams_that_were_written_to_last_are_found_first(
    luthier: Luthier, talking: str, duet: tuple[str, str]
) -> None:
    asked = {"logGroupName": GROUP, "orderBy": "LastEventTime", "descending": True}
    pages = luthier.client("logs").get_paginator("describe_log_streams").paginate(**asked)

    found = [each["logStreamName"].partition("/")[0] for page in pages for each in page["logStreams"]]

    assert [job for job in found if job in (talking, *duet)] == [*duet[::-1], talking]


def told(luthier: Luthier, *arguments: str) -> subprocess.CompletedProcess[str]:
    options = ["--data-folder", str(luthier.folder), "--port", str(luthier.port)]
    return subprocess.run(
        [sys.executable, "-m", "luthier.cli", *arguments, *options], capture_output=True, text=True, check=False
    )


def test_the_terminal_shows_a_log_as_it_is(luthier: Luthier, talking: str) -> None:
    assert told(luthier, "logs", talking).stdout.splitlines() == [
        "step=0 loss=1.000000",
        "step=1 loss=0.500000",
        "step=2 loss=0.333333",
    ]


def test_the_terminal_follows_a_log_to_its_end(luthier: Luthier) -> None:
    train(luthier, "followed", lines="2")

    assert told(luthier, "logs", "-f", "followed").stdout.splitlines() == [
        "step=0 loss=1.000000",
        "step=1 loss=0.500000",
    ]


def test_the_terminal_says_that_there_is_no_such_training_job(luthier: Luthier) -> None:
    done = told(luthier, "logs", "nothing")

    assert done.returncode == 2
    assert done.stderr.startswith("luthier: 'nothing': no such training job in us-east-1; `luthier watch TUNING_JOB`")


def test_the_terminal_says_that_there_is_no_tuning_job(luthier: Luthier) -> None:
    assert told(luthier, "jobs", "--name", "nothing").stdout == "There is no such tuning job.\n"
    assert told(luthier, "jobs", "--name", "nothing", "--json").stdout == "[]\n"
