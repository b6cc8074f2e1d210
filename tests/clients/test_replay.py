"""A parallel tuning job whose server is killed in the middle, and every proposal of it computed again."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from luthier_server import Luthier, a_luthier, until

pytestmark = [pytest.mark.slow]

PROGRAMS = Path(__file__).parent.parent / "algorithms"
JOBS = 14


@pytest.fixture(scope="module")
def luthier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Luthier]:
    with a_luthier(tmp_path_factory.mktemp("luthier")) as server:
        server.add_image("quadratic:*", "python", "quadratic.py", code=PROGRAMS)
        server.client("s3").create_bucket(Bucket="stories")
        server.client("s3").put_object(Bucket="stories", Key="data/rows.csv", Body=b"1,2\n")
        yield server


@pytest.fixture(scope="module")
def replayed(luthier: Luthier) -> dict[str, Any]:
    """The answer of `luthier replay --json` of a Bayesian tuning job, four training jobs at a time."""
    luthier.client("sagemaker").create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName="killed",
        HyperParameterTuningJobConfig={
            "Strategy": "Bayesian",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "loss"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": JOBS, "MaxParallelTrainingJobs": 4},
            "ParameterRanges": {
                "ContinuousParameterRanges": [{"Name": "x", "MinValue": "-1", "MaxValue": "1"}],
                "CategoricalParameterRanges": [{"Name": "kind", "Values": ["good", "bad"]}],
            },
        },
        TrainingJobDefinition={
            "AlgorithmSpecification": {
                "TrainingImage": "quadratic:1",
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9.]+)"}],
            },
            "RoleArn": luthier.variables["LUTHIER_ROLE_ARN"],
            "InputDataConfig": [
                {
                    "ChannelName": "train",
                    "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://stories/data/"}},
                }
            ],
            "OutputDataConfig": {"S3OutputPath": "s3://stories/output/"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            "StoppingCondition": {"MaxRuntimeInSeconds": 120},
            "StaticHyperParameters": {"pause": "0.2"},
        },
    )
    until(lambda: len(luthier.children("killed")) >= 7, "no seventh training job was launched")
    luthier.kill()
    luthier.start()
    luthier.wait_for("killed")
    return replay(luthier, "killed")


def replay(luthier: Luthier, name: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "luthier.cli", "replay", name, "--json", "--data-folder", str(luthier.folder)]
    answer: dict[str, Any] = json.loads(subprocess.run(command, check=False, capture_output=True).stdout)
    return answer


def test_every_proposal_comes_out_again_bit_for_bit(replayed: dict[str, Any]) -> None:
    assert (replayed["IsReproduced"], replayed["Outcomes"]["Reproduced"]) == (True, JOBS)


def test_training_jobs_ended_in_another_order_than_they_began(luthier: Luthier, replayed: dict[str, Any]) -> None:
    """Or at the same time: what is replayed is not the order of the names."""
    ends = [(each["TrainingEndTime"], each["TrainingJobName"]) for each in luthier.children("killed")]

    assert len(ends) == len(replayed["TrainingJobs"])
    assert sorted(ends) != sorted(ends, key=lambda each: each[1])
