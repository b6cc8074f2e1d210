"""Following the algorithm's log for metrics while it is being written."""

import logging
from collections.abc import Callable
from pathlib import Path

from luthier.host.journal import Journal
from luthier.host.metrics import Scraper

_logger = logging.getLogger(__name__)

_PIECE = 1 << 20  # bytes
_PIECES_AT_ONCE = 4  # a fast writer must not keep us from looking at the clock


class LogFollower:
    """Reads a log from its start, feeds it to a scraper, and reports what that sees."""

    def __init__(self, log: Path, scraper: Scraper, journal: Journal, clock: Callable[[], float]) -> None:
        self._log = log
        self._scraper = scraper
        self._journal = journal
        self._clock = clock
        self._place = 0

    def follow(self) -> bool:
        """Take in some of what is new; says whether there may be more."""
        for _ in range(_PIECES_AT_ONCE):
            piece = self._piece()
            if not piece:
                return False
            self._journal.see(self._scraper.feed(piece, self._clock()))
        return True

    def finish(self) -> None:
        """Take in the rest, the algorithm having ended: its last line may lack its end."""
        while self.follow():
            continue
        self._journal.see(self._scraper.finish(self._clock()))
        for trouble in self._scraper.troubles:
            _logger.warning(trouble)

    def _piece(self) -> bytes:
        with self._log.open("rb") as file:
            if file.seek(0, 2) < self._place:  # the algorithm can cut its log short
                self._place = 0
            file.seek(self._place)
            piece = file.read(_PIECE)
            self._place += len(piece)
            return piece
