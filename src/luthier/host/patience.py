"""
Transfers that outlast an absence of the object store, and heed a request to stop.

The store may be behind a server that is down for the moment: training jobs outlive it, so their hosts wait for it.
"""

import errno
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from luthier.objects import ObjectInfo, ObjectStore, is_encrypted

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

T = TypeVar("T")

_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 10.0
_LOOK_S = 0.1
_PIECE = 1 << 18  # bytes

_ABSENT = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, None}
"""Numbers of errors that speak of the network; an error without one was made by the store."""

_logger = logging.getLogger(__name__)


class StoppedError(Exception):
    """The training job is to stop, and nothing more is to be transferred."""


def persistently(action: Callable[[], T], check: Callable[[], None]) -> T:
    """
    Do *action*, which may be said twice, again and again until the object store can be reached.

    *check* is called several times a second meanwhile, and may raise. Other errors of *action* rise, among them
    OSErrors of this machine's own disk.
    """
    pause_s = _FIRST_PAUSE_S
    while True:
        try:
            return action()
        except OSError as error:
            if not isinstance(error, (ConnectionError, TimeoutError)) and error.errno not in _ABSENT:
                raise
            _logger.warning("trying again in %.1f s: %s", pause_s, error)
        deadline = time.monotonic() + pause_s
        while time.monotonic() < deadline:
            check()
            time.sleep(min(_LOOK_S, pause_s))
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


@dataclass(frozen=True, slots=True)
class HeedfulStore:
    """An `ObjectStore` that calls *check*, which may raise, before every piece that is read."""

    store: ObjectStore
    check: Callable[[], None]

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """See `ObjectStore.list`."""
        for each in self.store.list(prefix):
            self.check()
            yield each

    def open(self, uri: str) -> BinaryIO:
        """See `ObjectStore.open`."""
        self.check()
        body = self.store.open(uri)
        heedful = _Heedful(_HeedfulBody(body, self.check), _PIECE)
        heedful.is_encrypted = is_encrypted(body)
        return heedful

    def put(self, uri: str, body: BinaryIO, key: str | None = None) -> None:
        """See `ObjectStore.put`."""
        self.store.put(uri, body, key)

    def delete(self, uri: str) -> None:
        """See `ObjectStore.delete`."""
        self.store.delete(uri)


class _Heedful(BufferedReader):
    is_encrypted = False


class _HeedfulBody(RawIOBase):
    """A stream that calls *check* before every piece that is read."""

    def __init__(self, body: BinaryIO, check: Callable[[], None]) -> None:
        super().__init__()
        self._body = body
        self._check = check

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        self._check()
        view = memoryview(buffer)
        piece = self._body.read(len(view))
        view[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._body.close()
        super().close()
