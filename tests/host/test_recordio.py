"""RecordIO framing, against a reader of the published format."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luthier.host.channels import recordio
from luthier.host.channels.recordio import MAGIC, RecordTooLargeError, record, survey

WORD = struct.pack("<I", MAGIC)


def records(stream: bytes) -> list[bytes]:
    """Read a stream of records as a reader does: parts are joined by the word that was left out."""
    found, parts, at = [], list[bytes](), 0
    while at < len(stream):
        magic, header = struct.unpack_from("<II", stream, at)
        part, length = header >> 29, header & recordio.MOST
        assert magic == MAGIC
        parts.append(stream[at + 8 : at + 8 + length])
        at += 8 + -(-length // 4) * 4
        if part in (0, 3):
            found.append(WORD.join(parts))
            parts = []
        else:
            assert part == (2 if len(parts) > 1 else 1)
    assert not parts
    return found


def framed(payload: bytes, size: int = 1 << 20) -> bytes:
    pieces = [payload[at : at + size] for at in range(0, len(payload), size)]
    return b"".join(record(pieces, survey(pieces)))


def test_a_record_is_magic_length_payload_and_padding() -> None:
    assert framed(b"hello") == bytes.fromhex("0a23d7ce 05000000") + b"hello\0\0\0"


def test_nothing_is_an_empty_record() -> None:
    assert framed(b"") == bytes.fromhex("0a23d7ce 00000000")


def test_a_payload_is_split_at_the_magic_word() -> None:
    assert framed(b"abcd" + WORD + b"ef") == (
        WORD + struct.pack("<I", 1 << 29 | 4) + b"abcd" + WORD + struct.pack("<I", 3 << 29 | 2) + b"ef\0\0"
    )


def test_the_magic_word_between_two_words_splits_nothing() -> None:
    payload = b"a" + WORD + b"bcd"

    assert framed(payload) == WORD + struct.pack("<I", 8) + payload


@given(st.lists(st.sampled_from([WORD, b"a", b"bcde", WORD[:2], WORD[2:], b"\0" * 7]), max_size=12), st.integers(1, 9))
def test_every_payload_is_read_back(parts: list[bytes], size: int) -> None:
    payload = b"".join(parts)

    assert records(framed(payload, size)) == [payload]


def test_a_payload_of_more_than_29_bits_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordio, "MOST", 8)

    assert survey([b"12345678"]).length == 8
    with pytest.raises(RecordTooLargeError):
        survey([b"123456789"])


@pytest.mark.parametrize("now", [b"12345", b"1234567"])
def test_a_payload_that_has_changed_is_told(now: bytes) -> None:
    with pytest.raises(ValueError, match="the payload has become"):
        list(record([now], survey([b"123456"])))
