"""The end of a log, as a terminal would show it."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from luthier.plain_file import opened_plain

SEARCHED = 16 * 1024 * 1024
"""Bytes at the end of a log that are searched, however long it is."""

_PIECE = 256 * 1024  # bytes at the end of a log that are looked at, however long it is
_LONGEST = 2_000  # characters of a line that are shown
_COLOURS = re.compile(r"\x1b\[[0-9;:?]*[@-~]")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPiece:
    """The end of one host's log."""

    host: str
    text: str
    is_whole: bool  # it is all of the log


def last_piece(log: Path) -> str:
    """Read the last 256 KiB of a log, as `read_piece` does."""
    return read_piece("", log, _PIECE).text


def read_piece(host: str, log: Path, most: int) -> LogPiece:
    """
    Read the last *most* bytes of a log; nothing if it is not there (yet). Bytes that are not UTF-8 become U+FFFD.

    A link or a pipe in its place, put there by an algorithm without a sandbox, is no log.
    """
    nothing = LogPiece(host=host, text="", is_whole=True)
    with opened_plain(log) as place:
        if place is None:
            return nothing
        size = os.fstat(place).st_size
        with open(place, "rb", closefd=False) as file:  # a descriptor, not a path
            file.seek(max(0, size - most))
            piece = file.read(most)
    if size > most:
        piece = piece[piece.find(b"\n") + 1 :]  # the first line may lack its beginning
    return LogPiece(host=host, text=piece.decode(errors="replace"), is_whole=size <= most)


def lines_of_all(pieces: Sequence[tuple[str, str]], count: int) -> list[str]:
    """Give the last lines of every host's log, *count* together; where there are several, each below its name."""
    if len(pieces) == 1:
        return last_lines(pieces[0][1], count)
    each = max(1, count // max(1, len(pieces)))
    return [line for host, text in pieces for line in (f"── {host} ──", *last_lines(text, each))]


def last_lines(text: str, count: int) -> list[str]:
    """
    Give the last lines of a log without terminal colours.

    A line that was written over again and again, as progress bars are, shows what was written last.
    """
    lines = text.removesuffix("\n").split("\n") if text else []
    return [_shortened(as_seen(line)) for line in lines[-count:]]


def without_colours(text: str) -> str:
    """Take what colours a terminal out of a text."""
    return _COLOURS.sub("", text) if "\x1b" in text else text


def as_seen(line: str) -> str:
    """Give one line, without its line feed, as it would be seen at last."""
    return without_colours(line).rstrip("\r").rpartition("\r")[2]


def _shortened(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]} … ({len(line) - _LONGEST} more characters)"
