"""Chunked bodies are decoded and checked, however they are cut on their way."""

import base64
import hashlib
import hmac
import io
import zlib

import pytest
from botocore.httpchecksum import AwsChunkedWrapper, Crc32Checksum
from hypothesis import given
from hypothesis import strategies as st

from luthier.records.call import ApiError
from luthier.wire.aws_chunked import EMPTY_SHA256, BodyReader, ChunkedReader, ChunkSigner, PlainReader

# The example of "Signature calculations: transferring payload in multiple chunks", Amazon S3 API Reference
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
TIMESTAMP, SCOPE = "20130524T000000Z", "20130524/us-east-1/s3/aws4_request"
SEED = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
SIGNATURES = (
    "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
    "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
    "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
)
CRC32 = "x-amz-checksum-crc32"


def key() -> bytes:
    made = b"AWS4" + SECRET.encode()
    for part in SCOPE.split("/"):
        made = hmac.digest(made, part.encode(), hashlib.sha256)
    return made


def signer() -> ChunkSigner:
    return ChunkSigner(key(), TIMESTAMP, SCOPE, SEED)


def example() -> bytes:
    chunks = (b"a" * 65536, b"a" * 1024, b"")
    return b"".join(
        b"%x;chunk-signature=%s\r\n%s\r\n" % (len(chunk), signature.encode(), chunk)
        for chunk, signature in zip(chunks, SIGNATURES, strict=True)
    )


def read(reader: BodyReader, body: bytes, size: int = 100_000) -> bytes:
    given = b"".join(reader.feed(body[place : place + size]) for place in range(0, len(body), size))
    reader.finish()
    return given


def refusal(reader: BodyReader, body: bytes) -> str:
    with pytest.raises(ApiError) as caught:
        read(reader, body)
    return caught.value.code


def unsigned(content: bytes, chunk_size: int = 7) -> bytes:
    wrapped = AwsChunkedWrapper(io.BytesIO(content), Crc32Checksum, CRC32, chunk_size)
    return bytes(wrapped.read())


@pytest.mark.parametrize("size", [1000, 65537, 100_000])
def test_the_published_example_is_read(size: int) -> None:
    """Its signatures are AWS's own."""
    assert read(ChunkedReader(66560, signer=signer(), trailer=None), example(), size) == b"a" * 66560


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"aaaa", b"aaab"), (SIGNATURES[1].encode(), SIGNATURES[0].encode()), (b"10000;", b"0fffe;")],
)
def test_a_signed_body_that_was_changed_is_refused(old: bytes, new: bytes) -> None:
    """Bytes, signatures and sizes."""
    body = example().replace(old, new, 1)

    assert refusal(ChunkedReader(66560, signer=signer(), trailer=None), body) in (
        "SignatureDoesNotMatch",
        "InvalidRequest",
    )


def test_a_signed_body_needs_its_signatures() -> None:
    """Leaving them out is no way around them."""
    assert refusal(ChunkedReader(5, signer=signer(), trailer=None), b"5\r\nhello\r\n0\r\n\r\n") == "InvalidRequest"


def test_a_signed_body_that_lacks_its_last_chunk_is_refused() -> None:
    """Even when all bytes of the object have come."""
    body = example().partition(b"\r\n0;")[0] + b"\r\n"

    assert refusal(ChunkedReader(66560, signer=signer(), trailer=None), body) == "IncompleteBody"


def signed_with_trailer(trailer_signature: str | None = None) -> bytes:
    def sign(kind: str, previous: str, hashes: str) -> str:
        text = f"{kind}\n{TIMESTAMP}\n{SCOPE}\n{previous}\n{hashes}"
        return hmac.new(key(), text.encode(), hashlib.sha256).hexdigest()

    one = sign("AWS4-HMAC-SHA256-PAYLOAD", SEED, f"{EMPTY_SHA256}\n{hashlib.sha256(b'hello').hexdigest()}")
    last = sign("AWS4-HMAC-SHA256-PAYLOAD", one, f"{EMPTY_SHA256}\n{EMPTY_SHA256}")
    line = f"{CRC32}:{base64.b64encode(zlib.crc32(b'hello').to_bytes(4, 'big')).decode()}"
    end = sign("AWS4-HMAC-SHA256-TRAILER", last, hashlib.sha256(f"{line}\n".encode()).hexdigest())
    return (
        f"5;chunk-signature={one}\r\nhello\r\n0;chunk-signature={last}\r\n{line}\r\n"
        f"x-amz-trailer-signature:{trailer_signature or end}\r\n\r\n"
    ).encode()


def test_a_signed_trailer_is_read() -> None:
    """Its signature continues the chunks'."""
    assert read(ChunkedReader(5, signer=signer(), trailer=CRC32), signed_with_trailer(), 3) == b"hello"


def test_a_forged_trailer_is_refused() -> None:
    """Its signature is checked."""
    body = signed_with_trailer("0" * 64)

    assert refusal(ChunkedReader(5, signer=signer(), trailer=CRC32), body) == "SignatureDoesNotMatch"


@given(content=st.binary(max_size=60), size=st.integers(1, 70), chunk_size=st.integers(1, 30))
def test_what_botocore_chunks_is_read(content: bytes, size: int, chunk_size: int) -> None:
    """Cut anywhere, in chunks of any size, with a checksum at the end."""
    reader = ChunkedReader(len(content), signer=None, trailer=CRC32)

    assert read(reader, unsigned(content, chunk_size), size) == content


def test_a_wrong_checksum_is_refused() -> None:
    """The trailer is compared with what came."""
    body = unsigned(b"hello").replace(b"hello", b"hallo")

    assert refusal(ChunkedReader(5, signer=None, trailer=CRC32), body) == "BadDigest"


def test_a_missing_checksum_is_refused() -> None:
    """It was announced."""
    assert refusal(ChunkedReader(5, signer=None, trailer=CRC32), b"5\r\nhello\r\n0\r\n\r\n") == "BadDigest"


@pytest.mark.parametrize("length", [4, 6])
def test_a_wrong_length_is_refused(length: int) -> None:
    """The decoded length is announced in a header."""
    assert refusal(ChunkedReader(length, signer=None, trailer=CRC32), unsigned(b"hello")) == "IncompleteBody"


@pytest.mark.parametrize("body", [b"x\r\n", b"-5\r\n", b"5\r\nhello0\r\n\r\n", b"0\r\nno colon\r\n\r\n", b"1" * 5000])
def test_a_malformed_body_is_refused(body: bytes) -> None:
    """Before anything of it piles up."""
    assert refusal(ChunkedReader(5, signer=None, trailer=CRC32), body) in ("InvalidRequest", "IncompleteBody")


def test_a_checksum_that_cannot_be_computed_is_refused() -> None:
    """At once, naming those that can."""
    with pytest.raises(ApiError, match="use the checksum algorithm CRC32"):
        ChunkedReader(5, signer=None, trailer="x-amz-checksum-crc64nvme")


@given(body=st.binary(max_size=200))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    """Read or refused; never anything else."""
    assert refusal(ChunkedReader(1000, signer=None, trailer=CRC32), body)


def test_a_plain_body_with_its_hash_is_read() -> None:
    """The most common case."""
    assert read(PlainReader(5, hashlib.sha256(b"hello").hexdigest()), b"hello") == b"hello"


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"hallo", "XAmzContentSHA256Mismatch"), (b"hell", "IncompleteBody"), (b"hello!", "IncompleteBody")],
)
def test_a_plain_body_that_was_changed_is_refused(body: bytes, code: str) -> None:
    """Its bytes and its length."""
    assert refusal(PlainReader(5, hashlib.sha256(b"hello").hexdigest()), body) == code
