"""
RecordIO framing: a payload as a record, in MXNet's format.

    0-3  the magic word        all numbers little-endian, 32 bits
    4-7  part << 29 | length   part: 0 the whole, 1 the first of several, 2 one in the middle, 3 the last
    8-   the part's bytes, and zeros up to a multiple of 4

Where the payload has the magic word at a multiple of 4 bytes, it is split there and the word left out; the reader puts
it back. So a reader that has lost its place finds the next record by looking for the word.

Source: "Training ML Models with Pipe Input", Amazon SageMaker Developer Guide; dmlc-core's recordio.h.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

MAGIC = 0xCED7230A
MOST = (1 << 29) - 1
"""Bytes of a payload, at most."""

_WORD = 4
_MAGIC_WORD = struct.pack("<I", MAGIC)
_WHOLE, _FIRST, _MIDDLE, _LAST = range(4)


@dataclass(frozen=True, slots=True)
class Survey:
    """Where a payload has to be split, as places of the magic word, and its length."""

    splits: Sequence[int]
    length: int


class RecordTooLargeError(Exception):
    """The payload does not fit into a record."""


def survey(pieces: Iterable[bytes]) -> Survey:
    """Look through a payload that comes in pieces; raises RecordTooLargeError as soon as it is too large."""
    splits: list[int] = []
    start, rest = 0, b""  # where *rest* begins, a multiple of 4
    for piece in pieces:
        held = rest + piece
        whole = len(held) // _WORD * _WORD
        splits += [start + place for place in _places_of_magic(held[:whole])]
        start, rest = start + whole, held[whole:]
        if start + len(rest) > MOST:
            raise RecordTooLargeError
    return Survey(splits, start + len(rest))


def _places_of_magic(words: bytes) -> Iterator[int]:
    place = words.find(_MAGIC_WORD)
    while place >= 0:
        if place % _WORD == 0:
            yield place
        place = words.find(_MAGIC_WORD, place + 1)


def record(pieces: Iterable[bytes], found: Survey) -> Iterator[bytes]:
    """
    Give a payload as a record, in pieces; *found* is its survey.

    Raises ValueError if the payload is not the one that was surveyed.
    """
    source = _Source(pieces)
    begin = 0
    for number, end in enumerate([*found.splits, found.length]):
        is_last = end == found.length and number == len(found.splits)
        part = (_LAST if is_last else _MIDDLE) if number else (_WHOLE if is_last else _FIRST)
        yield struct.pack("<II", MAGIC, part << 29 | end - begin)
        yield from source.take(end - begin)
        if not is_last:
            source.skip(_WORD)
            begin = end + _WORD
        else:
            yield b"\0" * (-(end - begin) % _WORD)
    source.check_end()


class _Source:
    """A payload of which so many bytes are taken at a time."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._held = b""

    def take(self, count: int) -> Iterator[bytes]:
        while count:
            if not self._held:
                self._held = next(self._pieces, b"")
                if not self._held:
                    raise ValueError("the payload has become shorter")
            piece, self._held = self._held[:count], self._held[count:]
            count -= len(piece)
            yield piece

    def skip(self, count: int) -> None:
        for _ in self.take(count):
            pass

    def check_end(self) -> None:
        if self._held or next(self._pieces, b""):
            raise ValueError("the payload has become longer")
