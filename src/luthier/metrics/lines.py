"""
Lines of a file that arrives in pieces.

    bytes, in any pieces     b"loss=0.5\\r", b"\\nloss=0.2"
    lines                    "loss=0.5", and at the end "loss=0.2"

A line is ended by a line feed or a carriage return, is UTF-8, and is looked at up to LINE_LIMIT bytes.
"""

import re

LINE_LIMIT = 65_536  # bytes; what follows them in a line is not looked at

_LINE_END = re.compile(rb"[\r\n]")


class Lines:
    """Keeps one unfinished line, of at most LINE_LIMIT bytes, and nothing else of the file; empty lines are none."""

    def __init__(self) -> None:
        self._unfinished = bytearray()

    def feed(self, data: bytes) -> list[str]:
        """Take the next piece; give the lines that it ends."""
        found: list[str] = []
        *ended, rest = _LINE_END.split(data)
        for piece in ended:
            self._extend(piece)
            found += self.finish()
        self._extend(rest)
        return found

    def finish(self) -> list[str]:
        """Take what has come since the last line end as a line: the file is over."""
        line = self._unfinished.decode("utf-8", errors="replace")
        self._unfinished.clear()
        return [line] if line else []

    def _extend(self, piece: bytes) -> None:
        self._unfinished += piece[: LINE_LIMIT - len(self._unfinished)]
