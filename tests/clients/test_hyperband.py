"""Tuning jobs by Hyperband, told by boto3 against a real server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from luthier_server import Luthier, a_luthier

pytestmark = [pytest.mark.slow]

PROGRAMS = Path(__file__).parent.parent / "algorithms"
EPOCHS = 30  # of every training job, and beyond the 20th one with an end above 0.6 takes its time
JOBS = 12


@pytest.fixture(scope="module")
def luthier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Luthier]:
    with a_luthier(tmp_path_factory.mktemp("luthier")) as server:
        server.add_image("curve:*", "python", "curve.py", code=PROGRAMS)
        server.client("s3").create_bucket(Bucket="stories")
        yield server


def tune(luthier: Luthier, name: str, resource: dict[str, int], lowest: str, jobs: int = JOBS) -> dict[str, Any]:
    """Tune the end of a curve, from *lowest* to 0.9, and describe the tuning job when it is over."""
    luthier.client("sagemaker").create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name,
        HyperParameterTuningJobConfig={
            "Strategy": "Hyperband",
            "StrategyConfig": {"HyperbandStrategyConfig": resource},
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "error"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": jobs, "MaxParallelTrainingJobs": 2},
            "ParameterRanges": {"ContinuousParameterRanges": [{"Name": "end", "MinValue": lowest, "MaxValue": "0.9"}]},
            "RandomSeed": 25,
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
    """Describe the training jobs that were stopped."""
    sagemaker = luthier.client("sagemaker")
    names = [each["TrainingJobName"] for each in luthier.children(name) if each["TrainingJobStatus"] == "Stopped"]
    return [sagemaker.describe_training_job(TrainingJobName=each) for each in names]


def epochs_of(luthier: Luthier, name: str, job: dict[str, Any]) -> int:
    """Tell from its objective how many epochs a training job made."""
    [summary] = [each for each in luthier.children(name) if each["TrainingJobName"] == job["TrainingJobName"]]
    error, end = summary["FinalHyperParameterTuningJobObjectiveMetric"]["Value"], float(job["HyperParameters"]["end"])
    return round((1.0 - end) / (error - end))


@pytest.fixture(scope="module")
def halved(luthier: Luthier) -> dict[str, Any]:
    """A tuning job whose bad training jobs leave all the time there could be to stop them."""
    return tune(luthier, "halved", {"MinResource": 3, "MaxResource": EPOCHS}, "0.1")


def test_training_jobs_that_are_not_among_the_best_third_are_stopped(luthier: Luthier, halved: dict[str, Any]) -> None:
    stopped = stopped_of(luthier, "halved")

    messages = [each["SecondaryStatusTransitions"][-1]["StatusMessage"] for each in stopped]

    assert messages
    assert all("better, and one in 3 goes on" in message for message in messages)
    assert all(3 <= epochs_of(luthier, "halved", each) < EPOCHS for each in stopped)


def test_all_are_counted_stopped_ones_too(luthier: Luthier, halved: dict[str, Any]) -> None:
    counters, stopped = halved["TrainingJobStatusCounters"], len(stopped_of(luthier, "halved"))

    assert halved["HyperParameterTuningJobStatus"] == "Completed"
    assert (counters["Stopped"], counters["Completed"]) == (stopped, JOBS - stopped)
    assert halved["ObjectiveStatusCounters"]["Succeeded"] == JOBS


def test_the_best_one_went_on_to_its_end(luthier: Luthier, halved: dict[str, Any]) -> None:
    best = halved["BestTrainingJob"]

    assert best["TrainingJobStatus"] == "Completed"
    assert best["TunedHyperParameters"] == min(
        (each["TunedHyperParameters"] for each in luthier.children("halved")), key=lambda tuned: float(tuned["end"])
    )


def test_new_configurations_are_chosen_by_what_was_learned(luthier: Luthier, halved: dict[str, Any]) -> None:
    """The last ones are where the error is lowest."""
    ends = [float(each["TunedHyperParameters"]["end"]) for each in luthier.children("halved")]

    assert sorted(ends)[len(ends) // 3] < 0.2


def test_describe_shows_the_configuration(halved: dict[str, Any]) -> None:
    config = halved["HyperParameterTuningJobConfig"]

    assert config["Strategy"] == "Hyperband"
    assert config["StrategyConfig"] == {"HyperbandStrategyConfig": {"MinResource": 3, "MaxResource": EPOCHS}}


def test_a_training_job_that_goes_on_after_max_resource_is_stopped(luthier: Luthier) -> None:
    """All of these pause after their twentieth epoch; the rungs leave them alone."""
    tune(luthier, "capped", {"MinResource": 12, "MaxResource": 12}, "0.65", jobs=3)

    stopped = stopped_of(luthier, "capped")

    assert {each["SecondaryStatusTransitions"][-1]["StatusMessage"] for each in stopped} == {
        "Training job stopped early: it went on after the 12 reports of MaxResource"
    }
    assert len(stopped) == 3
    assert all(12 < epochs_of(luthier, "capped", each) <= 20 for each in stopped)
