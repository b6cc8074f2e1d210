"""Stored bytes as they arrive, decrypted part by part; no byte is given before it has been authenticated."""

from collections.abc import AsyncIterator, Sequence

from starlette.concurrency import run_in_threadpool

from luthier.objects.sealing import DamagedError, Opening


async def opened(
    arriving: AsyncIterator[bytes], openings: Sequence[Opening], skip: int, count: int
) -> AsyncIterator[bytes]:
    """
    Give *count* bytes of the parts that *openings* open, without the first *skip*.

    Raises DamagedError, and VaultError where AWS KMS cannot be asked for a data key.
    """
    source, left = _Exactly(arriving), count
    for opening in openings:
        is_header = True
        for size, open_portion in opening.portions():
            stored = await source.take(size)
            piece = await run_in_threadpool(open_portion, stored) if is_header else open_portion(stored)
            is_header = False
            piece, skip = piece[skip:], max(0, skip - len(piece))
            if piece:
                yield piece[:left]
                left -= min(left, len(piece))
                if left == 0:
                    return
    if left:
        raise DamagedError("it is too short")


async def begun(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Wait for the first piece, so that what is wrong from the start is told before a reply has begun."""
    first = await anext(pieces, b"")

    async def all_of_them() -> AsyncIterator[bytes]:
        if first:
            yield first
        async for piece in pieces:
            yield piece

    return all_of_them()


class _Exactly:
    """Bytes by the number that is asked for."""

    def __init__(self, arriving: AsyncIterator[bytes]) -> None:
        self._arriving, self._there = arriving, bytearray()

    async def take(self, size: int) -> bytes:
        while len(self._there) < size:
            piece = await anext(self._arriving, None)
            if piece is None:
                raise DamagedError("it is too short")
            self._there += piece
        taken = bytes(self._there[:size])
        del self._there[:size]
        return taken
