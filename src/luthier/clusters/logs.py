"""
The logs of training jobs, read in pieces: nothing is read from the start to find what is near the end.

An algorithm's lines carry no times. Whoever follows the log notes, about once a second, how far it had come: a line was
written no later than the first note that lies beyond its beginning.
"""

import os
import stat
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from luthier.clusters.workspace import workspace
from luthier.records.names import TrainingJobArn

PIECE = 1024 * 1024  # bytes that are read at once, and the longest line that is shown whole


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line of a log, without its end."""

    start: int  # its first byte in the log
    end: int  # the byte after it and its newline
    at: float  # seconds since the epoch
    text: str


class TrainingLogs:
    """The log of every training job, by ARN, also of those that are over and cleared away."""

    def __init__(self, root: Path) -> None:
        """Read the workspaces below *root*."""
        self._root = root

    def size(self, arn: TrainingJobArn) -> int | None:
        """Give how many bytes the log has; None if there is none (yet)."""
        try:
            seen = workspace(self._root, arn).log.lstat()
        except FileNotFoundError:
            return None
        return seen.st_size if stat.S_ISREG(seen.st_mode) else None

    def after(self, arn: TrainingJobArn, place: int, *, is_over: bool) -> list[LogLine]:
        """Give lines from the byte *place* on, about a megabyte of them; the last one may lack its end if *is_over*."""
        piece = self._read(arn, place, PIECE)
        if not is_over or len(piece) == PIECE:
            ends = piece.rfind(b"\n") + 1
            piece = piece[:ends] if ends or len(piece) < PIECE else piece
        return self._lines(arn, place, piece)

    def before(self, arn: TrainingJobArn, place: int, *, is_over: bool) -> list[LogLine]:
        """Give the lines that end at the byte *place* or before, the last megabyte of them."""
        start = max(0, place - PIECE)
        piece = self._read(arn, start, place - start)
        if start:
            cut = piece.find(b"\n") + 1
            start, piece = start + cut, piece[cut:]
        if not is_over:
            piece = piece[: piece.rfind(b"\n") + 1]
        return self._lines(arn, start, piece)

    def _lines(self, arn: TrainingJobArn, place: int, piece: bytes) -> list[LogLine]:
        places, times = self._notes(arn)
        lines = []
        for line in _split(piece):
            end = place + len(line)
            text = line.rstrip(b"\r\n").decode("utf-8", "replace")
            lines.append(LogLine(start=place, end=end, at=_time_of(place, places, times), text=text))
            place = end
        return lines

    def _notes(self, arn: TrainingJobArn) -> tuple[Sequence[int], Sequence[float]]:
        path = workspace(self._root, arn).log_times
        try:
            text = path.read_text(encoding="ascii")
        except FileNotFoundError:
            log = workspace(self._root, arn).log
            return [0], [log.lstat().st_mtime]  # of a log whose times were never noted, only its end is known
        pairs = [line.split() for line in text.split("\n")[:-1]]
        return [int(place) for place, _ in pairs], [float(at) for _, at in pairs]

    def _read(self, arn: TrainingJobArn, place: int, length: int) -> bytes:
        try:
            descriptor = os.open(workspace(self._root, arn).log, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:  # not there, or a link that an algorithm without a sandbox has put there: no log
            return b""
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return b""
            file.seek(place)
            return file.read(length)


def _split(piece: bytes) -> list[bytes]:
    """Cut at newlines alone: a carriage return is part of its line."""
    lines = [line + b"\n" for line in piece.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _time_of(place: int, places: Sequence[int], times: Sequence[float]) -> float:
    if not places:
        return 0.0
    return times[min(bisect_right(places, place), len(times) - 1)]
