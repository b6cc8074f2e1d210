"""Several algorithms in one tuning job, and tuning jobs that complete early, told by boto3 against a real server."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from luthier_server import Luthier, a_luthier, until

pytestmark = [pytest.mark.slow]

PROGRAMS = Path(__file__).parent.parent / "algorithms"
CONFIG = "HyperParameterTuningJobConfig"


@pytest.fixture(scope="module")
def luthier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Luthier]:
    with a_luthier(tmp_path_factory.mktemp("luthier")) as server:
        for name in ("quadratic", "valley"):
            server.add_image(f"{name}:*", "python", f"{name}.py", code=PROGRAMS)
        s3 = server.client("s3")
        s3.create_bucket(Bucket="stories")
        s3.put_object(Bucket="stories", Key="data/train/rows.csv", Body=b"1\n2\n3\n")
        yield server


def a_definition(luthier: Luthier, image: str, metric: str, static: dict[str, str]) -> dict[str, Any]:
    source = {"S3DataType": "S3Prefix", "S3Uri": "s3://stories/data/train/"}
    return {
        "AlgorithmSpecification": {
            "TrainingImage": f"{image}:1",
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": metric, "Regex": f"{metric}=([-0-9.]+)"}],
        },
        "StaticHyperParameters": static,
        "RoleArn": luthier.variables["LUTHIER_ROLE_ARN"],
        "InputDataConfig": [{"ChannelName": "train", "DataSource": {"S3DataSource": source}}],
        "OutputDataConfig": {"S3OutputPath": "s3://stories/output/"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
    }


def create_valley(luthier: Luthier, name: str, static: dict[str, str], limits: dict[str, int], **criteria: Any) -> None:
    """Create a tuning job of one algorithm that could launch 30 training jobs."""
    luthier.client("sagemaker").create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name,
        HyperParameterTuningJobConfig={
            "Strategy": "Random",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "error"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 30, "MaxParallelTrainingJobs": 2, **limits},
            "ParameterRanges": {"IntegerParameterRanges": [{"Name": "depth", "MinValue": "1", "MaxValue": "99"}]},
            **({"TuningJobCompletionCriteria": criteria} if criteria else {}),
        },
        TrainingJobDefinition=a_definition(luthier, "valley", "error", static),
    )


@pytest.fixture(scope="module")
def finished(luthier: Luthier) -> dict[str, Any]:
    """A tuning job of two algorithms that ran to its end."""
    curved = {
        **a_definition(luthier, "quadratic", "loss", {"kind": "good"}),
        "DefinitionName": "curved",
        "TuningObjective": {"Type": "Minimize", "MetricName": "loss"},
        "HyperParameterRanges": {"ContinuousParameterRanges": [{"Name": "x", "MinValue": "0", "MaxValue": "1"}]},
    }
    deep = {
        **a_definition(luthier, "valley", "error", {}),
        "DefinitionName": "deep",
        "TuningObjective": {"Type": "Minimize", "MetricName": "error"},
        "HyperParameterRanges": {"IntegerParameterRanges": [{"Name": "depth", "MinValue": "1", "MaxValue": "9"}]},
    }
    luthier.client("sagemaker").create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName="several",
        HyperParameterTuningJobConfig={
            "Strategy": "Bayesian",
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 12, "MaxParallelTrainingJobs": 2},
        },
        TrainingJobDefinitions=[curved, deep],
    )
    return luthier.wait_for("several")


def test_the_algorithm_that_promises_more_is_launched_more_often(luthier: Luthier, finished: dict[str, Any]) -> None:
    """After four training jobs of each."""
    assert (finished["HyperParameterTuningJobStatus"], finished["TrainingJobStatusCounters"]["Completed"]) == (
        "Completed",
        12,
    )
    assert sorted(each["TrainingJobDefinitionName"] for each in luthier.children("several")) == (
        ["curved"] * 4 + ["deep"] * 8
    )


def test_the_best_of_both_algorithms_is_the_best_training_job(finished: dict[str, Any]) -> None:
    """The one's error is always below the other's loss."""
    best = finished["BestTrainingJob"]

    assert best["TrainingJobDefinitionName"] == "deep"
    assert best["FinalHyperParameterTuningJobObjectiveMetric"]["MetricName"] == "error"
    assert best["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] == pytest.approx(
        0.2 - 0.01 * int(best["TunedHyperParameters"]["depth"])
    )


def test_a_client_sees_the_list_of_definitions_alone(finished: dict[str, Any]) -> None:
    assert "TrainingJobDefinition" not in finished
    assert not {"HyperParameterTuningJobObjective", "ParameterRanges"} & finished[CONFIG].keys()
    assert [
        each["StaticHyperParameters"]["_tuning_objective_metric"] for each in finished["TrainingJobDefinitions"]
    ] == [
        "loss",
        "error",
    ]


def test_pages_of_both_algorithms_training_jobs_are_sorted_by_objective(
    luthier: Luthier, finished: dict[str, Any]
) -> None:
    pages = luthier.client("sagemaker").get_paginator("list_training_jobs_for_hyper_parameter_tuning_job")
    listed = pages.paginate(
        HyperParameterTuningJobName=finished["HyperParameterTuningJobName"],
        SortBy="FinalObjectiveMetricValue",
        PaginationConfig={"PageSize": 2},
    ).build_full_result()["TrainingJobSummaries"]

    values = [each["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for each in listed]
    assert (len(values), values) == (12, sorted(values))
    assert [each["TrainingJobDefinitionName"] for each in listed] == ["deep"] * 8 + ["curved"] * 4


def test_a_target_that_is_reached_completes_a_tuning_job(luthier: Luthier) -> None:
    create_valley(luthier, "target", {}, {}, TargetObjectiveMetricValue=0.19)

    job = luthier.wait_for("target")

    assert job["HyperParameterTuningJobStatus"] == "Completed"
    assert len(luthier.children("target")) < 30
    assert job["TrainingJobStatusCounters"]["InProgress"] == 0


def test_training_jobs_without_an_improvement_complete_a_tuning_job(luthier: Luthier) -> None:
    create_valley(
        luthier,
        "patience",
        {"flat": "yes"},
        {},
        BestObjectiveNotImproving={"MaxNumberOfTrainingJobsNotImproving": 3},
        ConvergenceDetected={"CompleteOnConvergence": "Disabled"},
    )

    job = luthier.wait_for("patience")

    assert (job["HyperParameterTuningJobStatus"], len(luthier.children("patience")) < 30) == ("Completed", True)
    assert job["TuningJobCompletionDetails"]["NumberOfTrainingJobsObjectiveNotImproving"] >= 3


def test_a_tuning_job_completes_when_its_time_is_up_and_stops_what_runs(luthier: Luthier) -> None:
    """The least there is to ask for is two minutes; all but the end of them is taken off its row."""
    create_valley(luthier, "time", {"pause": "50"}, {"MaxRuntimeInSeconds": 120})
    until(lambda: len(luthier.children("time")) == 2, "no training job was launched")
    with closing(sqlite3.connect(luthier.folder / "luthier.db", timeout=30)) as database, database:
        database.execute("UPDATE tuning_jobs SET created_at = created_at - 119 WHERE name = 'time'")

    job = luthier.wait_for("time")

    assert (job["HyperParameterTuningJobStatus"], job["TrainingJobStatusCounters"]["Stopped"]) == ("Completed", 2)
    assert job["ConsumedResources"]["RuntimeInSeconds"] >= 120
