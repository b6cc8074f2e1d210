"""Tuning jobs as SageMaker's API tells of them."""

from typing import Any

import pytest

from luthier.histories.history import HistoryError
from luthier.histories.sagemaker import read_tuning_job
from luthier.records.status import TrainingStatus, TuningStatus


def described(**changes: Any) -> dict[str, Any]:
    return {
        "HyperParameterTuningJobName": "churn",
        "HyperParameterTuningJobConfig": {"Strategy": "Bayesian"},
        "HyperParameterTuningJobStatus": "Completed",
        "CreationTime": "2026-05-01T10:00:00+00:00",
        "HyperParameterTuningEndTime": 1777633200.0,
        "TrainingJobStatusCounters": {"Completed": 1, "Stopped": 1},
        "TrainingJobDefinition": {
            "AlgorithmSpecification": {"TrainingImage": "trainer:1", "TrainingInputMode": "File"},
            "StaticHyperParameters": {"epochs": "3", "_tuning_objective_metric": "loss"},
            "RoleArn": "arn:aws:iam::123456789012:role/theirs",
            "OutputDataConfig": {"S3OutputPath": "s3://theirs/out", "KmsKeyId": "theirs"},
            "VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
            "EnableManagedSpotTraining": True,
        },
        **changes,
    }


def child(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "TrainingJobName": f"churn-{number:03d}",
        "TrainingJobStatus": "Completed",
        "TrainingStartTime": f"2026-05-01T10:0{number}:00+00:00",
        "TrainingEndTime": f"2026-05-01T10:0{number}:30+00:00",
        "TunedHyperParameters": {"eta": "0.1"},
        "FinalHyperParameterTuningJobObjectiveMetric": {"MetricName": "loss", "Value": 0.5},
        **changes,
    }


def page(*children: dict[str, Any]) -> dict[str, Any]:
    return {"TrainingJobSummaries": list(children)}


def test_training_jobs_of_all_pages_are_read_in_the_order_in_which_they_began() -> None:
    history = read_tuning_job([page(child(2)), described(), page(child(1))])

    assert [run.name for run in history.runs] == ["churn-001", "churn-002"]


def test_a_training_job_keeps_its_status_objective_and_times() -> None:
    history = read_tuning_job([described(), page(child(1, TrainingJobStatus="Stopped"), child(2))])

    run = history.runs[0]
    assert (run.status, run.objective) == (TrainingStatus.STOPPED, 0.5)
    assert (run.ended_at or 0) - (run.began_at or 0) == 30.0


def test_what_would_matter_only_to_run_it_is_left_out() -> None:
    history = read_tuning_job([described(), page(child(1), child(2))])

    definition: Any = history.request["TrainingJobDefinition"]
    assert not {"VpcConfig", "EnableManagedSpotTraining"} & set(definition)
    assert definition["OutputDataConfig"] == {"S3OutputPath": "s3://theirs/out"}
    assert definition["StaticHyperParameters"] == {"epochs": "3"}


def test_a_stopped_tuning_job_stays_one() -> None:
    history = read_tuning_job(
        [described(HyperParameterTuningJobStatus="Stopped"), page(child(1), child(2))],
    )

    assert history.status is TuningStatus.STOPPED


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**400, True, "0.5", None])
def test_an_objective_that_is_no_finite_number_is_none(value: Any) -> None:
    odd = child(1, FinalHyperParameterTuningJobObjectiveMetric={"MetricName": "loss", "Value": value})

    history = read_tuning_job([described(), page(odd, child(2))])

    assert history.runs[0].objective is None


@pytest.mark.parametrize(
    ("documents", "said"),
    [
        ([], "0 documents of describe-hyper-parameter-tuning-job"),
        ([described(), described()], "2 documents"),
        (["text", 3, None], "0 documents"),
        ([described(HyperParameterTuningJobStatus="InProgress"), page(child(1))], "is InProgress; wait"),
        ([described(), page(child(1))], "has 2 training jobs, and the documents 1"),
        ([described(), page(child(1), child(1))], "there twice"),
        ([described(), page(child(1), child(1, TrainingJobName="CHURN-001"))], "there twice"),
        ([described(TrainingJobStatusCounters={})], "there are no TrainingJobSummaries"),
        ([described(), page(child(1, TrainingJobName="../x"), child(2))], "'../x' is no name of a training job"),
        ([described(), page(child(1, TrainingJobStatus="InProgress"), child(2))], "is 'InProgress', and not over"),
        ([described(), page(child(1, TrainingEndTime="soon"), child(2))], "TrainingEndTime is 'soon'"),
        ([described(), {"TrainingJobSummaries": 3}], "TrainingJobSummaries is not a list of objects"),
        ([described(TrainingJobDefinition=3), page(child(1), child(2))], "TrainingJobDefinition is not an object"),
    ],
)
def test_documents_that_are_not_all_of_one_tuning_job_are_refused(documents: list[Any], said: str) -> None:
    with pytest.raises(HistoryError) as caught:
        read_tuning_job(documents)

    assert said in str(caught.value)


def series(**changes: Any) -> dict[str, Any]:
    points = [{"Timestamp": f"2026-05-01T10:0{minute}:00+00:00", "Average": 0.5 + minute} for minute in (2, 1)]
    return {"TrainingJobName": "churn-001", "Datapoints": points, **changes}


def test_data_points_of_a_training_job_are_its_curve() -> None:
    history = read_tuning_job([described(), page(child(1), child(2)), series()])

    assert [[each.value for each in run.reports] for run in history.runs] == [[1.5, 2.5], []]


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ([{"Timestamp": 1, "Sum": 2}], "Datapoints of churn-001: a data point has no Timestamp or no Average"),
        ([{"Average": 2}], "Datapoints of churn-001: a data point has no Timestamp"),
        ([{"Timestamp": "soon", "Average": 2}], "Datapoints of churn-001: Timestamp is 'soon'"),
        ("none", "Datapoints is not a list"),
    ],
)
def test_data_points_that_are_none_are_told(points: object, said: str) -> None:
    with pytest.raises(HistoryError) as caught:
        read_tuning_job([described(), page(child(1), child(2)), series(Datapoints=points)])

    assert said in str(caught.value)
