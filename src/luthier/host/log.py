"""Following the algorithm's log while it is being written: for metrics, and to note when it had grown how far."""

import logging
from collections.abc import Callable
from pathlib import Path

from luthier.host.journal import Journal
from luthier.metrics.scraper import Scraper

_logger = logging.getLogger(__name__)

_PIECE = 1 << 20  # bytes
_NOTE_S = 1.0  # between two notes of how far the log has grown
_PIECES_AT_ONCE = 4  # a fast writer must not keep us from looking at the clock


class LogFollower:
    """Reads what comes to a log from now on, feeds it to a scraper, and reports what that sees."""

    def __init__(self, log: Path, times: Path, scraper: Scraper, journal: Journal, clock: Callable[[], float]) -> None:
        self._log = log
        self._times = times
        self._place = log.stat().st_size if log.exists() else 0  # behind what an earlier try has left
        self._noted, self._noted_at = self._place, float("-inf")  # bytes, and when
        self._scraper = scraper
        self._journal = journal
        self._clock = clock

    def follow(self) -> bool:
        """Take in some of what is new; says whether there may be more."""
        for _ in range(_PIECES_AT_ONCE):
            piece = self._piece()
            now = self._clock()
            if not piece:
                self._note(now)  # what came less than a second after the last note
                return False
            self._journal.see(self._scraper.feed(piece, now))
            self._note(now)
        return True

    def finish(self) -> None:
        """Take in the rest, the algorithm having ended: its last line may lack its end."""
        while self.follow():
            continue
        now = self._clock()
        self._journal.see(self._scraper.finish(now))
        self._note(now, is_last=True)
        for trouble in self._scraper.troubles:
            _logger.warning(trouble)

    def _note(self, now: float, *, is_last: bool = False) -> None:
        """Note how far the log has come, not too often, and not twice."""
        is_due = self._place != self._noted and now - self._noted_at >= _NOTE_S
        if is_last or is_due:
            self._noted, self._noted_at = self._place, now
            with self._times.open("a", encoding="ascii") as file:
                file.write(f"{self._place} {now:.3f}\n")

    def _piece(self) -> bytes:
        with self._log.open("rb") as file:
            if file.seek(0, 2) < self._place:  # the algorithm can cut its log short
                self._place = 0
            file.seek(self._place)
            piece = file.read(_PIECE)
            self._place += len(piece)
            return piece
