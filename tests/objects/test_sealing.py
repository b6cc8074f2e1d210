"""Objects as ciphertext, without any server."""

import os
from dataclasses import replace

import pytest

from luthier.objects.sealing import FRAME_BYTES, MARK, DamagedError, Opening, Seal, id_in
from luthier.objects.vault import LocalVault, VaultError
from luthier.records.kms_key import KmsKey
from luthier.records.sealed_object import SealedObject, SealedPart

VAULT = LocalVault(bytes(32))
ARN = "arn:aws:kms:us-east-1:000000000000:key/11111111-1111-1111-1111-111111111111"
KEY = KmsKey(arn=ARN, account="000000000000", region="us-east-1", created_at=0.0, material=VAULT.draw(ARN))
OBJECT = SealedObject(id="0123456789abcdef" * 2, bucket="b", key="odd/é & + key", kms_key=ARN, created_at=0.0)


def sealed(content: bytes, pieces: int) -> tuple[bytes, SealedPart]:
    seal = Seal(VAULT.master_key(KEY), OBJECT, 1, len(content))
    stored = seal.begin()
    for at in range(0, len(content), pieces):
        stored += seal.feed(content[at : at + pieces])
    return stored + seal.finish(), seal.part


def opened(stored: bytes, part: SealedPart, which: SealedObject = OBJECT, key: KmsKey = KEY) -> bytes:
    content, at = b"", 0
    for size, make in Opening(VAULT.master_key(key), which, part).portions():
        content += make(stored[at : at + size])
        at += size
    assert at == len(stored)
    return content


@pytest.mark.parametrize("size", [0, 1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 2 * FRAME_BYTES])
@pytest.mark.parametrize("pieces", [70_000, FRAME_BYTES, 10 * FRAME_BYTES])
def test_what_was_sealed_is_opened(size: int, pieces: int) -> None:
    content = os.urandom(size)
    stored, part = sealed(content, pieces)

    assert opened(stored, part) == content
    assert len(stored) == part.stored


def test_it_begins_with_its_id() -> None:
    stored, _ = sealed(b"hello", 5)

    assert id_in(stored[:32]) == OBJECT.id
    assert (id_in(b"plain"), id_in(MARK)) == (None, None)


@pytest.mark.parametrize("field", ["bucket", "key", "id"])
def test_it_opens_at_its_own_place_alone(field: str) -> None:
    stored, part = sealed(b"hello", 5)

    with pytest.raises(DamagedError):
        opened(stored, part, replace(OBJECT, **{field: "f" * 32}))


def test_a_part_opens_under_its_own_number_alone() -> None:
    stored, part = sealed(b"hello", 5)

    with pytest.raises(DamagedError, match="another place"):
        opened(stored, replace(part, number=2))


def test_frames_keep_their_order() -> None:
    stored, part = sealed(os.urandom(2 * FRAME_BYTES), FRAME_BYTES)
    length = FRAME_BYTES + 32
    header = len(stored) - 2 * length - 40
    swapped = stored[:header] + stored[header + length : -40] + stored[header : header + length] + stored[-40:]

    with pytest.raises(DamagedError, match="not authentic"):
        opened(swapped, part)


def test_another_key_opens_nothing() -> None:
    stored, part = sealed(b"hello", 5)
    other = replace(KEY, material=VAULT.draw(ARN))

    with pytest.raises(DamagedError, match="cannot be decrypted"):
        opened(stored, part, key=other)


@pytest.mark.parametrize("changed", [{"arn": ARN + "x"}, {"material": "AAAA"}, {"material": "!"}])
def test_a_key_whose_row_was_changed_is_none(changed: dict[str, str]) -> None:
    with pytest.raises(VaultError, match="put it back"):
        VAULT.master_key(replace(KEY, **changed))
