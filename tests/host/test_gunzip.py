"""Decompressing in pieces."""

import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luthier.host.channels.gunzip import PIECE, BadGzipError, gunzip


def in_pieces(content: bytes, size: int) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content), size)]


@given(st.lists(st.binary(max_size=300), max_size=4), st.integers(1, 40))
def test_every_member_is_decompressed(members: list[bytes], size: int) -> None:
    content = b"".join(gzip.compress(each) for each in members)

    assert b"".join(gunzip(in_pieces(content, size))) == b"".join(members)


def test_zeros_after_a_member_are_padding() -> None:
    assert b"".join(gunzip([gzip.compress(b"a") + b"\0" * 5, b"\0", gzip.compress(b"b")])) == b"ab"


def test_a_bomb_is_given_in_pieces_of_a_bounded_size() -> None:
    bomb = io.BytesIO()
    with gzip.open(bomb, "wb") as file:
        for _ in range(64):
            file.write(b"\0" * PIECE)

    sizes = [len(piece) for piece in gunzip([bomb.getvalue()])]

    assert (max(sizes), sum(sizes)) == (PIECE, 64 * PIECE)


@pytest.mark.parametrize(
    "content",
    [b"plain text", gzip.compress(b"whole", mtime=0)[:-1], gzip.compress(b"whole", mtime=0)[:5]],
    ids=["plain text", "without its last byte", "half a header"],
)
def test_what_is_no_whole_gzip_is_told(content: bytes) -> None:
    with pytest.raises(BadGzipError):
        list(gunzip([content]))
