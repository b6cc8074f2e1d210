"""Log lines, as text and as JSON."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from luthier.watching.logs import Diary, JsonLines, TextLines
from luthier.witness import Deed, Facts

Log = tuple[logging.Logger, io.StringIO]
HOSTILE = 'a"b\n2026-01-01 CRITICAL root: forged\r\x1b[2J\u2028é\x85'


def a_log(formatter: logging.Formatter) -> Iterator[Log]:
    """Have a logger of its own, and the diary's, write to a text."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(formatter)
    log = logging.getLogger("luthier.watching.logs")
    before = log.level, log.propagate
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    yield log, text
    log.removeHandler(handler)
    log.setLevel(before[0])
    log.propagate = before[1]


@pytest.fixture
def json_log() -> Iterator[Log]:
    yield from a_log(JsonLines())


@pytest.fixture
def text_log() -> Iterator[Log]:
    yield from a_log(TextLines())


def lines(text: io.StringIO) -> list[Any]:
    return [json.loads(line) for line in text.getvalue().splitlines()]


def test_a_line_is_an_object_with_time_level_and_event(json_log: Log) -> None:
    log, text = json_log

    log.warning("the disk is %s", "full")

    (line,) = lines(text)
    assert (line["level"], line["logger"], line["event"]) == ("warning", log.name, "the disk is full")
    assert line["time"].endswith("Z")


def test_within_a_deed_a_line_says_what_it_is_about(json_log: Log) -> None:
    log, text = json_log
    with Diary().watch(Deed.PASS, {"lane": "tuning", "job": "arn", "outcome": "idle"}):
        log.warning("odd")
    log.warning("later")

    within, after = lines(text)
    assert (within["job"], within["lane"]) == ("arn", "tuning")
    assert "job" not in after


def test_a_request_leaves_a_line_with_its_id_and_its_time(json_log: Log) -> None:
    facts: Facts = {"request": "r-1", "traceparent": "00-a"}
    with Diary().watch(Deed.REQUEST, facts):
        facts |= {"service": "sagemaker", "operation": "ListTags", "status": "200"}

    (line,) = lines(json_log[1])
    assert (line["event"], line["request"], line["operation"], line["status"]) == ("request", "r-1", "ListTags", "200")
    assert line["seconds"] >= 0
    assert "traceparent" not in line


def test_a_pass_that_changed_nothing_leaves_no_line(json_log: Log) -> None:
    facts: Facts = {"lane": "tuning", "job": "arn"}
    with Diary().watch(Deed.PASS, facts):
        facts["outcome"] = "idle"

    assert lines(json_log[1]) == []


def test_an_error_is_part_of_its_line(json_log: Log) -> None:
    log, text = json_log
    try:
        raise ValueError(HOSTILE)
    except ValueError:
        log.exception("failed")

    (line,) = lines(text)
    assert "ValueError" in line["error"]
    assert HOSTILE.splitlines()[0] in line["error"]


def test_hostile_text_stays_within_its_json_string(json_log: Log) -> None:
    log, text = json_log

    log.warning("%s", HOSTILE)

    assert text.getvalue().isascii()
    assert lines(text)[0]["event"] == HOSTILE


def test_hostile_text_begins_no_line_of_its_own(text_log: Log) -> None:
    log, text = text_log

    log.warning("%s", HOSTILE)

    (line,) = text.getvalue().splitlines()
    assert r"\n2026-01-01 CRITICAL root: forged\r\x1b[2J\u2028é\x85" in line
