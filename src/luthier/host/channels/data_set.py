"""
What a channel's data set is made of, settled before the algorithm starts; and what of it goes through a pipe.

A part is what is shuffled and shared out as a whole: an object, or the values of a line of an augmented manifest.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from luthier.host.channels import ChannelError
from luthier.host.channels.gunzip import BadGzipError, gunzip
from luthier.host.channels.manifests import Reference, Value, read_lines, read_manifest
from luthier.host.channels.order import Share, share_of
from luthier.host.channels.recordio import MOST, RecordTooLargeError, record, survey
from luthier.host.patience import persistently
from luthier.objects import ObjectError, ObjectStore
from luthier.records.channel import Channel, Compression, DataType, RecordWrapper

PIECE = 1 << 18  # bytes that are read at a time
HELD = 8 << 20  # bytes of a record's payload that are held in memory; a larger one is read twice

Part = tuple[Value, ...]


def parts_of(channel: Channel, store: ObjectStore) -> list[Part]:
    """
    Say what a channel's data set is made of, in the order of keys or of the manifest.

    Raises ChannelError for a prefix without objects or a manifest that is none; OSError while the store is away.
    """
    if channel.data_type is DataType.AUGMENTED_MANIFEST_FILE:
        return list(read_lines(channel, store))
    if channel.data_type is DataType.MANIFEST_FILE:
        return [(Reference(uri),) for uri in read_manifest(channel, store).uris]
    try:
        uris = [each.uri for each in store.list(channel.uri) if not each.uri.endswith("/")]
    except ObjectError as error:
        raise ChannelError(f"channel {channel.name!r}: {error}") from error
    if not uris:
        raise ChannelError(
            f"channel {channel.name!r}: No S3 objects found under S3 URL {channel.uri!r}; check S3Uri, and that the "
            "bucket is in this region and readable for the role"
        )
    return [(Reference(uri),) for uri in uris]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """
    A channel as the bytes of its epochs, in constant memory.

    An object store that goes away is waited for, in the middle of an object too; *check* is called meanwhile, and may
    raise.
    """

    channel: Channel
    parts: Sequence[Part]
    store: ObjectStore
    check: Callable[[], None]
    share: Share = Share()  # noqa: RUF009  # frozen

    def epoch(self, number: int) -> Iterator[bytes]:
        """Give the bytes of an epoch, counted from 0; raises ChannelError for what cannot be streamed."""
        for part in share_of(self.parts, self.channel, self.share, number):
            for value in part:
                yield from self._value(value)

    def _value(self, value: Value) -> Iterator[bytes]:
        read = partial(self._plain, value)
        if self.channel.record_wrapper is RecordWrapper.NONE:
            return read()
        return self._record(value, read)

    def _record(self, value: Value, read: Callable[[], Iterator[bytes]]) -> Iterator[bytes]:
        pieces = read()
        held = _held(pieces)
        try:
            if held is not None:
                return record([held], survey([held]))
            return self._unchanged(value, record(read(), survey(read())))
        except RecordTooLargeError as error:
            raise self._bad(value, f"it is larger than {MOST} bytes, the most that a RecordIO record holds") from error

    def _unchanged(self, value: Value, pieces: Iterator[bytes]) -> Iterator[bytes]:
        try:
            yield from pieces
        except ValueError as error:
            raise self._bad(value, f"it changed while it was being read: {error}") from error

    def _plain(self, value: Value) -> Iterator[bytes]:
        if isinstance(value, bytes):
            yield value
            return
        pieces: Iterable[bytes] = _Object(value.uri, self.store, self.check)
        if self.channel.compression is Compression.GZIP:
            pieces = gunzip(pieces)
        try:
            yield from pieces
        except BadGzipError as error:
            raise self._bad(value, f"it is no whole gzip ({error}); compress it, or write None") from error
        except ObjectError as error:
            raise ChannelError(f"channel {self.channel.name!r}: {error}") from error

    def _bad(self, value: Value, what: str) -> ChannelError:
        where = value.uri if isinstance(value, Reference) else self.channel.uri
        return ChannelError(f"channel {self.channel.name!r}: {where}: {what}")


def _held(pieces: Iterator[bytes]) -> bytes | None:
    """Read a payload as a whole; None if it is too large to be held."""
    held = bytearray()
    for piece in pieces:
        held += piece
        if len(held) > HELD:
            return None
    return bytes(held)


class _Object:
    """The bytes of an object, taken up again where they broke off."""

    def __init__(self, uri: str, store: ObjectStore, check: Callable[[], None]) -> None:
        self._uri, self._store, self._check = uri, store, check
        self._body: BinaryIO | None = None
        self._given = 0

    def __iter__(self) -> Iterator[bytes]:
        try:
            while piece := persistently(self._next, self._check):
                self._given += len(piece)
                yield piece
        finally:
            self._close()

    def _next(self) -> bytes:
        try:
            if self._body is None:
                self._body = self._store.open(self._uri)
                _skip(self._body, self._given)
            return self._body.read(PIECE)
        except OSError:
            self._close()
            raise

    def _close(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None


def _skip(body: BinaryIO, count: int) -> None:
    while count > 0:
        piece = body.read(min(PIECE, count))
        if not piece:
            raise ObjectError("an object became shorter while it was being read; start again when it stands still")
        count -= len(piece)
