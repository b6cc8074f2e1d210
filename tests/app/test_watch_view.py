"""What the terminal makes of a description."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from luthier.app.runs import runs_of
from luthier.app.watch_view import Look, ahead, best_so_far, is_not_found

CONFIG = "HyperParameterTuningJobConfig"


def a_child(value: float) -> dict[str, Any]:
    return {"FinalHyperParameterTuningJobObjectiveMetric": {"MetricName": "loss", "Value": value}}


@pytest.mark.parametrize(("better", "best"), [("Minimize", [0.5, 0.25, 0.25]), ("Maximize", [0.5, 0.5, 0.75])])
def test_the_best_so_far_is_of_all_definitions_where_there_are_several(better: str, best: list[float]) -> None:
    children = [a_child(value) for value in (0.5, 0.25, 0.75)]
    objective = {"Type": better, "MetricName": "loss"}

    assert best_so_far({CONFIG: {}, "TrainingJobDefinitions": [{"TuningObjective": objective}]}, children) == best
    assert best_so_far({CONFIG: {"HyperParameterTuningJobObjective": objective}}, children) == best


@pytest.mark.parametrize(
    ("completed", "failed", "succeeded", "is_told"), [(1, 0, 0, True), (2, 0, 1, False), (0, 3, 0, False)]
)
def test_an_objective_that_none_has_is_told(completed: int, failed: int, succeeded: int, is_told: bool) -> None:
    counters = {"Completed": completed, "Stopped": 0, "NonRetryableError": failed}
    job = {"TrainingJobStatusCounters": counters, "ObjectiveStatusCounters": {"Succeeded": succeeded}}

    assert is_not_found(job) is is_told


CREATED = datetime(2026, 1, 1, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return CREATED + timedelta(seconds=seconds)


def a_job(status: str = "InProgress", **changes: Any) -> dict[str, Any]:
    """A tuning job of six training jobs, two at a time, 200 s after its creation."""
    return {
        "HyperParameterTuningJobStatus": status,
        "CreationTime": CREATED,
        "ConsumedResources": {"RuntimeInSeconds": 200},
        "TrainingJobStatusCounters": {"RetryableError": 0},
        "TuningJobCompletionDetails": {"NumberOfTrainingJobsObjectiveNotImproving": 1},
        CONFIG: {
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 6, "MaxParallelTrainingJobs": 2},
            "TuningJobCompletionCriteria": {
                "TargetObjectiveMetricValue": 0.1,
                "BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": 3},
                "ConvergenceDetected": {"CompleteOnConvergence": "Enabled"},
            },
        },
        "TrainingJobDefinition": {"ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 2}},
        **changes,
    }


def ran(begin: float, end: float, status: str = "Completed") -> dict[str, Any]:
    return {
        "TrainingJobName": f"t-{begin:g}",
        "TrainingJobStatus": status,
        "CreationTime": at(begin),
        "TrainingStartTime": at(begin),
        "TrainingEndTime": at(end),
    }


def told(job: dict[str, Any], *children: dict[str, Any]) -> list[str]:
    return ahead(Look(job=job, newest=[], curve=[], runs=runs_of(job, children)))


def test_a_tuning_job_under_way_is_foreseen_by_all_its_rules() -> None:
    """Four are left, at 100 s each."""
    assert told(a_job(), ran(0, 100), ran(100, 200)) == [
        "time left: about 3 min 20 s",
        "  MaxNumberOfTrainingJobs: in 3 min 20 s",
        "  TargetObjectiveMetricValue: not foreseen",
        "  MaxNumberOfTrainingJobsNotImproving: in at least 1 min 40 s",
        "  CompleteOnConvergence: not foreseen",
        "instance hours so far: 0.111 of ml.m5.large; expected in all: 0.333 of ml.m5.large",
    ]


def test_a_training_job_that_the_service_lost_is_run_once_more() -> None:
    job = a_job(TrainingJobStatusCounters={"RetryableError": 1})

    assert told(job, ran(0, 100), ran(100, 200, "Failed"))[0] == "time left: about 5 min 00 s"


@pytest.mark.parametrize("status", ["Stopping", "Completed", "Failed", "Stopped"])
def test_of_a_tuning_job_that_launches_nothing_more_only_what_it_used_is_told(status: str) -> None:
    assert told(a_job(status), ran(0, 90)) == ["instance hours so far: 0.05 of ml.m5.large"]


def test_training_jobs_run_on_the_instances_of_their_definitions() -> None:
    definitions = [
        {"DefinitionName": name, "ResourceConfig": {"InstanceType": kind, "InstanceCount": 1}}
        for name, kind in (("one", "ml.m5.large"), ("other", "ml.g5.xlarge"))
    ]
    job = a_job("Completed", TrainingJobDefinition=None, TrainingJobDefinitions=definitions)

    assert told(job, {**ran(0, 90), "TrainingJobDefinitionName": "other"}) == [
        "instance hours so far: 0.025 of ml.g5.xlarge"
    ]
