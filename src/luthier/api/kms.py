"""
Key Management Service, as far as something encrypts with a key: data keys, and up to 4096 bytes at a time.

A ciphertext names its key, so Decrypt needs no other word of it:

    b"\\1"  length of the ARN, 2 bytes  ARN  what the key's vault made of the plaintext

AWS: GenerateDataKey, Encrypt, Decrypt and DescribeKey, AWS KMS API Reference.
"""

import os
from base64 import b64decode, b64encode

from luthier.api.desk import Desk
from luthier.api.kms_keys import find_key, use_key
from luthier.api.members import text, text_map, whole
from luthier.objects.vault import CiphertextError, VaultError
from luthier.records.call import ApiError, Call, validation_error
from luthier.records.json_value import JsonObject
from luthier.records.kms_key import KmsKey

ALGORITHM = "SYMMETRIC_DEFAULT"
_VERSION = b"\1"
_SPECS = {"AES_256": 32, "AES_128": 16}  # bytes


def generate_data_key(desk: Desk, call: Call) -> JsonObject:
    """Answer GenerateDataKey: a new key, plain and encrypted."""
    spec, count = text(call.parameters, "KeySpec"), whole(call.parameters, "NumberOfBytes")
    if bool(spec) == bool(count):
        raise validation_error("Please specify either number of bytes or key spec, and not both.")
    key = _used(desk, call, "kms:GenerateDataKey")
    plaintext = os.urandom(_SPECS[spec] if spec else count)
    return {"Plaintext": _text(plaintext), "CiphertextBlob": _encrypted(desk, call, key, plaintext), "KeyId": key.arn}


def encrypt(desk: Desk, call: Call) -> JsonObject:
    """Answer Encrypt."""
    key = _used(desk, call, "kms:Encrypt")
    blob = _encrypted(desk, call, key, _bytes(call, "Plaintext"))
    return {"CiphertextBlob": blob, "KeyId": key.arn, "EncryptionAlgorithm": ALGORITHM}


def decrypt(desk: Desk, call: Call) -> JsonObject:
    """
    Answer Decrypt.

    Raises InvalidCiphertextException for what is not one, IncorrectKeyException where another key is named.
    """
    arn, ciphertext = _taken_apart(_bytes(call, "CiphertextBlob"))
    key = use_key(desk.store.kms_keys, call.principal, call.scope, arn, "kms:Decrypt")
    if "KeyId" in call.parameters and _used(desk, call, "kms:Decrypt").arn != key.arn:
        raise ApiError(
            "IncorrectKeyException", "The key ID in the request does not identify a KMS key that can do this."
        )
    try:
        plaintext = desk.vault.decrypt(key, ciphertext, text_map(call.parameters, "EncryptionContext"))
    except CiphertextError as error:
        raise _invalid_ciphertext() from error
    except VaultError as error:
        raise _unavailable(error) from error
    return {"Plaintext": _text(plaintext), "KeyId": key.arn, "EncryptionAlgorithm": ALGORITHM}


def describe_key(desk: Desk, call: Call) -> JsonObject:
    """Answer DescribeKey, of a disabled key too."""
    name = text(call.parameters, "KeyId")
    key = find_key(desk.store.kms_keys, call.principal, call.scope, name, "kms:DescribeKey")
    return {
        "KeyMetadata": {
            "AWSAccountId": key.account,
            "KeyId": key.key_id,
            "Arn": key.arn,
            "CreationDate": key.created_at,
            "Enabled": key.is_enabled,
            "Description": "",
            "KeyUsage": "ENCRYPT_DECRYPT",
            "KeyState": "Enabled" if key.is_enabled else "Disabled",
            "Origin": "AWS_KMS",
            "KeyManager": "CUSTOMER",
            "CustomerMasterKeySpec": ALGORITHM,
            "KeySpec": ALGORITHM,
            "EncryptionAlgorithms": [ALGORITHM],
            "MultiRegion": key.key_id.startswith("mrk-"),
        }
    }


def _used(desk: Desk, call: Call, action: str) -> KmsKey:
    return use_key(desk.store.kms_keys, call.principal, call.scope, text(call.parameters, "KeyId"), action)


def _encrypted(desk: Desk, call: Call, key: KmsKey, plaintext: bytes) -> str:
    try:
        made = desk.vault.encrypt(key, plaintext, text_map(call.parameters, "EncryptionContext"))
    except VaultError as error:
        raise _unavailable(error) from error
    arn = key.arn.encode()
    return _text(_VERSION + len(arn).to_bytes(2, "big") + arn + made)


def _taken_apart(blob: bytes) -> tuple[str, bytes]:
    length = int.from_bytes(blob[1:3], "big")
    arn, ciphertext = blob[3 : 3 + length], blob[3 + length :]
    if not blob.startswith(_VERSION) or not arn.startswith(b"arn:") or not arn.isascii():
        raise _invalid_ciphertext()
    return arn.decode(), ciphertext


def _bytes(call: Call, member: str) -> bytes:
    try:
        return b64decode(text(call.parameters, member), validate=True)
    except ValueError:  # binascii.Error is one, and so is the error for letters that are not ASCII
        raise ApiError("SerializationException", f"{member} is not Base64.") from None


def _text(content: bytes) -> str:
    return b64encode(content).decode()


def _invalid_ciphertext() -> ApiError:
    return ApiError("InvalidCiphertextException", "The ciphertext or its encryption context is not that of any key.")


def _unavailable(error: VaultError) -> ApiError:
    return ApiError("KeyUnavailableException", str(error), http_status=500)
