"""The end of a log, as a terminal would show it."""

import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path

_PIECE = 256 * 1024  # bytes at the end of a log that are looked at, however long it is
_LONGEST = 2_000  # characters of a line that are shown
_COLOURS = re.compile(r"\x1b\[[0-9;:?]*[@-~]")


def last_piece(log: Path) -> str:
    """
    Read the last 256 KiB of a log; nothing if it is not there (yet). Bytes that are not UTF-8 become U+FFFD.

    A link or a pipe in its place, put there by an algorithm without a sandbox, is no log.
    """
    try:
        place = os.open(log, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return ""
    with os.fdopen(place, "rb") as file:
        size = os.fstat(place).st_size
        if not stat.S_ISREG(os.fstat(place).st_mode):
            return ""
        file.seek(max(0, size - _PIECE))
        piece = file.read(_PIECE)
    if size > _PIECE:
        piece = piece[piece.find(b"\n") + 1 :]  # the first line may lack its beginning
    return piece.decode(errors="replace")


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
    return [_as_shown(line) for line in lines[-count:]]


def _as_shown(line: str) -> str:
    plain = _COLOURS.sub("", line).rstrip("\r").rpartition("\r")[2]
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]} … ({len(plain) - _LONGEST} more characters)"
