"""Key Management Service: data keys, and what is encrypted with keys, for whoever may use them."""

import base64
from dataclasses import replace
from typing import Any

import pytest

from desk import SESSIONS, VAULT, Desk
from luthier.identity.principals import in_role
from luthier.objects.vault import LocalVault
from luthier.records.identity import Role, a_user, role_arn
from luthier.records.kms_key import KmsKey
from sample import a_create_request, put
from things import SCOPE

ID = "11111111-1111-1111-1111-111111111111"
ARN = f"arn:aws:kms:{SCOPE.region}:{SCOPE.account}:key/{ID}"
ALIAS = f"arn:aws:kms:{SCOPE.region}:{SCOPE.account}:alias/models"
NAMES = [ID, ARN, "alias/models", ALIAS]
SECRET = base64.b64encode(b"a secret").decode()
OUTPUT_KEY = "TrainingJobDefinition.OutputDataConfig.KmsKeyId"


@pytest.fixture
def key(desk: Desk) -> KmsKey:
    """A key that is there."""
    return add(desk, ARN, ALIAS)


def add(desk: Desk, arn: str, alias: str | None = None, **other: Any) -> KmsKey:
    _, _, _, region, account, _ = arn.split(":")
    made = KmsKey(arn=arn, account=account, region=region, created_at=1.0, material=VAULT.draw(arn), **other)
    desk.store.kms_keys.add(made)
    if alias:
        desk.store.kms_keys.name(alias, arn)
    return made


def with_key(name: str) -> dict[str, Any]:
    request = a_create_request()
    put(request, OUTPUT_KEY, name)
    return request


@pytest.mark.parametrize("name", NAMES)
def test_a_key_is_found_by_any_of_its_names(desk: Desk, key: KmsKey, name: str) -> None:
    described = desk.ask("DescribeKey", "kms", KeyId=name)["KeyMetadata"]

    assert (described["Arn"], described["KeyId"], described["KeyState"]) == (key.arn, ID, "Enabled")
    assert desk.ask("GenerateDataKey", "kms", KeyId=name, KeySpec="AES_256")["KeyId"] == key.arn


@pytest.mark.parametrize(
    ("asked", "size"), [({"KeySpec": "AES_256"}, 32), ({"KeySpec": "AES_128"}, 16), ({"NumberOfBytes": 64}, 64)]
)
def test_a_data_key_is_as_long_as_was_asked(desk: Desk, key: KmsKey, asked: dict[str, Any], size: int) -> None:
    made = desk.ask("GenerateDataKey", "kms", KeyId=key.arn, **asked)

    assert len(base64.b64decode(made["Plaintext"])) == size
    assert desk.ask("Decrypt", "kms", CiphertextBlob=made["CiphertextBlob"])["Plaintext"] == made["Plaintext"]


@pytest.mark.parametrize("asked", [{}, {"KeySpec": "AES_256", "NumberOfBytes": 32}])
def test_a_data_key_has_one_length(desk: Desk, key: KmsKey, asked: dict[str, Any]) -> None:
    assert desk.refusal("GenerateDataKey", "kms", KeyId=key.arn, **asked).code == "ValidationException"


@pytest.mark.parametrize("size", [1, 4096])
def test_what_was_encrypted_is_decrypted(desk: Desk, key: KmsKey, size: int) -> None:
    plaintext = base64.b64encode(b"x" * size).decode()
    made = desk.ask("Encrypt", "kms", KeyId=key.arn, Plaintext=plaintext)

    assert desk.ask("Decrypt", "kms", CiphertextBlob=made["CiphertextBlob"])["Plaintext"] == plaintext


def test_more_than_4096_bytes_are_not_encrypted(desk: Desk, key: KmsKey) -> None:
    refusal = desk.refusal("Encrypt", "kms", KeyId=key.arn, Plaintext=base64.b64encode(b"x" * 4097).decode())

    assert "4096" in refusal.message


def test_another_context_decrypts_nothing(desk: Desk, key: KmsKey) -> None:
    made = desk.ask("Encrypt", "kms", KeyId=key.arn, Plaintext=SECRET, EncryptionContext={"a": "b", "c": "d"})
    blob = made["CiphertextBlob"]

    assert (
        desk.ask("Decrypt", "kms", CiphertextBlob=blob, EncryptionContext={"c": "d", "a": "b"})["Plaintext"] == SECRET
    )
    assert desk.refusal("Decrypt", "kms", CiphertextBlob=blob).code == "InvalidCiphertextException"


def test_a_ciphertext_of_another_key_is_refused(desk: Desk, key: KmsKey) -> None:
    other = add(desk, ARN.replace("1111", "2222"))
    blob = desk.ask("Encrypt", "kms", KeyId=key.arn, Plaintext=SECRET)["CiphertextBlob"]

    assert desk.refusal("Decrypt", "kms", CiphertextBlob=blob, KeyId=other.arn).code == "IncorrectKeyException"
    assert desk.ask("Decrypt", "kms", CiphertextBlob=blob, KeyId="alias/models")["Plaintext"] == SECRET


@pytest.mark.parametrize("at", [0, 2, 10, -1])
def test_a_changed_ciphertext_is_refused(desk: Desk, key: KmsKey, at: int) -> None:
    blob = bytearray(base64.b64decode(desk.ask("Encrypt", "kms", KeyId=ARN, Plaintext=SECRET)["CiphertextBlob"]))
    blob[at] ^= 1
    changed = base64.b64encode(blob).decode()

    refusal = desk.refusal("Decrypt", "kms", CiphertextBlob=changed)
    assert refusal.code in ("InvalidCiphertextException", "NotFoundException")


@pytest.mark.parametrize("text", ["0\xa0", "not Base64!", "AAA"])
def test_a_ciphertext_that_is_not_base64_is_refused(desk: Desk, text: str) -> None:
    assert desk.refusal("Decrypt", "kms", CiphertextBlob=text).code == "SerializationException"


def test_a_disabled_key_is_described_and_not_used(desk: Desk, key: KmsKey) -> None:
    desk.store.kms_keys.change(replace(key, is_enabled=False))

    assert desk.ask("DescribeKey", "kms", KeyId=ARN)["KeyMetadata"]["KeyState"] == "Disabled"
    assert desk.refusal("Encrypt", "kms", KeyId=ARN, Plaintext=SECRET).code == "DisabledException"


def test_a_key_of_another_account_needs_to_be_allowed(desk: Desk, key: KmsKey) -> None:
    desk.principal = a_user("999999999999", "AKIA")
    refusal = desk.refusal("GenerateDataKey", "kms", KeyId=ARN, KeySpec="AES_256")
    desk.store.kms_keys.change(replace(key, allowed=("arn:aws:iam::999999999999:root",)))

    assert refusal.code == "AccessDeniedException"
    assert "because no resource-based policy allows" in refusal.message
    assert desk.ask("GenerateDataKey", "kms", KeyId=ARN, KeySpec="AES_256")["KeyId"] == ARN


def test_a_role_needs_the_action(desk: Desk, key: KmsKey) -> None:
    role = Role(arn=role_arn(SCOPE.account, "r"), account=SCOPE.account, name="r", actions=("kms:Encrypt",))
    desk.principal = in_role(role, "session")
    desk.ask("Encrypt", "kms", KeyId=ARN, Plaintext=SECRET)
    refusal = desk.refusal("GenerateDataKey", "kms", KeyId="alias/models", KeySpec="AES_256")

    assert f"kms:GenerateDataKey on resource: {ALIAS}" in refusal.message


def test_a_key_of_another_installation_cannot_be_used(desk: Desk) -> None:
    material = LocalVault(b"x" * 32).draw(ARN)
    desk.store.kms_keys.add(
        KmsKey(arn=ARN, account=SCOPE.account, region=SCOPE.region, created_at=1.0, material=material)
    )

    assert "`secret` of the data folder" in desk.refusal("Encrypt", "kms", KeyId=ARN, Plaintext=SECRET).message


def test_the_database_alone_does_not_tell_a_key(key: KmsKey) -> None:
    """Its material opens with the installation's secret, and with no other."""
    with pytest.raises(Exception, match="put it back"):
        LocalVault(b"x" * 32).master_key(key)

    assert LocalVault(SESSIONS.wrapping_key()).master_key(key)


@pytest.mark.parametrize("name", NAMES)
def test_a_tuning_job_is_shown_with_the_key_as_it_was_written(desk: Desk, key: KmsKey, name: str) -> None:
    desk.create(with_key(name))
    described = desk.ask("DescribeHyperParameterTuningJob", HyperParameterTuningJobName="MyTuningJob")
    (job,) = desk.launch("MyTuningJob", 3)

    assert described["TrainingJobDefinition"]["OutputDataConfig"]["KmsKeyId"] == name
    assert job.definition.kms_key == key.arn
    assert desk.ask("DescribeTrainingJob", TrainingJobName=job.name)["OutputDataConfig"]["KmsKeyId"] == name


def test_no_key_is_no_key(desk: Desk) -> None:
    desk.create(with_key(""))
    (job,) = desk.launch("MyTuningJob", 3)

    assert job.definition.kms_key is None
    assert desk.ask("DescribeTrainingJob", TrainingJobName=job.name)["OutputDataConfig"]["KmsKeyId"] == ""


@pytest.mark.parametrize("name", ["alias/none", ID.replace("1", "3"), "nonsense"])
def test_an_unknown_key_is_refused_with_what_to_do(desk: Desk, key: KmsKey, name: str) -> None:
    refusal = desk.refusal_to_create(with_key(name))

    assert (refusal.code, "luthier keys kms add" in refusal.message) == ("ValidationException", True)
    assert refusal.message.startswith("OutputDataConfig.KmsKeyId: ")


def test_a_disabled_key_is_refused_with_what_to_do(desk: Desk, key: KmsKey) -> None:
    desk.store.kms_keys.change(replace(key, is_enabled=False))

    assert "luthier keys kms enable" in desk.refusal_to_create(with_key(ARN)).message


def test_a_key_that_the_role_may_not_use_is_refused_with_what_to_do(desk: Desk, key: KmsKey) -> None:
    """The caller may use it, and the training jobs are not the caller."""
    desk.store.kms_keys.change(replace(key, allowed=(f"arn:aws:iam::{SCOPE.account}:user/luthier",)))

    assert "luthier keys kms allow" in desk.refusal_to_create(with_key(ARN)).message


def test_a_key_of_another_account_is_refused(desk: Desk) -> None:
    arn = ARN.replace(SCOPE.account, "999999999999")
    add(desk, arn)

    assert "luthier keys kms allow" in desk.refusal_to_create(with_key(arn)).message
