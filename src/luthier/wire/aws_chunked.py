"""
Bodies of S3 uploads as they are sent, turned into the object's bytes and checked on the way.

    plain            the bytes; their SHA-256 may have been declared in advance
    aws-chunked      size ";chunk-signature=" signature CRLF bytes CRLF ... 0 CRLF [trailers CRLF] CRLF

Each reader is fed what arrives and gives the object's bytes at once, so it holds a line at most, never a chunk. What it
has given is only known to be right when `finish` returns: until then the receiver must keep back the last bytes.

Source: "Signature calculations: transferring payload in multiple chunks (chunked upload)", Amazon S3 API Reference.
"""

import base64
import hashlib
import hmac
import re
import zlib
from typing import Protocol

from luthier.records.call import ApiError

SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
SIGNED_WITH_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
UNSIGNED_WITH_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
KINDS = frozenset((SIGNED, SIGNED_WITH_TRAILER, UNSIGNED_WITH_TRAILER))

LONGEST_LINE = 4096  # bytes
EMPTY_SHA256 = hashlib.sha256().hexdigest()


class BodyReader(Protocol):
    """Reads one body; raises ApiError with an S3 code where it is not what was announced."""

    def feed(self, arrived: bytes) -> bytes:
        """Take what arrived and give the object's bytes in it, perhaps none."""
        ...

    def finish(self) -> None:
        """Be told that nothing more comes; returns only if everything came and was right."""
        ...


class Checksum(Protocol):
    """A running checksum."""

    def update(self, chunk: bytes) -> object:
        """Take more bytes."""
        ...

    def digest(self) -> bytes:
        """Give the checksum of all bytes so far."""
        ...


class PlainReader:
    """A body that is the object: *length* bytes, with the SHA-256 *sha256* unless that is None."""

    def __init__(self, length: int, sha256: str | None) -> None:
        self._left, self._expected, self._hash = length, sha256, hashlib.sha256()

    def feed(self, arrived: bytes) -> bytes:
        """See `BodyReader`."""
        self._left -= len(arrived)
        if self._left < 0:
            raise _incomplete()
        if self._expected is not None:
            self._hash.update(arrived)
        return arrived

    def finish(self) -> None:
        """See `BodyReader`."""
        if self._left:
            raise _incomplete()
        if self._expected is not None and not hmac.compare_digest(self._hash.hexdigest(), self._expected):
            raise ApiError(
                "XAmzContentSHA256Mismatch",
                "The provided 'x-amz-content-sha256' header does not match what was computed.",
            )


class ChunkSigner:
    """Expects each chunk's signature in turn; *key*, *timestamp*, *scope* and *seed* are those of the request."""

    def __init__(self, key: bytes, timestamp: str, scope: str, seed: str) -> None:
        self._key, self._head, self._previous = key, f"{timestamp}\n{scope}", seed

    def verify_chunk(self, sha256: str, signature: str) -> None:
        """Raise ApiError unless *signature* is that of the next chunk, whose hash is *sha256*."""
        self._verify("AWS4-HMAC-SHA256-PAYLOAD", f"{EMPTY_SHA256}\n{sha256}", signature)

    def verify_trailer(self, trailer: bytes, signature: str) -> None:
        """Raise ApiError unless *signature* is that of the trailer's lines."""
        self._verify("AWS4-HMAC-SHA256-TRAILER", hashlib.sha256(trailer).hexdigest(), signature)

    def _verify(self, kind: str, hashes: str, signature: str) -> None:
        text = f"{kind}\n{self._head}\n{self._previous}\n{hashes}"
        expected = hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
            raise ApiError("SignatureDoesNotMatch", "The signature of a chunk does not match.", http_status=403)
        self._previous = expected


class ChunkedReader:
    """
    An aws-chunked body that holds *length* bytes.

    With a *signer* every chunk and the trailer must be signed. With a *trailer*, the name of a checksum header, the
    body must end with it.
    """

    def __init__(self, length: int, *, signer: ChunkSigner | None, trailer: str | None) -> None:
        self._left, self._signer, self._trailer = length, signer, trailer
        self._checksum = checksum_of(trailer) if trailer else None
        self._line = bytearray()
        self._read_line = self._read_size
        self._in_chunk = 0  # bytes of the chunk still to come
        self._signature = ""
        self._hash = hashlib.sha256()
        self._trailers = dict[str, str]()
        self._is_complete = False

    def feed(self, arrived: bytes) -> bytes:
        """See `BodyReader`."""
        given = bytearray()
        place = 0
        while place < len(arrived):
            if self._in_chunk:
                piece = arrived[place : place + self._in_chunk]
                self._take(piece)
                given += piece
                place += len(piece)
            else:
                place = self._take_line(arrived, place)
        return bytes(given)

    def finish(self) -> None:
        """See `BodyReader`."""
        if not self._is_complete or self._left:
            raise _incomplete()
        if self._trailer is None or self._checksum is None:
            return
        expected = base64.b64encode(self._checksum.digest()).decode()
        if self._trailers.get(self._trailer) != expected:
            raise ApiError("BadDigest", f"The {self._trailer} you specified did not match the calculated checksum.")

    def _take(self, piece: bytes) -> None:
        self._in_chunk -= len(piece)
        self._left -= len(piece)
        if self._left < 0:
            raise _incomplete()
        if self._signer:
            self._hash.update(piece)
        if self._checksum:
            self._checksum.update(piece)

    def _take_line(self, arrived: bytes, place: int) -> int:
        end = arrived.find(b"\n", place)
        self._line += arrived[place : end if end >= 0 else None]
        if len(self._line) > LONGEST_LINE:
            raise _malformed()
        if end < 0:
            return len(arrived)
        line = bytes(self._line).removesuffix(b"\r")
        self._line.clear()
        self._read_line(line.decode("ascii", "replace"))
        return end + 1

    def _read_size(self, line: str) -> None:
        found = re.fullmatch("([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?", line)
        if found is None or (self._signer is not None and found[2] is None):
            raise _malformed()
        self._in_chunk, self._signature = int(found[1], 16), found[2] or ""
        self._read_line = self._read_end
        if self._in_chunk == 0:
            self._end_chunk()
            self._read_line = self._read_trailer

    def _read_end(self, line: str) -> None:
        if line:
            raise _malformed()
        self._end_chunk()
        self._read_line = self._read_size

    def _end_chunk(self) -> None:
        if self._signer:
            self._signer.verify_chunk(self._hash.hexdigest(), self._signature)
        self._hash = hashlib.sha256()

    def _read_trailer(self, line: str) -> None:
        if not line:
            return self._end()
        name, colon, value = line.partition(":")
        if not colon or self._is_complete or len(self._trailers) > 8:
            raise _malformed()
        self._trailers[name.strip().lower()] = value.strip()
        return None

    def _end(self) -> None:
        if self._is_complete:
            return
        self._is_complete = True
        if self._signer and self._trailer:
            signature = self._trailers.pop("x-amz-trailer-signature", "")
            lines = "".join(f"{name}:{value}\n" for name, value in sorted(self._trailers.items()))
            self._signer.verify_trailer(lines.encode(), signature)


class _Crc32:
    def __init__(self) -> None:
        self._value = 0

    def update(self, chunk: bytes) -> None:
        self._value = zlib.crc32(chunk, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(4, "big")


def checksum_of(header: str) -> Checksum:
    """Give what computes the checksum of a header, such as x-amz-checksum-crc32; raises ApiError for an unknown one."""
    match header:
        case "x-amz-checksum-crc32":
            return _Crc32()
        case "x-amz-checksum-sha1":
            return hashlib.sha1()  # noqa: S324  # the client's choice, against accidents only
        case "x-amz-checksum-sha256":
            return hashlib.sha256()
        case _:
            raise ApiError(
                "NotImplemented",
                f"A checksum {header:.100} cannot be checked here; use the checksum algorithm CRC32, SHA1 or SHA256.",
                http_status=501,
            )


def _incomplete() -> ApiError:
    return ApiError("IncompleteBody", "You did not provide the number of bytes that you announced.")


def _malformed() -> ApiError:
    return ApiError("InvalidRequest", "The body is not well-formed aws-chunked data.")
