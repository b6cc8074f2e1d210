"""
What a container writes, into a log as it comes.

The engine carries stdout and stderr by two ways, and gives what comes by either in frames: a byte for the stream, three
zeros, four bytes for the length (big-endian), the text. Source: Docker Engine API, ContainerAttach. The order within a
stream is kept, that between the two is as they arrive. A program may write a line piece by piece, and a line of one
stream must not be broken by the other: a metric would get a wrong value. So lines are held until they are whole,
but not for long: a program that asks for patience in a line without an end is heard too.
"""

import os
import select
from collections.abc import Iterator
from typing import BinaryIO

_PIECE = 1 << 16  # bytes
_HEADER = 8  # bytes
_PATIENCE_MS = 200  # that the beginning of a line is held
_LONGEST_LINE = 1 << 16  # bytes that are held


def follow(stream: BinaryIO, log: BinaryIO) -> None:
    """Append to *log* all that comes from an engine's stream, as it comes, until its end."""
    frames, lines = Frames(), Lines()
    waiting = select.poll()
    waiting.register(stream, select.POLLIN)
    while True:
        if not waiting.poll(_PATIENCE_MS if lines.is_holding else None):
            log.write(lines.let_go())
            log.flush()
            continue
        piece = os.read(stream.fileno(), _PIECE)
        if not piece:
            log.write(lines.let_go())
            return
        for number, text in frames.take(piece):
            log.write(lines.take(number, text))
        log.flush()


class Frames:
    """Takes a stream of frames apart, however it is cut into pieces."""

    def __init__(self) -> None:
        self._header = b""
        self._left = 0  # of the frame under way
        self._stream = 0

    def take(self, piece: bytes) -> Iterator[tuple[int, bytes]]:
        """Give what is new, as the number of its stream and the text."""
        while piece:
            if self._left == 0:
                missing = _HEADER - len(self._header)
                self._header, piece = self._header + piece[:missing], piece[missing:]
                if len(self._header) == _HEADER:
                    self._stream, self._left = self._header[0], int.from_bytes(self._header[4:], "big")
                    self._header = b""
            else:
                text, piece = piece[: self._left], piece[self._left :]
                self._left -= len(text)
                yield self._stream, text


class Lines:
    """Holds the beginnings of lines until they are whole."""

    def __init__(self) -> None:
        self._held: dict[int, bytes] = {}

    @property
    def is_holding(self) -> bool:
        """Whether there is a beginning without its end."""
        return any(self._held.values())

    def take(self, stream: int, text: bytes) -> bytes:
        """Take what a stream has brought, and give what is to be written now."""
        held = self._held.get(stream, b"") + text
        end = held.rfind(b"\n") + 1
        if len(held) - end > _LONGEST_LINE:
            end = len(held)
        self._held[stream] = held[end:]
        return held[:end]

    def let_go(self) -> bytes:
        """Give all that is held."""
        held, self._held = b"".join(self._held.values()), {}
        return held
