"""Key Management Service."""

from collections.abc import Mapping

from luthier.api.ledger.entry import NOTHING, Honoured, Refusal

_KEY = Honoured("the key, by any of its four names", "test_a_key_is_found_by_any_of_its_names")
_CONTEXT = Honoured(
    "bound to the ciphertext: nothing is decrypted without the same one", "test_another_context_decrypts_nothing"
)
_GRANTS = Refusal("there are no grants; use `luthier keys kms allow`", ([],))
_ENCLAVE = Refusal("there are no enclaves; leave it out")
_DRY_RUN = Refusal("use the header x-luthier-dry-run; write false or leave it out", (False,))
_ALGORITHM = Refusal("keys are symmetric; write SYMMETRIC_DEFAULT or leave it out", ("SYMMETRIC_DEFAULT",))

HONOURED: Mapping[str, Mapping[str, Honoured]] = {
    "GenerateDataKey": {
        "KeyId": _KEY,
        "EncryptionContext": _CONTEXT,
        "NumberOfBytes": Honoured("how long the data key is", "test_a_data_key_is_as_long_as_was_asked"),
        "KeySpec": Honoured("how long the data key is", "test_a_data_key_is_as_long_as_was_asked"),
        "GrantTokens": NOTHING,
        "DryRun": NOTHING,
    },
    "Encrypt": {
        "KeyId": _KEY,
        "Plaintext": Honoured("what is encrypted, up to 4096 bytes", "test_what_was_encrypted_is_decrypted"),
        "EncryptionContext": _CONTEXT,
        "GrantTokens": NOTHING,
        "EncryptionAlgorithm": NOTHING,
        "DryRun": NOTHING,
    },
    "Decrypt": {
        "CiphertextBlob": Honoured("what is decrypted; it names its key", "test_what_was_encrypted_is_decrypted"),
        "EncryptionContext": _CONTEXT,
        "KeyId": Honoured("must be the key of the ciphertext", "test_a_ciphertext_of_another_key_is_refused"),
        "GrantTokens": NOTHING,
        "EncryptionAlgorithm": NOTHING,
        "DryRun": NOTHING,
    },
    "DescribeKey": {"KeyId": _KEY, "GrantTokens": NOTHING},
}

REFUSALS: Mapping[str, Mapping[str, Refusal]] = {
    "GenerateDataKey": {"GrantTokens": _GRANTS, "Recipient": _ENCLAVE, "DryRun": _DRY_RUN},
    "Encrypt": {"GrantTokens": _GRANTS, "EncryptionAlgorithm": _ALGORITHM, "DryRun": _DRY_RUN},
    "Decrypt": {
        "GrantTokens": _GRANTS,
        "EncryptionAlgorithm": _ALGORITHM,
        "Recipient": _ENCLAVE,
        "DryRun": _DRY_RUN,
        "DryRunModifiers": Refusal("use the header x-luthier-dry-run; leave it out"),
    },
    "DescribeKey": {"GrantTokens": _GRANTS},
}
