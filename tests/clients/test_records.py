"""Tuning jobs whose objective has no pattern, told by boto3 against a real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from luthier_server import Luthier, a_luthier

pytestmark = [pytest.mark.slow]

PROGRAMS = Path(__file__).parent.parent / "algorithms"


@pytest.fixture(scope="module")
def luthier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Luthier]:
    """A server that asks for no pattern."""
    folder = tmp_path_factory.mktemp("luthier")
    (folder / "data").mkdir()
    (folder / "data/luthier.toml").write_text("allow_metrics_without_pattern = true\n")
    with a_luthier(folder) as server:
        server.add_image("recording:*", "python", "recording.py", code=PROGRAMS)
        server.client("s3").create_bucket(Bucket="stories")
        yield server


def tune(luthier: Luthier, name: str, where: str) -> None:
    luthier.client("sagemaker").create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name,
        HyperParameterTuningJobConfig={
            "Strategy": "Random",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "loss"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 3, "MaxParallelTrainingJobs": 3},
            "ParameterRanges": {"ContinuousParameterRanges": [{"Name": "x", "MinValue": "0", "MaxValue": "1"}]},
        },
        TrainingJobDefinition={
            "AlgorithmSpecification": {"TrainingImage": "recording:1", "TrainingInputMode": "File"},
            "StaticHyperParameters": {"where": where},
            "RoleArn": luthier.variables["LUTHIER_ROLE_ARN"],
            "OutputDataConfig": {"S3OutputPath": "s3://stories/output/"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        },
    )


@pytest.mark.parametrize("where", ["file", "log"])
def test_an_objective_is_found_in_records(luthier: Luthier, where: str) -> None:
    tune(luthier, f"from-{where}", where)

    job = luthier.wait_for(f"from-{where}")
    assert job["ObjectiveStatusCounters"] == {"Succeeded": 3, "Pending": 0, "Failed": 0}
    best = job["BestTrainingJob"]
    told = best["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]
    assert told == pytest.approx(float(best["TunedHyperParameters"]["x"]), rel=1e-6)


def test_an_objective_without_a_definition_is_refused_where_it_is_not_allowed(tmp_path: Path) -> None:
    with a_luthier(tmp_path) as strict:
        strict.add_image("recording:*", "python", "recording.py", code=PROGRAMS)
        strict.client("s3").create_bucket(Bucket="stories")

        with pytest.raises(ClientError, match="A metric is required for this hyperparameter tuning job objective"):
            tune(strict, "strict", "file")
