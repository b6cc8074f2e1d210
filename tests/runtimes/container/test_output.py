"""The streams of a container, into a log."""

import os
from collections.abc import Iterable
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enclosed import until_says
from luthier.runtimes.container.output import Frames, Lines, follow


def framed(stream: int, text: bytes) -> bytes:
    return bytes([stream, 0, 0, 0]) + len(text).to_bytes(4, "big") + text


def joined(taken: Iterable[tuple[int, bytes]]) -> dict[int, bytes]:
    streams: dict[int, bytes] = {}
    for stream, text in taken:
        streams[stream] = streams.get(stream, b"") + text
    return streams


@given(
    frames=st.lists(st.tuples(st.sampled_from([1, 2]), st.binary(max_size=20)), max_size=8),
    cuts=st.lists(st.integers(1, 30), min_size=1, max_size=40),
)
def test_frames_are_the_same_however_they_are_cut(frames: list[tuple[int, bytes]], cuts: list[int]) -> None:
    text = b"".join(framed(*each) for each in frames)
    reader, taken = Frames(), []
    while text:
        length = cuts[len(taken) % len(cuts)]
        taken += list(reader.take(text[:length]))
        text = text[length:]

    assert joined(taken) == {name: text for name, text in joined(frames).items() if text}


def test_a_line_of_one_stream_is_not_broken_by_the_other() -> None:
    lines = Lines()

    assert [lines.take(1, b"loss=1"), lines.take(2, b"2 warnings\n"), lines.take(1, b"\n")] == [
        b"",
        b"2 warnings\n",
        b"loss=1\n",
    ]


def test_a_line_without_an_end_is_let_go_when_it_has_become_long() -> None:
    assert len(Lines().take(1, b"x" * 100_000)) == 100_000


def test_what_is_held_is_written_when_the_stream_ends(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.write(writer, framed(1, b"no newline"))
    os.close(writer)

    with os.fdopen(reader, "rb") as stream, (tmp_path / "log").open("ab") as log:
        follow(stream, log)

    assert (tmp_path / "log").read_text() == "no newline"


@pytest.mark.timeout(30)
def test_a_line_without_an_end_is_written_though_nothing_follows(tmp_path: Path) -> None:
    reader, writer = os.pipe()

    with os.fdopen(reader, "rb") as stream, (tmp_path / "log").open("ab") as log:
        thread = Thread(target=follow, args=(stream, log))
        thread.start()
        os.write(writer, framed(2, b"50%"))
        until_says(tmp_path / "log", "50%")
        os.close(writer)
        thread.join()

    assert (tmp_path / "log").read_text() == "50%"
