"""
Following the files in which an algorithm reports metrics as records, while they are being written.

    /opt/ml/output/metrics/sagemaker/*.json, *.jsonl        one record a line (see `luthier.metrics.records`)

The folder is the algorithm's: every name in it may be a link, a pipe or a folder at the next look, and is opened as
what it must be or not at all.
"""

import logging
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from luthier.host.journal import Journal
from luthier.host.layout import METRICS
from luthier.metrics.records import RecordReader
from luthier.plain_file import opened_plain
from luthier.records.journal import MetricSeen

ENDINGS = (".json", ".jsonl")
MOST = 64
"""Files that are followed; those that come later are not looked at."""

LONGEST = 1 << 26  # bytes of a file that are read: holes in a file cost nobody any disk

_PIECE = 1 << 20  # bytes of a file at a time
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC

_logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _File:
    reader: RecordReader
    place: int = 0  # bytes that have been read


class MetricFiles:
    """Reads what comes to the files below *ml*, for the metrics of some *names*, and adds those found to *told*."""

    def __init__(
        self, ml: Path, names: Collection[str], told: set[str], journal: Journal, clock: Callable[[], float]
    ) -> None:
        self._ml, self._names, self._told = ml, names, told
        self._journal, self._clock = journal, clock
        self._files: dict[str, _File] = {}
        self._has_complained = False

    def follow(self) -> bool:
        """Take in some of what is new; says whether there may be more."""
        has_more = False
        with _opened(self._ml) as folder:
            for name in self._followed(folder):
                has_more |= self._read(name, folder)
        return has_more

    def finish(self) -> None:
        """Take in the rest, the algorithm having ended: last lines may lack their ends."""
        while self.follow():
            continue
        now = self._clock()
        for each in self._files.values():
            self._report(each.reader.finish(now))

    def _followed(self, folder: int | None) -> list[str]:
        """Name the files to read, in the order of their names, and those that are new among them."""
        if folder is None:
            return []
        with os.scandir(folder) as found:
            there = sorted(each.name for each in found if each.name.endswith(ENDINGS))
        new = [name for name in there if name not in self._files]
        room = MOST - len(self._files)
        if len(new) > room and not self._has_complained:
            self._has_complained = True
            _logger.warning("metrics: more than %d files in %s; write to fewer", MOST, METRICS)
        self._files |= {name: _File(RecordReader(self._names)) for name in new[:room]}
        return [name for name in there if name in self._files]

    def _read(self, name: str, folder: int | None) -> bool:
        file, piece = self._files[name], b""
        with opened_plain(name, folder) as descriptor:
            if descriptor is not None:
                if os.fstat(descriptor).st_size < file.place:  # it was cut short, and written anew
                    file.place = 0
                piece = os.pread(descriptor, min(_PIECE, LONGEST - file.place), file.place)
        file.place += len(piece)
        self._report(file.reader.feed(piece, self._clock()))
        return len(piece) == _PIECE

    def _report(self, seen: list[MetricSeen]) -> None:
        self._told.update(each.name for each in seen)
        self._journal.see(seen)


@contextmanager
def _opened(ml: Path) -> Iterator[int | None]:
    """Open the folder of the files; None where the algorithm has put something else in its place."""
    with ExitStack() as stack:
        try:
            folder = os.open(ml, _FOLDER)
            stack.callback(os.close, folder)
            for name in METRICS.split("/"):
                folder = os.open(name, _FOLDER, dir_fd=folder)
                stack.callback(os.close, folder)
        except OSError as error:
            _logger.debug("metrics: no folder %s: %s", METRICS, error)
            yield None
            return
        yield folder
