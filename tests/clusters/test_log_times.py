"""The notes of a log are found in their file, whatever stands there."""

import os
import tempfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luthier.clusters.log_times import LogTimes

STEPS = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 3000)), min_size=1, max_size=60)


@contextmanager
def times_of(text: bytes, otherwise: float = 7.0) -> Iterator[LogTimes]:
    with tempfile.TemporaryFile() as file:
        file.write(text)
        file.flush()
        yield LogTimes(file.fileno(), otherwise)


def written(steps: list[tuple[int, int]]) -> tuple[list[int], list[float], bytes]:
    """Give places and times that rise, and how they are noted."""
    places, times, place, ms = list[int](), list[float](), 0, 1_700_000_000_000
    for bytes_more, ms_more in steps:
        place, ms = place + bytes_more, ms + ms_more
        places.append(place)
        times.append(ms / 1000)
    return places, times, b"".join(b"%d %.3f\n" % pair for pair in zip(places, times, strict=True))


@settings(max_examples=60, deadline=None)
@given(steps=STEPS, start=st.integers(0, 100_000), length=st.integers(1, 50_000))
def test_each_line_has_the_time_of_the_first_note_beyond_its_beginning(
    steps: list[tuple[int, int]], start: int, length: int
) -> None:
    places, times, text = written(steps)

    with times_of(text) as found:
        notes = found.of(start, start + length)

    for place in (start, start + length // 2, start + length - 1):
        assert notes.time_of(place) == times[min(bisect_right(places, place), len(times) - 1)]


@settings(max_examples=60, deadline=None)
@given(steps=STEPS, ms=st.integers(-10, 190_000))
def test_the_place_of_a_time_is_where_the_note_before_it_lies(steps: list[tuple[int, int]], ms: int) -> None:
    places, times, text = written(steps)
    at = (1_700_000_000_000 + ms) / 1000

    with times_of(text) as found:
        first = found.first_place(at)

    index = bisect_left(times, at)
    assert first == (None if index == len(times) else places[index - 1] if index else 0)


def test_the_times_of_the_first_and_last_line_are_known() -> None:
    with times_of(b"5 100.0\n9 200.5\n") as found:
        assert (found.first_time(), found.last_time()) == (100.0, 200.5)


def test_a_note_that_has_not_ended_is_none() -> None:
    with times_of(b"5 100.0\n9 20") as found:
        assert (found.last_time(), found.of(6, 9).time_of(6)) == (100.0, 100.0)


@pytest.mark.parametrize("text", [b"", b"9 20", b"x" * 500])
def test_without_a_note_everything_has_one_time(text: bytes) -> None:
    with times_of(text) as found:
        assert (found.first_time(), found.last_time(), found.of(0, 9).time_of(3)) == (7.0, 7.0, 7.0)
        assert (found.first_place(7.0), found.first_place(7.1)) == (0, None)


@pytest.mark.parametrize(
    "text",
    [
        b"nan nan\n",
        b"1 inf\n" * 20,
        b"1 1e308\n",
        b"-5 -5.0\n",
        b"99999999999999999999 1.0\n",
        b"\n" * 300,
        b"x" * 5000 + b"\n" + b"y" * 5000 + b"\n",
        b"100 1.0\n10 2.0\n1000 0.5\n",  # the log was cut short, the clock was set back
        bytes(range(256)) * 10 + b"\n",
        b"5 100.0\n" * 100_000,
    ],
)
def test_whatever_stands_there_times_are_numbers(text: bytes) -> None:
    with times_of(text) as found:
        seen = [found.first_time(), found.last_time(), *(found.of(at, at + 50).time_of(at) for at in (0, 10, 10**9))]
        place = found.first_place(1.0)

    assert all(0 <= each < 1e11 for each in seen)
    assert place is None or place >= 0


def test_a_file_that_shrinks_meanwhile_is_no_trouble() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(b"5 100.0\n" * 1000)
        file.flush()
        found = LogTimes(file.fileno(), 7.0)
        os.ftruncate(file.fileno(), 3)

        assert found.of(0, 10).time_of(0) >= 0
        assert found.first_place(50.0) in (None, 0)
