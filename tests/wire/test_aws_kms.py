"""Objects whose KMS key is in AWS KMS: its data keys come from there, through the Encryption SDK's own provider."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aws_kms import an_aws_kms, kms_client
from luthier.app.key_vault import make_vault
from luthier.identity.sessions import Sessions
from luthier.objects.sealing import FRAME_BYTES, MARK
from luthier.objects.vault import CiphertextError, VaultError
from luthier.records.kms_key import KmsKey
from luthier.settings import Settings
from wire.s3_site import Site, a_site, code_of

CONTENT = b"hello" * FRAME_BYTES


@pytest.fixture(scope="module")
def kms() -> Iterator[Any]:
    with an_aws_kms() as url:
        yield kms_client(url)


@pytest.fixture
def key(kms: Any) -> KmsKey:
    """A key that AWS KMS has."""
    arn = kms.create_key()["KeyMetadata"]["Arn"]
    return KmsKey(arn=arn, account=arn.split(":")[4], region="us-east-1", created_at=1.0)


def settings(kms: Any, **other: Any) -> Settings:
    endpoint = kms.meta.endpoint_url
    return Settings(kms="aws", kms_endpoint=endpoint, kms_access_key="AWS", kms_secret_key="aws", **other)


@pytest.fixture(scope="module")
def site(kms: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_site(tmp_path_factory.mktemp("aws"), make_vault(settings(kms), Sessions(b"secret"))) as made:
        yield made


def put(site: Site, key: KmsKey, name: str) -> Any:
    """Put an object, with the key allowed to the account that it is not of."""
    site.store.kms_keys.add(key)
    site.store.kms_keys.change(allowed(key))
    s3 = site.s3("AKIAOWN")
    s3.put_object(Bucket="mine", Key=name, Body=CONTENT, ServerSideEncryption="aws:kms", SSEKMSKeyId=key.arn)
    return s3


def allowed(key: KmsKey) -> KmsKey:
    return KmsKey(
        arn=key.arn,
        account=key.account,
        region=key.region,
        created_at=key.created_at,
        allowed=("arn:aws:iam::000000000000:root",),
    )


def test_a_key_of_aws_encrypts_and_decrypts(site: Site, key: KmsKey) -> None:
    s3 = put(site, key, "aws")

    assert s3.get_object(Bucket="mine", Key="aws")["Body"].read() == CONTENT
    stored = (site.folder / "mine" / "aws").read_bytes()
    assert (stored.startswith(MARK), b"hello" in stored) == (True, False)
    assert s3.list_objects_v2(Bucket="mine", Prefix="aws")["Contents"][0]["Size"] == len(CONTENT)


def test_what_aws_refuses_is_refused(site: Site) -> None:
    """A key that AWS KMS does not have any more; what was to be put there is not there."""
    arn = "arn:aws:kms:us-east-1:000000000000:key/99999999-9999-9999-9999-999999999999"
    site.store.kms_keys.add(KmsKey(arn=arn, account="000000000000", region="us-east-1", created_at=1.0))
    named = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": arn}
    s3 = site.s3("AKIAOWN")

    assert code_of(s3.put_object, Bucket="mine", Key="x", Body=b"", **named) == "ServiceUnavailable"
    assert code_of(s3.head_object, Bucket="mine", Key="x") == "404"


def test_a_vault_of_aws_encrypts_and_decrypts(kms: Any, key: KmsKey) -> None:
    vault = make_vault(settings(kms), Sessions(b"secret"))
    ciphertext = vault.encrypt(key, b"secret", {"a": "b"})

    assert vault.decrypt(key, ciphertext, {"a": "b"}) == b"secret"
    with pytest.raises(CiphertextError):
        vault.decrypt(key, ciphertext, {"a": "c"})


def test_a_key_of_aws_is_not_used_without_the_setting(key: KmsKey) -> None:
    with pytest.raises(VaultError, match='set it to "aws"'):
        make_vault(Settings(), Sessions(b"secret")).master_key(key)


def test_an_aws_that_is_not_there_is_an_error(key: KmsKey) -> None:
    away = Settings(kms="aws", kms_endpoint="http://127.0.0.1:1", kms_access_key="a", kms_secret_key="b")

    with pytest.raises(VaultError, match="cannot be asked"):
        make_vault(away, Sessions(b"secret")).encrypt(key, b"x", {})


def test_a_key_of_aws_is_taken_on_by_its_arn(kms: Any, key: KmsKey, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from luthier.cli import app

    chosen = settings(kms)
    variables = {f"LUTHIER_{name.upper()}": getattr(chosen, name) for name in ("kms", "kms_endpoint")}
    variables |= {"LUTHIER_KMS_ACCESS_KEY": "AWS", "LUTHIER_KMS_SECRET_KEY": "aws"}

    def add(arn: str) -> Any:
        return CliRunner().invoke(
            app, ["keys", "kms", "add", "--arn", arn, "--data-folder", str(tmp_path)], env=variables
        )

    assert add(key.arn).stdout.strip() == key.arn
    assert "AWS KMS refuses it" in str(add(key.arn[:-4] + "0000").exception)
