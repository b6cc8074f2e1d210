"""What the page of a tuning job gives to be copied creates the same tuning job again."""

import html
import re
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from clients.test_cli import a_request
from clients_env import environment, program_of
from luthier_server import Luthier

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SETTLED = ("HyperParameterTuningJobConfig", "TrainingJobDefinition")


def create(luthier: Luthier, name: str) -> dict[str, Any]:
    s3, sagemaker = luthier.client("s3"), luthier.client("sagemaker")
    s3.create_bucket(Bucket="cli-stories")
    s3.put_object(Bucket="cli-stories", Key="rows/rows.csv", Body=b"1,2\n")
    request = a_request(luthier, name)
    request["TrainingJobDefinition"]["StaticHyperParameters"]["note"] = 'it\'s "$(touch gone)" <b> `é` \\'
    sagemaker.create_hyper_parameter_tuning_job(**request)
    return described(luthier, name)


def described(luthier: Luthier, name: str) -> dict[str, Any]:
    told = luthier.client("sagemaker").describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
    return {member: told[member] for member in SETTLED}


def copied(luthier: Luthier, name: str, what: str) -> str:
    """Read what the page has to be copied, as a reader's clipboard gets it."""
    url = f"{luthier.variables['AWS_ENDPOINT_URL']}/ui/tuning-jobs/{luthier.variables['AWS_REGION']}/{name}"
    with urllib.request.urlopen(url, timeout=30) as answer:
        page = answer.read().decode("utf-8")
    found = re.search(f'<pre id="{what}-text"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def test_the_program_creates_the_tuning_job_again(recording: Luthier, tmp_path: Path) -> None:
    first = create(recording, "from-boto3")
    program = copied(recording, "from-boto3", "boto3").replace("from-boto3", "again-boto3")

    subprocess.run(
        [sys.executable, "-c", program], env=environment(recording, tmp_path), cwd=tmp_path, check=True, timeout=120
    )

    assert described(recording, "again-boto3") == first
    assert list(tmp_path.iterdir()) == []


def test_the_command_creates_the_tuning_job_again(recording: Luthier, tmp_path: Path) -> None:
    first = create(recording, "from-cli")
    command = copied(recording, "from-cli", "command").replace("from-cli", "again-cli")
    variables = environment(recording, tmp_path)
    variables["PATH"] = f"{program_of('cli', 'aws').parent}:{variables['PATH']}"

    subprocess.run(["sh", "-c", command], env=variables, cwd=tmp_path, check=True, timeout=120)

    assert described(recording, "again-cli") == first
    assert not (tmp_path / "gone").exists()
