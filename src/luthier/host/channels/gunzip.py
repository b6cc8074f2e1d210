"""Decompressing what comes in pieces, in constant memory: gzip with any number of members."""

import zlib
from collections.abc import Iterable, Iterator

PIECE = 1 << 20  # bytes, at most, that are given at a time
_GZIP = 31  # zlib's window bits for a gzip header and trailer


class BadGzipError(Exception):
    """The bytes are no gzip, or only the beginning of one."""


def gunzip(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Decompress; nothing at all gives nothing. Raises BadGzipError where it goes wrong."""
    member = None
    for piece in pieces:
        rest = piece
        while rest:
            if member is None:
                rest = rest.lstrip(b"\0") if rest[:1] == b"\0" else rest  # padding between members
                if not rest:
                    break
                member = zlib.decompressobj(_GZIP)
            try:
                out = member.decompress(rest, PIECE)
            except zlib.error as error:
                raise BadGzipError(str(error)) from error
            if out:
                yield out
            rest = member.unconsumed_tail
            if member.eof:
                rest, member = member.unused_data, None
    while member is not None and (out := _left(member)):
        yield out
    if member is not None and not member.eof:
        raise BadGzipError("it ends in the middle")


def _left(member: "zlib._Decompress") -> bytes:
    try:
        return member.decompress(member.unconsumed_tail, PIECE)
    except zlib.error as error:
        raise BadGzipError(str(error)) from error
