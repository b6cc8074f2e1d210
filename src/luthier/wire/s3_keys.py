"""Objects that are kept as ciphertext: the questions that the S3 door asks of whoever knows the keys, and the rows."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from aws_encryption_sdk.key_providers.base import MasterKey

from luthier.records.call import ApiError
from luthier.records.identity import Principal
from luthier.records.sealed_object import SealedObject, SealedPart, UploadedPart

DAMAGED = "KMS.InvalidCiphertextException"  # S3's code
GENERATE, DECRYPT = "kms:GenerateDataKey", "kms:Decrypt"


@dataclass(frozen=True, slots=True, kw_only=True)
class UsableKey:
    """A KMS key that may be used, and what encrypts data keys with it."""

    arn: str
    master: MasterKey


class S3Keys(Protocol):
    """Knows KMS keys, and who may use them."""

    def usable(self, principal: Principal, region: str, name: str, action: str) -> UsableKey:
        """Find a key by its name in a region; raises ApiError, with S3's code and words, unless it may be used."""
        ...


class SealedRows(Protocol):
    """Knows which objects were stored as ciphertext; every verb may be said twice."""

    def add(self, sealed: SealedObject) -> None:
        """Write down what is about to be stored."""
        ...

    def of(self, bucket: str, keys: Collection[str]) -> Mapping[str, Sequence[SealedObject]]:
        """Give all that may lie under each of *keys*, those that were never anything else left out."""
        ...

    def any_of(self, bucket: str) -> bool:
        """Say whether there may be any in a bucket."""
        ...

    def settle(self, object_id: str, etag: str) -> None:
        """Write down the ETag of what has been stored."""
        ...

    def forget(self, ids: Collection[str]) -> None:
        """Remove what is not, and never again will be, in the store."""
        ...

    def of_upload(self, bucket: str, key: str, upload: str) -> SealedObject | None:
        """Find what a multipart upload is to become."""
        ...

    def add_part(self, uploaded: UploadedPart) -> None:
        """Write down a part that has been stored."""
        ...

    def parts(self, object_id: str) -> Sequence[UploadedPart]:
        """List the parts that have been stored, in the order of their numbers."""
        ...

    def complete(self, object_id: str, parts: Sequence[SealedPart]) -> None:
        """Write down which parts an object is about to be made of."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Encryption:
    """What the S3 door needs to keep objects as ciphertext."""

    keys: S3Keys
    rows: SealedRows
    draw_id: Callable[[], str]  # of an object, 32 hexadecimal digits


def damaged(bucket: str, key: str, why: str) -> ApiError:
    """The error for stored bytes that are not those that were stored."""
    return ApiError(
        DAMAGED,
        f"s3://{bucket}/{key}: what is stored is not what was encrypted: {why}. Put the object again.",
    )
