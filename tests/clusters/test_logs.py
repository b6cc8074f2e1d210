"""The logs of training jobs, read while they grow and while they go."""

import os
from pathlib import Path

import pytest

from luthier.clusters.logs import PIECE, LogLine, TrainingLogs
from luthier.clusters.workspace import Workspace, workspace
from luthier.records.names import training_job_arn
from things import SCOPE

ARN = training_job_arn(SCOPE, "alone")


@pytest.fixture
def logs(tmp_path: Path) -> TrainingLogs:
    return TrainingLogs(tmp_path)


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """The workspace of the training job `alone`, without a log."""
    place = workspace(tmp_path, ARN)
    place.folder.mkdir(parents=True)
    return place


def texts(lines: list[LogLine]) -> list[str]:
    return [each.text for each in lines]


def test_a_log_that_is_not_there_is_empty(logs: TrainingLogs) -> None:
    assert logs.find(ARN) is None
    assert logs.all(SCOPE) == []
    assert logs.after(ARN, 0, is_over=True) == logs.before(ARN, 10, is_over=True) == []
    assert (logs.span(ARN, 1.0, 2.0), logs.times(ARN), logs.end(ARN, is_over=False)) == ((0, None), (0.0, 0.0), 0)


def test_a_log_whose_notes_are_gone_still_has_lines(logs: TrainingLogs, place: Workspace) -> None:
    place.log.write_text("one\n")
    os.utime(place.log, (5.0, 5.0))

    assert [(each.text, each.at) for each in logs.after(ARN, 0, is_over=False)] == [("one", 5.0)]


def test_a_log_of_before_the_epoch_is_of_the_epoch(logs: TrainingLogs, place: Workspace) -> None:
    place.log.write_text("one\n")
    os.utime(place.log, (-5.0, -5.0))

    found = logs.find(ARN)

    assert found is not None
    assert found.written_at == 0.0


def test_a_pipe_or_a_link_in_its_place_is_no_log(logs: TrainingLogs, place: Workspace, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret\n")
    place.log.symlink_to(secret)
    os.mkfifo(place.log_times)

    assert logs.find(ARN) is None
    assert logs.after(ARN, 0, is_over=True) == []
    assert logs.times(ARN) == (0.0, 0.0)


@pytest.mark.parametrize("is_over", [False, True])
def test_pages_forward_and_backward_are_the_same_lines(logs: TrainingLogs, place: Workspace, is_over: bool) -> None:
    wanted = [f"line {number} {'x' * (number % 700)}" for number in range(6000)]
    place.log.write_text("\n".join(wanted) + "\n")
    forward, backward = list[str](), list[str]()

    at = 0
    while lines := logs.after(ARN, at, is_over=is_over, most=1000):
        forward += texts(lines)
        at = lines[-1].end
    while lines := logs.before(ARN, at, is_over=is_over, most=1000):
        backward = texts(lines) + backward
        at = lines[0].start

    assert forward == backward == wanted


def test_lines_lie_within_the_places_asked_for(logs: TrainingLogs, place: Workspace) -> None:
    place.log.write_text("one\ntwo\nthree\nfour\n")

    assert texts(logs.after(ARN, 4, is_over=False, until=14)) == ["two", "three"]
    assert texts(logs.before(ARN, 14, is_over=False, since=4)) == ["two", "three"]
    assert logs.after(ARN, 14, is_over=False, until=4) == logs.before(ARN, 4, is_over=False, since=14) == []


def test_a_span_begins_and_ends_with_a_line(logs: TrainingLogs, place: Workspace) -> None:
    """A note may lie in the middle of a line, which had begun before it."""
    place.log.write_text("one\ntwo\nthree\nfour\n")
    place.log_times.write_text("5 100.0\n16 200.0\n19 300.0\n")

    assert logs.span(ARN, 200.0, 300.0) == (8, 19)
    assert logs.span(ARN, None, 200.0) == (0, 8)
    assert logs.span(ARN, 300.5, None) == (19, None)


def test_a_line_that_has_not_ended_begins_where_the_others_end(logs: TrainingLogs, place: Workspace) -> None:
    place.log.write_text("one\nhal")

    assert (logs.end(ARN, is_over=False), logs.end(ARN, is_over=True)) == (4, 7)


def test_a_line_that_is_too_long_ends_anywhere(logs: TrainingLogs, place: Workspace) -> None:
    place.log.write_text("x" * (PIECE + 1))

    assert logs.end(ARN, is_over=False) == PIECE + 1
    assert [len(each.text) for each in logs.after(ARN, 0, is_over=False)] == [PIECE]


def test_all_logs_of_an_account_and_region_are_found(logs: TrainingLogs, tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        found = workspace(tmp_path, training_job_arn(SCOPE, name))
        found.folder.mkdir(parents=True)
        if name != "c":
            found.log.touch()
    for odd in (".hidden", "lost+found", "A"):
        (tmp_path / SCOPE.account / SCOPE.region / odd).mkdir()

    assert [each.job_name for each in logs.all(SCOPE)] == ["a", "b"]
