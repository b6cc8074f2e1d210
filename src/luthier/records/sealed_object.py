"""Objects that are kept as ciphertext: of which key, and which bytes of the store are which of the object's."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedPart:
    """A part of an object, which is a message of its own."""

    number: int  # from 1; in a multipart upload, the client's
    size: int  # bytes of the object
    stored: int  # bytes of the store


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedObject:
    """
    One object that was, or is about to be, stored as ciphertext.

    The stored bytes begin with the *id*, so it is they that say whether this is what lies there.
    """

    id: str  # 32 hexadecimal digits, drawn
    bucket: str
    key: str
    kms_key: str  # its ARN
    created_at: float
    parts: tuple[SealedPart, ...] = ()  # empty until a multipart upload is complete
    upload: str | None = None  # the ID of the multipart upload that it comes from
    etag: str | None = None  # of the stored object; None until that has been seen

    @property
    def size(self) -> int:
        """Bytes of the object."""
        return sum(part.size for part in self.parts)

    @property
    def stored(self) -> int:
        """Bytes of the store."""
        return sum(part.stored for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedPart:
    """A part of a multipart upload, as it was stored."""

    object_id: str
    part: SealedPart
    etag: str  # the store's, of the stored part
