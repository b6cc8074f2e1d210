"""The logs of training jobs, read while they grow and while they go."""

import os
from pathlib import Path

import pytest

from luthier.clusters.host_folder import HostFolder
from luthier.clusters.host_log import PIECE, HostLog, LogLine
from luthier.clusters.logs import TrainingLogs
from luthier.clusters.workspace import workspace
from luthier.records.names import training_job_arn
from things import SCOPE

ARN = training_job_arn(SCOPE, "alone")


@pytest.fixture
def logs(tmp_path: Path) -> TrainingLogs:
    return TrainingLogs(tmp_path)


@pytest.fixture
def place(tmp_path: Path) -> HostFolder:
    """The first host of the training job `alone`, without a log."""
    place = workspace(tmp_path, ARN)
    place.folder.mkdir(parents=True)
    return place.host("algo-1")


def the_log(logs: TrainingLogs) -> HostLog:
    """Find the log of `alone`."""
    (log,) = logs.of(ARN)
    return log


def texts(lines: list[LogLine]) -> list[str]:
    return [each.text for each in lines]


def test_a_log_that_is_not_there_is_not_found(logs: TrainingLogs) -> None:
    assert logs.of(ARN) == []
    assert logs.all(SCOPE) == []


def test_a_log_that_is_gone_meanwhile_is_empty(logs: TrainingLogs, place: HostFolder) -> None:
    place.log.write_text("one\n")
    log = the_log(logs)

    place.log.unlink()

    assert log.after(0, is_over=True) == log.before(10, is_over=True) == []
    assert (log.span(1.0, 2.0), log.times(), log.end(is_over=False)) == ((0, None), (0.0, 0.0), 0)


def test_a_log_whose_notes_are_gone_still_has_lines(logs: TrainingLogs, place: HostFolder) -> None:
    place.log.write_text("one\n")
    os.utime(place.log, (5.0, 5.0))

    assert [(each.text, each.at) for each in the_log(logs).after(0, is_over=False)] == [("one", 5.0)]


def test_a_log_of_before_the_epoch_is_of_the_epoch(logs: TrainingLogs, place: HostFolder) -> None:
    place.log.write_text("one\n")
    os.utime(place.log, (-5.0, -5.0))

    assert the_log(logs).written_at == 0.0


def test_a_pipe_or_a_link_in_its_place_is_no_log(logs: TrainingLogs, place: HostFolder, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret\n")
    place.log.symlink_to(secret)
    os.mkfifo(place.log_times)

    assert logs.of(ARN) == []


def test_a_link_that_takes_the_place_of_a_log_is_not_read(
    logs: TrainingLogs, place: HostFolder, tmp_path: Path
) -> None:
    place.log.write_text("one\n")
    log = the_log(logs)
    (tmp_path / "secret").write_text("secret\n")

    place.log.unlink()
    place.log.symlink_to(tmp_path / "secret")
    os.mkfifo(place.log_times)

    assert (log.after(0, is_over=True), log.times()) == ([], (0.0, 0.0))


@pytest.mark.parametrize("is_over", [False, True])
def test_pages_forward_and_backward_are_the_same_lines(logs: TrainingLogs, place: HostFolder, is_over: bool) -> None:
    wanted = [f"line {number} {'x' * (number % 700)}" for number in range(6000)]
    place.log.write_text("\n".join(wanted) + "\n")
    forward, backward = list[str](), list[str]()

    at = 0
    while lines := the_log(logs).after(at, is_over=is_over, most=1000):
        forward += texts(lines)
        at = lines[-1].end
    while lines := the_log(logs).before(at, is_over=is_over, most=1000):
        backward = texts(lines) + backward
        at = lines[0].start

    assert forward == backward == wanted


def test_lines_lie_within_the_places_asked_for(logs: TrainingLogs, place: HostFolder) -> None:
    place.log.write_text("one\ntwo\nthree\nfour\n")

    assert texts(the_log(logs).after(4, is_over=False, until=14)) == ["two", "three"]
    assert texts(the_log(logs).before(14, is_over=False, since=4)) == ["two", "three"]
    assert the_log(logs).after(14, is_over=False, until=4) == the_log(logs).before(4, is_over=False, since=14) == []


def test_a_span_begins_and_ends_with_a_line(logs: TrainingLogs, place: HostFolder) -> None:
    """A note may lie in the middle of a line, which had begun before it."""
    place.log.write_text("one\ntwo\nthree\nfour\n")
    place.log_times.write_text("5 100.0\n16 200.0\n19 300.0\n")

    assert the_log(logs).span(200.0, 300.0) == (8, 19)
    assert the_log(logs).span(None, 200.0) == (0, 8)
    assert the_log(logs).span(300.5, None) == (19, None)


def test_a_line_that_has_not_ended_begins_where_the_others_end(logs: TrainingLogs, place: HostFolder) -> None:
    place.log.write_text("one\nhal")

    assert (the_log(logs).end(is_over=False), the_log(logs).end(is_over=True)) == (4, 7)


def test_a_line_that_is_too_long_ends_anywhere(logs: TrainingLogs, place: HostFolder) -> None:
    place.log.write_text("x" * (PIECE + 1))

    assert the_log(logs).end(is_over=False) == PIECE + 1
    assert [len(each.text) for each in the_log(logs).after(0, is_over=False)] == [PIECE]


def test_all_logs_of_an_account_and_region_are_found(logs: TrainingLogs, tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        found = workspace(tmp_path, training_job_arn(SCOPE, name))
        found.folder.mkdir(parents=True)
        if name != "c":
            found.host("algo-1").log.touch()
            found.host("algo-2").log.touch()
    for odd in (".hidden", "lost+found", "A"):
        (tmp_path / SCOPE.account / SCOPE.region / odd).mkdir()

    assert [each.name for each in logs.all(SCOPE)] == ["a/algo-1", "a/algo-2", "b/algo-1", "b/algo-2"]
