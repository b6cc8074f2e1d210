"""
When a log had grown how far: the notes of whoever follows it, found in their file without reading all of it.

A note is a line `<bytes> <seconds since the epoch>`; both rise from note to note. A line of the log was written no
later than the first note that lies beyond its beginning, and that is its time:

    log     one\\n  two\\n   three\\n
    bytes   0      4       8         14
    notes              ^6 at 100.0   ^14 at 101.0      one and two: 100.0, three: 101.0

What lies behind the last note has the last note's time until there is another. Notes stand in a folder that an
algorithm without a sandbox can write to, so nothing of them is believed but that they are bytes.
"""

import os
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_NOTE = re.compile(rb"([0-9]{1,18}) ([0-9]{1,11}(?:\.[0-9]{1,9})?)\n?")
_LONGEST = 64  # bytes of a note, and more than that
_PIECE = 64 * 1024
_MOST = 64 * _PIECE  # bytes of notes that are looked at for one part of a log


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes that bear upon a part of a log; there is always one."""

    places: Sequence[int]
    times: Sequence[float]

    def time_of(self, place: int) -> float:
        """Give the time of the line that begins at a byte."""
        return self.times[min(bisect_right(self.places, place), len(self.times) - 1)]


class LogTimes:
    """The notes of one log, in a file that may be open nowhere and grow meanwhile."""

    def __init__(self, descriptor: int | None, otherwise: float) -> None:
        """Read from an open file; *otherwise* is the time of everything where there is no note."""
        self._descriptor = descriptor
        self._otherwise = otherwise
        self._size = 0 if descriptor is None else _whole_notes(descriptor)

    def of(self, start: int, end: int) -> Notes:
        """Give the notes that tell the times of the lines from byte *start* to *end*."""
        places, times = list[int](), list[float]()
        offset = self._first(lambda place, _: place > start)
        most = offset + _MOST
        while offset < min(self._size, most) and not (places and places[-1] > end):
            piece = self._read(offset, _PIECE)
            whole = piece.rfind(b"\n") + 1
            if not whole:
                break
            found = [_noted(line) for line in piece[:whole].split(b"\n")[:-1]]
            places += [place for place, _ in found]
            times += [at for _, at in found]
            offset += whole
        return Notes(places, times) if places else Notes([0], [self.last_time()])

    def first_place(self, at: float) -> int | None:
        """Give the byte from which on lines have the time *at* or a later one; None if none has yet."""
        offset = self._first(lambda _, noted: noted >= at)
        if offset == 0:
            return 0 if self._size or self._otherwise >= at else None
        if offset >= self._size:
            return None
        return self._note_around(offset - 1)[2][0]

    def first_time(self) -> float:
        """Give the time of the first line."""
        return self._note_around(0)[2][1] if self._size else self._otherwise

    def last_time(self) -> float:
        """Give the time of the last line."""
        return self._note_around(self._size - 1)[2][1] if self._size else self._otherwise

    def _first(self, is_there: Callable[[int, float], bool]) -> int:
        """Find the offset of the first note of which something is so, which then is so of all that follow."""
        low, high = 0, self._size
        while low < high:
            start, end, note = self._note_around((low + high) // 2)
            if is_there(*note):
                high = max(start, low)
            else:
                low = end
        return low

    def _note_around(self, offset: int) -> tuple[int, int, tuple[int, float]]:
        """Give where the note around an offset begins and ends, and what it says."""
        begin = max(0, offset - _LONGEST)
        piece = self._read(begin, 2 * _LONGEST)
        within = offset - begin
        start = piece.rfind(b"\n", 0, within) + 1
        end = piece.find(b"\n", within) + 1 or max(len(piece), within + 1)
        return begin + start, begin + end, _noted(piece[start:end])

    def _read(self, offset: int, length: int) -> bytes:
        if self._descriptor is None:
            return b""
        return os.pread(self._descriptor, min(length, self._size - offset), offset)


def _whole_notes(descriptor: int) -> int:
    """Give the size of a file of notes without a last one that has not ended."""
    size = os.fstat(descriptor).st_size
    begin = max(0, size - _LONGEST)
    ended = os.pread(descriptor, _LONGEST, begin).rfind(b"\n") + 1
    return begin + ended if ended else 0


def _noted(line: bytes) -> tuple[int, float]:
    parts = _NOTE.fullmatch(line)
    return (int(parts[1]), float(parts[2])) if parts else (0, 0.0)
