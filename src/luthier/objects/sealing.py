"""
Objects as ciphertext: messages of AWS's Encryption SDK, made and read as they stream.

    a stored object   part part ...                    of 16 MiB, or as many as its multipart upload had
    a part            MARK id message                  16 bytes, 16 bytes, and the SDK's message in frames of 256 KiB

The id says which row describes the object. Each message is bound, by its encryption context, to bucket, key, id and the
part's number: bytes that were moved, exchanged or changed in the store are not decrypted, and no byte is given out
before the frame that it is in has been authenticated. Nothing but a frame is held in memory. Source: "AWS Encryption
SDK message format reference", AWS Encryption SDK Developer Guide.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence

from aws_encryption_sdk import CommitmentPolicy, EncryptionSDKClient
from aws_encryption_sdk.exceptions import AWSEncryptionSDKClientError
from aws_encryption_sdk.identifiers import Algorithm
from aws_encryption_sdk.key_providers.base import MasterKey
from botocore.exceptions import BotoCoreError
from cryptography.exceptions import InvalidTag

from luthier.objects.vault import VaultError
from luthier.records.sealed_object import SealedObject, SealedPart

MARK = b"\x89luthier sealed\n"
MARK_BYTES = len(MARK) + 16  # with the id
FRAME_BYTES = 256 * 1024
PART_BYTES = 64 * FRAME_BYTES  # of an object that is put in one piece
_ALGORITHM = (
    Algorithm.AES_256_GCM_HKDF_SHA512_COMMIT_KEY
)  # it commits to the key; a signature would only come at the end
_SDK = EncryptionSDKClient(
    commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT, max_encrypted_data_keys=1
)
_FRAMING, _LAST_FRAMING = 4 + 12 + 16, 4 + 4 + 12 + 4 + 16  # bytes of a frame beside its content


class DamagedError(Exception):
    """What is stored is not what was encrypted, or cannot be decrypted with this key."""


def id_in(head: bytes) -> str | None:
    """Give the id that a stored object begins with, its first MARK_BYTES bytes; None if it is no ciphertext of ours."""
    return head[len(MARK) : MARK_BYTES].hex() if head.startswith(MARK) and len(head) >= MARK_BYTES else None


class Seal:
    """A part of an object on its way into the store: fed with its *size* bytes, it gives those that are stored."""

    def __init__(self, key: MasterKey, sealed: SealedObject, number: int, size: int) -> None:
        """Draw a data key; AWS KMS may have to be asked. Raises VaultError."""
        self._mark = MARK + bytes.fromhex(sealed.id)
        self._fed = _Fed()
        self._waiting = bytearray()
        self._stream = _SDK.stream(
            mode="encrypt",
            source=self._fed,
            key_provider=key,
            encryption_context=_context(sealed, number),
            algorithm=_ALGORITHM,
            frame_length=FRAME_BYTES,
            source_length=size,
        )
        try:
            stored = MARK_BYTES + self._stream.ciphertext_length()
        except (AWSEncryptionSDKClientError, BotoCoreError) as error:
            raise VaultError(f"{sealed.kms_key}: no data key can be had of it: {error}") from error
        self.part = SealedPart(number=number, size=size, stored=stored)

    def begin(self) -> bytes:
        """Give what is stored before the first byte of the object."""
        return self._mark + bytes(self._stream.read(len(self._stream.output_buffer)))

    def feed(self, piece: bytes) -> bytes:
        """Take more of the object, and give what can be stored now, perhaps nothing."""
        self._waiting += piece
        made = bytearray()
        while len(self._waiting) >= FRAME_BYTES:
            made += self._frame(bytes(self._waiting[:FRAME_BYTES]))
            del self._waiting[:FRAME_BYTES]
        return bytes(made)

    def finish(self) -> bytes:
        """Give what is stored after the object's last byte, all of them having been fed."""
        return self._frame(bytes(self._waiting))

    def _frame(self, content: bytes) -> bytes:
        self._fed.put(content)
        begun = self._stream.read(1)  # makes exactly one frame; content shorter than that is the last
        return bytes(begun + self._stream.read(len(self._stream.output_buffer)))


class SealedBody:
    """A body on its way into the store as one part, or as several one after the other."""

    def __init__(self, seals: Sequence[Seal]) -> None:
        """Take one seal at least, in the order of their parts."""
        self._ahead = iter(seals)
        self.parts = tuple(each.part for each in seals)
        self.stored = sum(part.stored for part in self.parts)  # bytes
        self._now = next(self._ahead)
        self._left = self._now.part.size

    def begin(self) -> bytes:
        """See `Seal.begin`."""
        return self._now.begin()

    def feed(self, piece: bytes) -> bytes:
        """See `Seal.feed`."""
        made = bytearray()
        while piece:
            if not self._left:
                made += self._now.finish()
                self._now = next(self._ahead)
                self._left = self._now.part.size
                made += self._now.begin()
            own, piece = piece[: self._left], piece[self._left :]
            made += self._now.feed(own)
            self._left -= len(own)
        return bytes(made)

    def finish(self) -> bytes:
        """See `Seal.finish`."""
        return self._now.finish()


def seal_in_parts(key: MasterKey, sealed: SealedObject, size: int) -> SealedBody:
    """Begin to encrypt a whole object, in parts of PART_BYTES, so that nobody who wants a range opens it all."""
    starts = range(0, max(size, 1), PART_BYTES)
    return SealedBody(
        [Seal(key, sealed, number, min(PART_BYTES, size - at)) for number, at in enumerate(starts, start=1)]
    )


class Opening:
    """A part of an object on its way out of the store: fed in the portions it asks for, it gives the object's bytes."""

    def __init__(self, key: MasterKey, sealed: SealedObject, part: SealedPart) -> None:
        self._mark, self._part = MARK + bytes.fromhex(sealed.id), part
        self._name, self._is_in_aws = sealed.kms_key, key.provider_id == "aws-kms"
        self._context = _context(sealed, part.number)
        self._fed = _Fed()
        self._stream = _SDK.stream(mode="decrypt", source=self._fed, key_provider=key, max_body_length=FRAME_BYTES)

    def portions(self) -> Iterator[tuple[int, Callable[[bytes], bytes]]]:
        """
        Give in turn how many stored bytes are wanted, and what makes the object's bytes of them.

        That raises DamagedError for bytes that are not those that were stored.
        """
        frames, rest = divmod(self._part.size, FRAME_BYTES)
        body = frames * (FRAME_BYTES + _FRAMING) + rest + _LAST_FRAMING
        yield self._part.stored - body, self._open
        for _ in range(frames):
            yield FRAME_BYTES + _FRAMING, self._frame
        yield rest + _LAST_FRAMING, self._frame

    def _open(self, stored: bytes) -> bytes:
        """Read the message's header; AWS KMS may have to be asked for its data key. Raises VaultError too."""
        if not stored.startswith(self._mark):
            raise DamagedError("it does not begin with its mark")
        self._fed.put(stored[MARK_BYTES:])
        try:
            header = self._stream.header
        except BotoCoreError as error:
            raise VaultError(f"{self._name}: AWS KMS cannot be asked: {error}") from error
        except _BROKEN as error:
            hint = "; is it enabled in AWS KMS?" if self._is_in_aws else ""
            raise DamagedError(f"its data key cannot be decrypted with {self._name}{hint}") from error
        bound: Mapping[str, str] = header.encryption_context
        if dict(bound) != self._context or header.algorithm is not _ALGORITHM or not self._fed.is_empty:
            raise DamagedError("it was encrypted for another place")
        return b""

    def _frame(self, stored: bytes) -> bytes:
        self._fed.put(stored)
        try:
            begun = self._stream.read(1)
            opened = bytes(begun + self._stream.read(len(self._stream.output_buffer)))
        except _BROKEN as error:
            raise DamagedError(f"a frame is not authentic: {error}") from error
        if not self._fed.is_empty:
            raise DamagedError("a frame is too short")
        return opened


_BROKEN = (AWSEncryptionSDKClientError, InvalidTag, ValueError, KeyError, IndexError)
"""What the SDK raises, beside its own errors, for bytes that are no message."""


class _Fed(io.RawIOBase):
    """A source that gives what has been put into it, and then nothing until there is more."""

    def __init__(self) -> None:
        self._there = io.BytesIO()

    def put(self, content: bytes) -> None:
        assert self.is_empty
        self._there = io.BytesIO(content)

    @property
    def is_empty(self) -> bool:
        return self._there.tell() == self._there.getbuffer().nbytes

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._there.read(size)


def _context(sealed: SealedObject, number: int) -> dict[str, str]:
    return {
        "luthier:place": f"arn:aws:s3:::{sealed.bucket}/{sealed.key}",
        "luthier:object": sealed.id,
        "luthier:part": str(number),
    }
