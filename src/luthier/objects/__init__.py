"""Objects: where S3 objects live, and how hosts and the server reach them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectInfo:
    """One object of a bucket."""

    uri: str  # s3://bucket/key
    size: int  # bytes
    etag: str  # changes whenever the content does


class ObjectError(Exception):
    """The object store refused: no such bucket, no such object, no permission. The message names the URI."""


class ObjectStore(Protocol):
    """
    S3, seen by a program. All verbs may be repeated.

    They raise ObjectError when the store refuses, and OSError when it cannot be reached.
    """

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """Give every object whose URI begins with *prefix*, a plain string prefix, in the order of keys."""
        ...

    def open(self, uri: str) -> BinaryIO:
        """Open an object for reading from its start; an attribute `is_encrypted` may say so (see `is_encrypted`)."""
        ...

    def put(self, uri: str, body: BinaryIO, key: str | None = None) -> None:
        """
        Store *body*, read from where it stands to its end, as one object: all of it or nothing.

        With a *key*, the ARN of a KMS key, it is encrypted on its way into the store.
        """
        ...

    def delete(self, uri: str) -> None:
        """Delete an object; one that is not there is deleted already."""
        ...


def is_encrypted(body: BinaryIO) -> bool:
    """Say whether an object that `ObjectStore.open` gave is encrypted with a KMS key where it lies."""
    return bool(getattr(body, "is_encrypted", False))
