"""
The log of one host of a training job, read in pieces: nothing is read from the start to find what is near the end.

An algorithm's lines carry no times; `log_times` knows them from notes of how far the log had come when. A log may grow,
be cut short by its algorithm, or be deleted while it is read: then there are fewer lines, or none.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from luthier.clusters.host_folder import HostFolder
from luthier.clusters.log_times import LogTimes
from luthier.plain_file import opened_plain
from luthier.records.names import TrainingJobArn

PIECE = 1024 * 1024  # bytes that are read at once, and the longest line that is shown whole
LINES = 10_000  # that are read at once


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line of a log, without its end."""

    start: int  # its first byte in the log
    end: int  # the byte after it and its newline
    at: float  # seconds since the epoch
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostLog:
    """A log that was found: what was seen of it then, and the way to its lines as they are now."""

    arn: TrainingJobArn
    place: HostFolder
    size: int  # bytes
    written_at: float  # seconds since the epoch, never below 0

    @classmethod
    def find(cls, arn: TrainingJobArn, place: HostFolder) -> "HostLog | None":
        """Look at the log of a training job's host; None if there is none (yet)."""
        seen = _look(place.log)
        if seen is None:
            return None
        return cls(arn=arn, place=place, size=seen.st_size, written_at=max(0.0, seen.st_mtime))

    @property
    def job_name(self) -> str:
        """The training job's name in lower case."""
        return self.arn.rpartition("/")[2]

    @property
    def host(self) -> str:
        """The host's name, such as algo-1."""
        return self.place.name

    @property
    def name(self) -> str:
        """What no other log of the account and region is called."""
        return f"{self.job_name}/{self.host}"

    def times(self) -> tuple[float, float]:
        """Give the times of the log's first and last lines; 0 where there is none any more."""
        with self._times() as times:
            return times.first_time(), times.last_time()

    def span(self, since: float | None, until: float | None) -> tuple[int, int | None]:
        """
        Give the first byte of the lines since a time, and the byte after those before *until*, None if that may come.

        Times are seconds since the epoch. Both are where lines begin.
        """
        with self._times() as times:
            first = 0 if since is None else times.first_place(since)
            last = None if until is None else times.first_place(until)
        size = self._size()
        start = size if first is None else self._line_from(first)
        return start, None if last is None else max(start, self._line_from(last))

    def end(self, *, is_over: bool) -> int:
        """Give the byte behind the last line that has ended; all of a log that *is_over*, or of a line too long."""
        size = self._size()
        start = max(0, size - PIECE)
        ended = size - start if is_over else self._read(start, size - start).rfind(b"\n") + 1
        return start + ended if ended or not start else size

    def after(
        self,
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
        text = self._read(place, length)
        if not is_over or len(text) == length:
            ends = text.rfind(b"\n") + 1
            text = text[:ends] if ends or len(text) < length else text
        return self._lines(place, _first_lines(text, most))

    def before(self, place: int, *, is_over: bool, since: int = 0, most: int = LINES) -> list[LogLine]:
        """Give the last lines that end at the byte *place* or before and begin at *since* or later, a piece at most."""
        start = max(since, place - PIECE)
        text = self._read(start, max(0, place - start))
        if start > since:
            cut = text.find(b"\n") + 1
            start, text = start + cut, text[cut:]
        if not is_over:
            text = text[: text.rfind(b"\n") + 1]
        lines = _last_lines(text, most)
        return self._lines(start + len(text) - sum(map(len, lines)), lines)

    def _lines(self, place: int, found: Sequence[bytes]) -> list[LogLine]:
        if not found:
            return []
        with self._times() as times:
            notes = times.of(place, place + sum(map(len, found)))
        lines = []
        for line in found:
            end = place + len(line)
            text = line.rstrip(b"\r\n").decode("utf-8", "replace")
            lines.append(LogLine(start=place, end=end, at=notes.time_of(place), text=text))
            place = end
        return lines

    def _line_from(self, place: int) -> int:
        """Give the first byte from *place* on that begins a line; *place* itself within a line that is too long."""
        if place == 0:
            return 0
        text = self._read(place - 1, PIECE)
        ended = text.find(b"\n") + 1
        return place - 1 + ended if ended else place

    def _size(self) -> int:
        found = _look(self.place.log)
        return found.st_size if found else 0

    def _read(self, place: int, length: int) -> bytes:
        with opened_plain(self.place.log) as descriptor:
            return b"" if descriptor is None else os.pread(descriptor, length, place)

    @contextmanager
    def _times(self) -> Iterator[LogTimes]:
        """Open the notes; of a log whose times were never noted, only when it was last written to is known."""
        found = _look(self.place.log)
        with opened_plain(self.place.log_times) as descriptor:
            yield LogTimes(descriptor, max(0.0, found.st_mtime) if found else 0.0)


def in_milliseconds(seconds: float) -> int:
    """Give a time as CloudWatch Logs tells it."""
    return round(seconds * 1000)


def _look(path: Path) -> os.stat_result | None:
    """Look at a plain file; None for what is not there or no file."""
    try:
        seen = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return seen if stat.S_ISREG(seen.st_mode) else None


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
