"""
Where KMS keys are, and what is done with them there.

    of the installation   the key is in its row, encrypted with a key that is derived from the data folder's secret
    of AWS                the key is in AWS KMS, which is asked each time

Both encrypt for AWS's Encryption SDK, whose messages stored objects are, and up to 4096 bytes at a time as KMS does.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from aws_encryption_sdk.identifiers import EncryptionKeyType, WrappingAlgorithm
from aws_encryption_sdk.internal.crypto.wrapping_keys import WrappingKey
from aws_encryption_sdk.key_providers.base import MasterKey
from aws_encryption_sdk.key_providers.kms import KMSMasterKey
from aws_encryption_sdk.key_providers.raw import RawMasterKey
from botocore.exceptions import BotoCoreError, ClientError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from luthier.records.kms_key import KmsKey

KEY_BYTES = 32
_NONCE_BYTES = 12  # drawn for each message: 2**32 messages of one key are safe, by NIST SP 800-38D
_PROVIDER = "luthier"  # in the messages of the Encryption SDK

Context = Mapping[str, str]
"""What a ciphertext is for; it is not secret, and without the same one nothing is decrypted."""


class CiphertextError(Exception):
    """Something was not encrypted with this key and context, or has been changed since."""


class VaultError(Exception):
    """A key cannot be used, though it is there; the message says why."""


class Vault(Protocol):
    """Uses KMS keys; nobody is asked whether that is allowed. Every verb may be said twice."""

    def master_key(self, key: KmsKey) -> MasterKey:
        """Give what the Encryption SDK encrypts its data keys with. Raises VaultError."""
        ...

    def encrypt(self, key: KmsKey, plaintext: bytes, context: Context) -> bytes:
        """Encrypt up to 4096 bytes. Raises VaultError."""
        ...

    def decrypt(self, key: KmsKey, ciphertext: bytes, context: Context) -> bytes:
        """Decrypt what `encrypt` gave. Raises CiphertextError, and VaultError."""
        ...


class LocalVault:
    """Keys of the installation; *wrapping* are the 32 bytes that encrypt them in their rows."""

    def __init__(self, wrapping: bytes) -> None:
        self._wrapping = AESGCM(wrapping)

    def draw(self, arn: str) -> str:
        """Make a new key of 256 bits, encrypted as its row has it."""
        return b64encode(_sealed(self._wrapping, os.urandom(KEY_BYTES), arn.encode())).decode()

    def master_key(self, key: KmsKey) -> MasterKey:
        """See `Vault.master_key`."""
        wrapping = WrappingKey(
            wrapping_algorithm=WrappingAlgorithm.AES_256_GCM_IV12_TAG16_NO_PADDING,
            wrapping_key=self._opened(key),
            wrapping_key_type=EncryptionKeyType.SYMMETRIC,
        )
        return RawMasterKey(provider_id=_PROVIDER, key_id=key.arn.encode(), wrapping_key=wrapping)

    def encrypt(self, key: KmsKey, plaintext: bytes, context: Context) -> bytes:
        """See `Vault.encrypt`."""
        return _sealed(AESGCM(self._opened(key)), plaintext, _bytes_of(context))

    def decrypt(self, key: KmsKey, ciphertext: bytes, context: Context) -> bytes:
        """See `Vault.decrypt`."""
        opened = _opened(AESGCM(self._opened(key)), ciphertext, _bytes_of(context))
        if opened is None:
            raise CiphertextError
        return opened

    def _opened(self, key: KmsKey) -> bytes:
        opened = _opened(self._wrapping, b64decode(key.material or ""), key.arn.encode())
        if opened is None:
            raise VaultError(
                f"{key.arn}: the file `secret` of the data folder is not that which this key was made with; put it back"
            )
        return opened


class AwsVault:
    """Keys in AWS KMS; *client* gives the botocore client of a region."""

    def __init__(self, client: Callable[[str], Any]) -> None:
        self._client = client

    def master_key(self, key: KmsKey) -> MasterKey:
        """See `Vault.master_key`."""
        return KMSMasterKey(key_id=key.arn, client=self._client(key.region))

    def encrypt(self, key: KmsKey, plaintext: bytes, context: Context) -> bytes:
        """See `Vault.encrypt`."""
        answer = self._asked(key, "encrypt", Plaintext=plaintext, EncryptionContext=dict(context))
        return bytes(answer["CiphertextBlob"])

    def decrypt(self, key: KmsKey, ciphertext: bytes, context: Context) -> bytes:
        """See `Vault.decrypt`."""
        answer = self._asked(key, "decrypt", CiphertextBlob=ciphertext, EncryptionContext=dict(context))
        return bytes(answer["Plaintext"])

    def describe(self, key: KmsKey) -> None:
        """Raise VaultError unless AWS KMS has the key."""
        self._asked(key, "describe_key")

    def _asked(self, key: KmsKey, verb: str, **asked: object) -> Any:
        try:
            return getattr(self._client(key.region), verb)(KeyId=key.arn, **asked)
        except ClientError as error:
            if error.response["Error"]["Code"] == "InvalidCiphertextException":
                raise CiphertextError from error
            raise VaultError(f"{key.arn}: AWS KMS refuses it: {error}") from error
        except BotoCoreError as error:
            raise VaultError(f"{key.arn}: AWS KMS cannot be asked: {error}") from error


class EachInItsVault:
    """Keys of the installation and, where there is a way to them, keys of AWS."""

    def __init__(self, local: LocalVault, aws: AwsVault | None) -> None:
        self._local, self._aws = local, aws

    def master_key(self, key: KmsKey) -> MasterKey:
        """See `Vault.master_key`."""
        return self._of(key).master_key(key)

    def encrypt(self, key: KmsKey, plaintext: bytes, context: Context) -> bytes:
        """See `Vault.encrypt`."""
        return self._of(key).encrypt(key, plaintext, context)

    def decrypt(self, key: KmsKey, ciphertext: bytes, context: Context) -> bytes:
        """See `Vault.decrypt`."""
        return self._of(key).decrypt(key, ciphertext, context)

    def _of(self, key: KmsKey) -> Vault:
        if key.material is not None:
            return self._local
        if self._aws is None:
            raise VaultError(f'{key.arn}: the key is in AWS KMS, and the setting kms is "local"; set it to "aws"')
        return self._aws


def _sealed(cipher: AESGCM, plaintext: bytes, context: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, plaintext, context)


def _opened(cipher: AESGCM, sealed: bytes, context: bytes) -> bytes | None:
    try:
        return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context)
    except (InvalidTag, ValueError):  # changed, or too short to be one
        return None


def _bytes_of(context: Context) -> bytes:
    return json.dumps(dict(context), sort_keys=True).encode()
