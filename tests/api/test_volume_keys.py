"""VolumeKmsKeyId, read and checked."""

from typing import Any

import pytest

from desk import VAULT, Desk
from luthier.records.kms_key import KmsKey
from luthier.records.names import training_job_arn, tuning_job_arn
from sample import a_create_request
from things import SCOPE
from training_requests import a_training_request

ID = "11111111-1111-1111-1111-111111111111"
ARN = f"arn:aws:kms:{SCOPE.region}:{SCOPE.account}:key/{ID}"
ALIAS = f"arn:aws:kms:{SCOPE.region}:{SCOPE.account}:alias/volumes"
RESOURCES = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1}


@pytest.fixture(autouse=True)
def _key(desk: Desk) -> None:
    made = KmsKey(arn=ARN, account=SCOPE.account, region=SCOPE.region, created_at=1.0, material=VAULT.draw(ARN))
    desk.store.kms_keys.add(made)
    desk.store.kms_keys.name(ALIAS, ARN)


def asked(name: str) -> dict[str, Any]:
    return a_training_request(ResourceConfig={**RESOURCES, "VolumeKmsKeyId": name})


@pytest.mark.parametrize("name", [ID, ARN, "alias/volumes", ALIAS])
def test_a_volume_s_key_has_four_names_and_is_shown_as_it_was_named(desk: Desk, name: str) -> None:
    desk.ask("CreateTrainingJob", **asked(name))

    job = desk.store.training_jobs.get(training_job_arn(SCOPE, "alone"))
    assert job is not None
    assert job.definition.volume_key == ARN
    assert desk.ask("DescribeTrainingJob", TrainingJobName="alone")["ResourceConfig"]["VolumeKmsKeyId"] == name


def test_an_empty_name_is_no_key(desk: Desk) -> None:
    desk.volume_trouble = "gocryptfs is missing"

    desk.ask("CreateTrainingJob", **asked(""))

    job = desk.store.training_jobs.get(training_job_arn(SCOPE, "alone"))
    assert job is not None
    assert job.definition.volume_key is None


def test_a_key_that_is_not_there_is_refused(desk: Desk) -> None:
    refused = desk.refusal("CreateTrainingJob", **asked("alias/nothing"))

    assert refused.code == "ValidationException"
    assert refused.message.startswith("VolumeKmsKeyId: Alias ")
    assert "luthier keys kms add" in refused.message


def test_a_machine_that_cannot_encrypt_says_so(desk: Desk) -> None:
    desk.volume_trouble = "gocryptfs is missing; apt-get install gocryptfs fuse3"

    refused = desk.refusal("CreateTrainingJob", **asked(ID))

    assert refused.code == "ValidationException"
    assert refused.message == (
        "VolumeKmsKeyId: volumes cannot be encrypted here: gocryptfs is missing; apt-get install gocryptfs fuse3."
    )


@pytest.mark.parametrize("member", ["ResourceConfig", "HyperParameterTuningResourceConfig"])
def test_a_tuning_job_s_volumes_have_keys_too(desk: Desk, member: str) -> None:
    request = a_create_request(TrainingJobDefinition__ResourceConfig=...)
    request["TrainingJobDefinition"][member] = {**RESOURCES, "VolumeKmsKeyId": "alias/volumes"}

    desk.create(request)

    job = desk.store.tuning_jobs.get(tuning_job_arn(SCOPE, "MyTuningJob"))
    assert job is not None
    assert job.specification.definitions[0].training.volume_key == ARN
