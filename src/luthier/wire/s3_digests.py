"""Checksums of a body that stand in its headers, checked here where the S3 server behind us sees other bytes."""

import base64
import hashlib
import hmac

from luthier.records.call import ApiError
from luthier.wire.aws_chunked import BodyReader, Checksum, checksum_of
from luthier.wire.request import HttpRequest

_PREFIX = "x-amz-checksum-"
_NO_SUMS = (f"{_PREFIX}type", f"{_PREFIX}mode", f"{_PREFIX}algorithm")


class DigestReader:
    """A body that must have these checksums, by the name of their header with the value that it has."""

    def __init__(self, reader: BodyReader, expected: dict[str, str]) -> None:
        """Raises ApiError for a checksum that cannot be computed here."""
        self._reader, self._expected = reader, expected
        self._sums = {name: _sum(name) for name in expected}

    def feed(self, arrived: bytes) -> bytes:
        """See `BodyReader`."""
        given = self._reader.feed(arrived)
        for each in self._sums.values():
            each.update(given)
        return given

    def finish(self) -> None:
        """See `BodyReader`."""
        self._reader.finish()
        for name, each in self._sums.items():
            computed = base64.b64encode(each.digest()).decode()
            if not hmac.compare_digest(computed.encode(), self._expected[name].encode("utf-8", "replace")):
                raise ApiError("BadDigest", f"The {name} you specified did not match the calculated checksum.")


def digested(request: HttpRequest, reader: BodyReader) -> BodyReader:
    """Give a reader that holds the body against every checksum in the request's headers."""
    expected = {name: value for name, value in request.headers if _is_sum(name)}
    return DigestReader(reader, expected) if expected else reader


def _is_sum(name: str) -> bool:
    return name == "content-md5" or (name.startswith(_PREFIX) and name not in _NO_SUMS)


def _sum(name: str) -> Checksum:
    return hashlib.md5() if name == "content-md5" else checksum_of(name)  # noqa: S324  # S3's own check of transmission
