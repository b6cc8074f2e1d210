"""A server that the programs of all clients talk to."""

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from luthier_server import Luthier, a_luthier

PROGRAMS = Path(__file__).parent / "programs"


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Luthier]:
    """A Luthier whose image `recorder:1` writes down all that its training jobs see."""
    with a_luthier(tmp_path_factory.mktemp("recording")) as server:
        server.add_image("recorder:*", "python", "recorder.py", code=PROGRAMS)
        yield server


def seen_by(luthier: Luthier, training_job: str) -> dict[str, Any]:
    """Give what a training program of the image `recorder:1` wrote down."""
    described = luthier.client("sagemaker").describe_training_job(TrainingJobName=training_job)
    bucket, _, key = described["ModelArtifacts"]["S3ModelArtifacts"].removeprefix("s3://").partition("/")
    archive = io.BytesIO(luthier.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())
    with tarfile.open(fileobj=archive) as files:
        file = files.extractfile("seen.json")
        assert file is not None
        told: dict[str, Any] = json.load(file)
        return told
