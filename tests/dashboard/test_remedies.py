"""What to do about a failure."""

import pytest

from luthier.dashboard.remedies import REMEDIES, remedy
from luthier.host.ends import OUT_OF_MEMORY


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        (f"{OUT_OF_MEMORY} (ml.m5.large has too little)", "Choose a larger InstanceType"),
        ("ClientError: input, model and scratch files need more than 1 GB; raise VolumeSizeInGB", "VolumeSizeInGB"),
        ("ClientError: no image here matches x:1; add it to the catalogue", "luthier images add"),
        ("ClientError: channel 'train': No S3 objects found under S3 URL 's3://b/'; check S3Uri", "with its channels"),
        ("InternalServerError: VolumeKmsKeyId: volumes cannot be encrypted here: x", "gocryptfs"),
        ("ClientError: VolumeKmsKeyId: x", "luthier keys kms list"),
        ("ClientError: s3://b/k: access denied; the role may not use it", "luthier roles set"),
        ("AlgorithmError: Exit Code: 137 (SIGKILL; the machine may have run out of memory)", "want of memory"),
        ("AlgorithmError: ModuleNotFoundError: No module named 'x'", "requirements.txt"),
        ("AlgorithmError: Exit Code: 1", "the training program itself failed"),
        ("ClientError: something else", "Correct what the reason names"),
        ("InternalServerError: the training host was lost before the training job was over", "RetryStrategy"),
        ("InternalServerError: something else", "luthier doctor"),
    ],
)
def test_a_known_reason_has_a_remedy(reason: str, advice: str) -> None:
    assert advice.lower() in (remedy(reason) or "").lower()


def test_an_unknown_reason_has_none() -> None:
    assert remedy("something nobody knows") is None


def test_no_remedy_is_hidden_by_one_before_it() -> None:
    assert [part for part, advice in REMEDIES if remedy(part) != advice] == []
