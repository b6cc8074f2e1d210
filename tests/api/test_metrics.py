"""CloudWatch metrics of training jobs."""

from typing import Any

import pytest

from api.test_create_training_job import create
from desk import Desk
from luthier.records.journal import MetricSeen
from luthier.records.names import training_job_arn


@pytest.fixture
def measured(desk: Desk) -> Desk:
    """A desk with the training job `alone`, which reported a loss three times in two minutes."""
    create(desk)
    job = desk.store.training_jobs.get(training_job_arn(desk.scope, "alone"))
    assert job is not None
    desk.take_in(
        job, *(MetricSeen(name="loss", value=value, at=at) for at, value in ((60, 1.0), (90, 3.0), (120, 5.0)))
    )
    return desk


def points(desk: Desk, **changes: Any) -> list[dict[str, Any]]:
    asked = {
        "Namespace": "/aws/sagemaker/TrainingJobs",
        "MetricName": "loss",
        "Dimensions": [{"Name": "TrainingJobName", "Value": "alone"}],
        "StartTime": 0,
        "EndTime": 600,
        "Period": 60,
        "Statistics": ["Average"],
    }
    return list(desk.ask("GetMetricStatistics", of="cloudwatch", **{**asked, **changes})["Datapoints"])


def test_a_metric_is_averaged_over_its_period(measured: Desk) -> None:
    assert [(each["Timestamp"], each["Average"]) for each in points(measured)] == [(60, 2.0), (120, 5.0)]


def test_every_statistic_is_given(measured: Desk) -> None:
    every = ["Average", "Sum", "Minimum", "Maximum", "SampleCount"]

    first = points(measured, Statistics=every)[0]

    assert [first[name] for name in every] == [2.0, 4.0, 1.0, 3.0, 2.0]


def test_points_outside_the_times_are_left_out(measured: Desk) -> None:
    assert [each["Timestamp"] for each in points(measured, StartTime=120, EndTime=121)] == [120]


@pytest.mark.parametrize(
    "changes", [{"Namespace": "AWS/EC2"}, {"MetricName": "other"}, {"Dimensions": []}], ids=["space", "name", "of"]
)
def test_what_nobody_knows_has_no_points(measured: Desk, changes: dict[str, Any]) -> None:
    assert points(measured, **changes) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"EndTime": 0}, "InvalidParameterValue"),
        ({"Period": 61}, "InvalidParameterValue"),
        ({"EndTime": 1441 * 60}, "InvalidParameterCombination"),
    ],
)
def test_what_cannot_be_answered_is_refused(measured: Desk, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Exception, match=code):
        points(measured, **changes)
