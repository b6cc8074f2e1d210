"""The end of a log."""

import os
from pathlib import Path

import pytest

from luthier.dashboard.log_lines import last_lines, last_piece, lines_of_all


def test_a_log_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert last_piece(tmp_path / "none.log") == ""


def test_of_a_long_log_only_the_end_is_read_from_a_whole_line_on(tmp_path: Path) -> None:
    log = tmp_path / "long.log"
    log.write_bytes(b"".join(b"%09d\n" % number for number in range(100_000)))

    lines = last_piece(log).splitlines()

    assert lines[-1] == "000099999"
    assert len(lines) < 30_000
    assert all(len(line) == 9 for line in lines)


def test_bytes_that_are_not_utf_8_are_marked(tmp_path: Path) -> None:
    log = tmp_path / "odd.log"
    log.write_bytes(b"a\xffb\n")

    assert last_piece(log) == "a\ufffdb\n"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("one\ntwo\n", ["one", "two"]),
        ("one\nunfinished", ["one", "unfinished"]),
        ("\x1b[1;31mred\x1b[0m\n", ["red"]),
        ("10%\r50%\r100%\n", ["100%"]),
        ("windows\r\n", ["windows"]),
        ("a\x85b\u2028c\n", ["a\x85b\u2028c"]),
    ],
)
def test_lines_are_shown_as_a_terminal_would(text: str, lines: list[str]) -> None:
    assert last_lines(text, 10) == lines


def test_only_the_last_lines_are_given() -> None:
    assert last_lines("1\n2\n3\n", 2) == ["2", "3"]


def test_an_endless_line_is_cut() -> None:
    (line,) = last_lines("x" * 5000, 1)

    assert line.endswith("(3000 more characters)")


def test_a_pipe_in_the_logs_place_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "log")

    assert last_piece(tmp_path / "log") == ""


def test_a_link_in_the_logs_place_gives_nothing_away(tmp_path: Path) -> None:
    (tmp_path / "log").symlink_to("/etc/passwd")

    assert last_piece(tmp_path / "log") == ""


def test_one_hosts_lines_stand_by_themselves() -> None:
    assert lines_of_all([("algo-1", "one\ntwo\n")], 1) == ["two"]


def test_lines_of_several_hosts_stand_below_their_names_and_share_the_room() -> None:
    shown = lines_of_all([("algo-1", "one\ntwo\n"), ("algo-2", "three\nfour\n")], 2)

    assert shown == ["── algo-1 ──", "two", "── algo-2 ──", "four"]


def test_a_training_job_without_a_log_has_no_lines() -> None:
    assert lines_of_all([], 10) == []
