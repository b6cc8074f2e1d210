"""
The logs of training jobs, read in pieces: nothing is read from the start to find what is near the end.

An algorithm's lines carry no times; `log_times` knows them from notes of how far the log had come when. A log may grow,
be cut short by its algorithm, or be deleted while it is read: then there are fewer lines, or none.
"""

import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from luthier.clusters.log_times import LogTimes
from luthier.clusters.workspace import workspace
from luthier.records.names import Scope, TrainingJobArn, training_job_arn

PIECE = 1024 * 1024  # bytes that are read at once, and the longest line that is shown whole
LINES = 10_000  # that are read at once
_JOB = re.compile("[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line of a log, without its end."""

    start: int  # its first byte in the log
    end: int  # the byte after it and its newline
    at: float  # seconds since the epoch
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFile:
    """What can be seen of a log from outside."""

    arn: TrainingJobArn
    size: int  # bytes
    written_at: float  # seconds since the epoch, never below 0

    @property
    def job_name(self) -> str:
        """The training job's name in lower case."""
        return self.arn.rpartition("/")[2]


class TrainingLogs:
    """The log of every training job, by ARN, also of those that are over and cleared away."""

    def __init__(self, root: Path) -> None:
        """Read the workspaces below *root*."""
        self._root = root

    def find(self, arn: TrainingJobArn) -> LogFile | None:
        """Look at a training job's log; None if there is none (yet)."""
        try:
            seen = workspace(self._root, arn).log.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if not stat.S_ISREG(seen.st_mode):
            return None
        return LogFile(arn=arn, size=seen.st_size, written_at=max(0.0, seen.st_mtime))

    def all(self, scope: Scope) -> list[LogFile]:
        """Look at every log of an account and region, by the training jobs' names in lower case."""
        try:
            names = sorted(each.name for each in os.scandir(self._root / scope.account / scope.region))
        except FileNotFoundError:
            return []
        found = (self.find(training_job_arn(scope, name)) for name in names if _JOB.fullmatch(name))
        return [log for log in found if log]

    def times(self, arn: TrainingJobArn) -> tuple[float, float]:
        """Give the times of the log's first and last lines; 0 where there is no log."""
        with self._times(arn) as times:
            return times.first_time(), times.last_time()

    def span(self, arn: TrainingJobArn, since: float | None, until: float | None) -> tuple[int, int | None]:
        """
        Give the first byte of the lines since a time, and the byte after those before *until*, None if that may come.

        Times are seconds since the epoch. Both are where lines begin.
        """
        with self._times(arn) as times:
            first = 0 if since is None else times.first_place(since)
            last = None if until is None else times.first_place(until)
        size = self._size(arn)
        start = size if first is None else self._line_from(arn, first)
        return start, None if last is None else max(start, self._line_from(arn, last))

    def end(self, arn: TrainingJobArn, *, is_over: bool) -> int:
        """Give the byte behind the last line that has ended; all of a log that *is_over*, or of a line too long."""
        size = self._size(arn)
        start = max(0, size - PIECE)
        ended = size - start if is_over else self._read(arn, start, size - start).rfind(b"\n") + 1
        return start + ended if ended or not start else size

    def after(
        self,
        arn: TrainingJobArn,
        place: int,
        *,
        is_over: bool,
        until: int | None = None,
        piece: int = PIECE,
        most: int = LINES,
    ) -> list[LogLine]:
        """
        Give lines from the byte *place* on, about *piece* bytes of them, *most* at most, none from byte *until* on.

        The last one may lack its end if the training job *is_over*.
        """
        length = piece if until is None else min(piece, max(0, until - place))
        text = self._read(arn, place, length)
        if not is_over or len(text) == length:
            ends = text.rfind(b"\n") + 1
            text = text[:ends] if ends or len(text) < length else text
        return self._lines(arn, place, _first_lines(text, most))

    def before(
        self, arn: TrainingJobArn, place: int, *, is_over: bool, since: int = 0, most: int = LINES
    ) -> list[LogLine]:
        """Give the last lines that end at the byte *place* or before and begin at *since* or later, a piece at most."""
        start = max(since, place - PIECE)
        text = self._read(arn, start, max(0, place - start))
        if start > since:
            cut = text.find(b"\n") + 1
            start, text = start + cut, text[cut:]
        if not is_over:
            text = text[: text.rfind(b"\n") + 1]
        lines = _last_lines(text, most)
        return self._lines(arn, start + len(text) - sum(map(len, lines)), lines)

    def _lines(self, arn: TrainingJobArn, place: int, found: Sequence[bytes]) -> list[LogLine]:
        if not found:
            return []
        with self._times(arn) as times:
            notes = times.of(place, place + sum(map(len, found)))
        lines = []
        for line in found:
            end = place + len(line)
            text = line.rstrip(b"\r\n").decode("utf-8", "replace")
            lines.append(LogLine(start=place, end=end, at=notes.time_of(place), text=text))
            place = end
        return lines

    def _line_from(self, arn: TrainingJobArn, place: int) -> int:
        """Give the first byte from *place* on that begins a line; *place* itself within a line that is too long."""
        if place == 0:
            return 0
        text = self._read(arn, place - 1, PIECE)
        ended = text.find(b"\n") + 1
        return place - 1 + ended if ended else place

    def _size(self, arn: TrainingJobArn) -> int:
        found = self.find(arn)
        return found.size if found else 0

    def _read(self, arn: TrainingJobArn, place: int, length: int) -> bytes:
        with _opened(workspace(self._root, arn).log) as descriptor:
            return b"" if descriptor is None else os.pread(descriptor, length, place)

    @contextmanager
    def _times(self, arn: TrainingJobArn) -> Iterator[LogTimes]:
        """Open the notes; of a log whose times were never noted, only when it was last written to is known."""
        found = self.find(arn)
        with _opened(workspace(self._root, arn).log_times) as descriptor:
            yield LogTimes(descriptor, found.written_at if found else 0.0)


def in_milliseconds(seconds: float) -> int:
    """Give a time as CloudWatch Logs tells it."""
    return round(seconds * 1000)


@contextmanager
def _opened(path: Path) -> Iterator[int | None]:
    """Open a plain file for reading; None for what is not there, or a link or pipe that an algorithm has put there."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        yield None
        return
    try:
        yield descriptor if stat.S_ISREG(os.fstat(descriptor).st_mode) else None
    finally:
        os.close(descriptor)


def _first_lines(text: bytes, most: int) -> list[bytes]:
    """Cut at newlines alone: a carriage return is part of its line."""
    lines = text.split(b"\n", most)
    rest = lines.pop()
    ended = [line + b"\n" for line in lines]
    return [*ended, rest] if rest and len(ended) < most else ended


def _last_lines(text: bytes, most: int) -> list[bytes]:
    if not text:
        return []
    end = b"\n" if text.endswith(b"\n") else b""
    lines = text.removesuffix(b"\n").rsplit(b"\n", most)[-most:]
    return [*(line + b"\n" for line in lines[:-1]), lines[-1] + end]
