"""Artifacts that are encrypted with a KMS key, made and read by boto3 on a whole Luthier."""

import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from clients.training import finish, prepare, train
from luthier_server import OVER, Luthier, a_luthier, until

pytestmark = [pytest.mark.slow]

OWN = "000000000000"


@pytest.fixture(scope="module")
def luthier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Luthier]:
    """A Luthier with the key alias/models, for the execution role and one user, and a training job done with it."""
    with a_luthier(tmp_path_factory.mktemp("encryption")) as server:
        prepare(server)
        keys(server, "add", "--alias", "alias/models")
        keys(server, "allow", "alias/models", "role/luthier-execution", "user/luthier")
        train(server, "sealed", output={"KmsKeyId": "alias/models"})
        assert finish(server, "sealed")["TrainingJobStatus"] == "Completed"
        yield server


def keys(luthier: Luthier, *arguments: str) -> str:
    command = [sys.executable, "-m", "luthier.cli", "keys", "kms", *arguments, "--data-folder", str(luthier.folder)]
    return subprocess.check_output(command, text=True).strip()


def in_role(luthier: Luthier, role: str, service: str = "s3") -> Any:
    sts = luthier.client("sts")
    given = sts.assume_role(RoleArn=f"arn:aws:iam::{OWN}:role/{role}", RoleSessionName="reader")["Credentials"]
    return boto3.client(
        service,
        endpoint_url=luthier.variables["AWS_ENDPOINT_URL"],
        region_name="us-east-1",
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )


MODEL = "output/sealed/output/model.tar.gz"


def test_artifacts_are_ciphertext_on_disk(luthier: Luthier) -> None:
    stored = (luthier.folder / "s3" / "alone" / MODEL).read_bytes()

    assert not stored.startswith(b"\x1f\x8b")  # as gzip does
    assert b"seen.json" not in stored


@pytest.mark.parametrize("role", [None, "luthier-execution"])
def test_who_may_use_the_key_downloads_the_model(luthier: Luthier, tmp_path: Path, role: str | None) -> None:
    s3 = in_role(luthier, role) if role else luthier.client("s3")
    s3.download_file("alone", MODEL, str(tmp_path / "model.tar.gz"))

    with tarfile.open(tmp_path / "model.tar.gz") as model:
        assert model.getnames() == ["seen.json"]


def test_who_may_not_use_the_key_is_denied(luthier: Luthier) -> None:
    with pytest.raises(ClientError, match="not authorized to perform: kms:Decrypt on resource: arn:aws:kms:") as caught:
        in_role(luthier, "stranger").get_object(Bucket="alone", Key=MODEL)

    assert caught.value.response["Error"]["Code"] == "AccessDenied"


def test_the_model_is_listed_with_its_own_size(luthier: Luthier) -> None:
    s3 = luthier.client("s3")
    (listed,) = s3.list_objects_v2(Bucket="alone", Prefix=MODEL)["Contents"]
    got = s3.get_object(Bucket="alone", Key=MODEL)

    assert listed["Size"] == got["ContentLength"] == len(got["Body"].read())
    assert got["SSEKMSKeyId"] == keys(luthier, "list").split("\t")[0]


def test_describe_shows_the_key_as_it_was_written(luthier: Luthier) -> None:
    described = luthier.client("sagemaker").describe_training_job(TrainingJobName="sealed")

    assert described["OutputDataConfig"]["KmsKeyId"] == "alias/models"


def test_an_encrypted_model_is_input_for_the_next_job(luthier: Luthier) -> None:
    """The host reads it in the job's role, as it reads anything."""
    source = "s3://alone/output/sealed/"
    train(luthier, "next", output={"KmsKeyId": "alias/models"}, uri=source)

    assert finish(luthier, "next")["TrainingJobStatus"] == "Completed"


def test_a_job_whose_role_may_not_use_the_key_gets_no_input(luthier: Luthier) -> None:
    """Even though another job has just had it on this machine."""
    source = "s3://alone/output/sealed/"
    train(luthier, "had", output={"KmsKeyId": "alias/models"}, uri=source)
    assert finish(luthier, "had")["TrainingJobStatus"] == "Completed"
    train(luthier, "denied", uri=source, role=f"arn:aws:iam::{OWN}:role/stranger")
    described = luthier.client("sagemaker").describe_training_job

    until(lambda: described(TrainingJobName="denied")["TrainingJobStatus"] in OVER, "it is not over")
    reason = described(TrainingJobName="denied")["FailureReason"]
    assert reason.startswith(
        "ClientError: channel 'train': s3://alone/output/sealed/output/model.tar.gz: access denied"
    )


def test_an_unknown_key_is_refused(luthier: Luthier) -> None:
    with pytest.raises(ClientError, match="luthier keys kms add"):
        train(luthier, "unknown", output={"KmsKeyId": "alias/none"})


def test_a_client_of_kms_works_unmodified(luthier: Luthier) -> None:
    kms = luthier.client("kms")
    made = kms.generate_data_key(KeyId="alias/models", KeySpec="AES_256", EncryptionContext={"volume": "1"})
    opened = kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext={"volume": "1"})

    assert (opened["Plaintext"], len(opened["Plaintext"])) == (made["Plaintext"], 32)
    with pytest.raises(ClientError, match="AccessDeniedException"):
        in_role(luthier, "stranger", "kms").decrypt(
            CiphertextBlob=made["CiphertextBlob"], EncryptionContext={"volume": "1"}
        )


def test_after_kill_and_restart_everything_is_readable(luthier: Luthier, tmp_path: Path) -> None:
    luthier.kill()
    luthier.start()
    luthier.client("s3").download_file("alone", MODEL, str(tmp_path / "model.tar.gz"))

    assert tarfile.is_tarfile(tmp_path / "model.tar.gz")


def test_a_removed_key_makes_its_objects_unreadable(luthier: Luthier) -> None:
    keys(luthier, "add", "--alias", "alias/short")
    s3 = luthier.client("s3")
    named = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "alias/short"}
    s3.put_object(Bucket="alone", Key="short", Body=b"x", **named)
    keys(luthier, "remove", "alias/short", "--yes")

    with pytest.raises(ClientError, match=r"KMS\.NotFoundException"):
        s3.get_object(Bucket="alone", Key="short")
