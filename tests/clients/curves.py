"""Tuning jobs of a program that tells an error after each epoch, along a curve with an end of its own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from luthier_server import Luthier, a_luthier

PROGRAMS = Path(__file__).parent.parent / "algorithms"
JOBS = 12


@contextmanager
def a_luthier_with_curves(folder: Path) -> Iterator[Luthier]:
    """Start a server in *folder* that knows the image `curve:1`, and has a bucket `stories`."""
    with a_luthier(folder) as server:
        server.add_image("curve:*", "python", "curve.py", code=PROGRAMS)
        server.client("s3").create_bucket(Bucket="stories")
        yield server


def tune_curves(
    luthier: Luthier, name: str, config: Mapping[str, Any], *, lowest: str = "0.1", jobs: int = JOBS
) -> dict[str, Any]:
    """Tune the end of a curve, from *lowest* to 0.9, with more of a *config*, and wait for its end."""
    luthier.client("sagemaker").create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name,
        HyperParameterTuningJobConfig={
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "error"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": jobs, "MaxParallelTrainingJobs": 2},
            "ParameterRanges": {"ContinuousParameterRanges": [{"Name": "end", "MinValue": lowest, "MaxValue": "0.9"}]},
            "RandomSeed": 25,
            **config,
        },
        TrainingJobDefinition={
            "AlgorithmSpecification": {
                "TrainingImage": "curve:1",
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": "error", "Regex": "error=([0-9.]+)"}],
            },
            "RoleArn": luthier.variables["LUTHIER_ROLE_ARN"],
            "OutputDataConfig": {"S3OutputPath": "s3://stories/output/"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            "StoppingCondition": {"MaxRuntimeInSeconds": 120},
        },
    )
    return luthier.wait_for(name)


def stopped_of(luthier: Luthier, name: str) -> list[dict[str, Any]]:
    """Describe the training jobs of a tuning job that were stopped."""
    sagemaker = luthier.client("sagemaker")
    names = [each["TrainingJobName"] for each in luthier.children(name) if each["TrainingJobStatus"] == "Stopped"]
    return [sagemaker.describe_training_job(TrainingJobName=each) for each in names]
