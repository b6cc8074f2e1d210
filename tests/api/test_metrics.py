"""CloudWatch metrics of training jobs."""

from typing import Any

import pytest

from api.test_create_training_job import create
from desk import Desk
from luthier.records.journal import MetricSeen
from luthier.records.names import Scope, training_job_arn
from things import a_usage

USED = (
    a_usage(at=65.0, processor_s=10.0, memory_bytes=4 << 30, disk_bytes=1 << 29),
    a_usage(at=70.0, processor_s=20.0, memory_bytes=8 << 30),
)


@pytest.fixture
def measured(desk: Desk) -> Desk:
    """A desk with the training job `alone`, which reported a loss three times in two minutes."""
    create(desk)
    job = desk.store.training_jobs.get(training_job_arn(desk.scope, "alone"))
    assert job is not None
    desk.take_in(
        job, *(MetricSeen(name="loss", value=value, at=at) for at, value in ((60, 1.0), (90, 3.0), (120, 5.0)))
    )
    desk.take_in(job, *USED)
    return desk


def of_host(desk: Desk, metric: str, **changes: Any) -> list[dict[str, Any]]:
    """Ask for what the first host of `alone` has used."""
    host = [{"Name": "Host", "Value": "alone/algo-1"}]
    return points(desk, MetricName=metric, Dimensions=host, **changes)


def points(desk: Desk, **changes: Any) -> list[dict[str, Any]]:
    """Ask for the loss of ten minutes; `...` takes a member out."""
    asked = {
        "Namespace": "/aws/sagemaker/TrainingJobs",
        "MetricName": "loss",
        "Dimensions": [{"Name": "TrainingJobName", "Value": "alone"}],
        "StartTime": 0,
        "EndTime": 600,
        "Period": 60,
        "Statistics": ["Average"],
    }
    given = {name: value for name, value in {**asked, **changes}.items() if value is not ...}
    return list(desk.ask("GetMetricStatistics", of="cloudwatch", **given)["Datapoints"])


def test_a_metric_is_averaged_over_its_period(measured: Desk) -> None:
    assert [(each["Timestamp"], each["Average"]) for each in points(measured)] == [(60, 2.0), (120, 5.0)]


def test_every_statistic_is_given(measured: Desk) -> None:
    every = ["Average", "Sum", "Minimum", "Maximum", "SampleCount"]

    first = points(measured, Statistics=every)[0]

    assert [first[name] for name in every] == [2.0, 4.0, 1.0, 3.0, 2.0]


def test_a_dimensions_value_has_its_capitals(measured: Desk) -> None:
    assert points(measured, Dimensions=[{"Name": "TrainingJobName", "Value": "Alone"}]) == []


def test_points_outside_the_times_are_left_out(measured: Desk) -> None:
    assert [each["Timestamp"] for each in points(measured, StartTime=120, EndTime=121)] == [120]


def test_the_start_is_rounded_down_to_a_minute(measured: Desk) -> None:
    """Clients ask from the very moment that the training began."""
    assert [each["Timestamp"] for each in points(measured, StartTime=119.9)] == [60, 120]


def test_the_start_of_shorter_periods_is_rounded_down_to_one(measured: Desk) -> None:
    assert [each["Timestamp"] for each in points(measured, StartTime=99, Period=10)] == [90, 120]


def test_periods_follow_one_another_from_the_start_on(measured: Desk) -> None:
    """As in the examples of the AWS CLI Command Reference, where hours begin at 18 minutes past."""
    found = points(measured, StartTime=60, EndTime=3660, Period=300, Statistics=["SampleCount"])

    assert [(each["Timestamp"], each["SampleCount"]) for each in found] == [(60, 3.0)]


@pytest.mark.parametrize(
    ("values", "total", "average"),
    [
        ((1e308, 1e308), 1.7976931348623157e308, 1e308),
        ((-1e308, -1e308, -1e308), -1.7976931348623157e308, -1e308),
        ((1e308, 1e308, -1e308), 1e308, 1e308 / 3),
        ((0.1,) * 10, 1.0, 0.1),
    ],
)
def test_numbers_of_any_size_are_added(measured: Desk, values: tuple[float, ...], total: float, average: float) -> None:
    job = measured.store.training_jobs.get(training_job_arn(measured.scope, "alone"))
    assert job is not None
    measured.take_in(job, *(MetricSeen(name="size", value=value, at=60) for value in values))

    (seen,) = points(measured, MetricName="size", Statistics=["Sum", "Average"])

    assert (seen["Sum"], seen["Average"]) == (total, pytest.approx(average))


def test_a_whole_day_of_minutes_can_be_asked_for(measured: Desk) -> None:
    assert len(points(measured, StartTime=59.5, EndTime=59.5 + 86400)) == 2


def test_another_account_sees_none_of_it(measured: Desk) -> None:
    measured.scope = Scope(account="111111111111", region=measured.scope.region)

    assert points(measured) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"Namespace": "AWS/EC2"},
        {"MetricName": "other"},
        {"Dimensions": []},
        {"Dimensions": [{"Name": "TrainingJobName", "Value": "nothing"}]},
        {"Dimensions": [{"Name": "TrainingJobName", "Value": "../alone"}]},
        {"Dimensions": [{"Name": "TrainingJobName", "Value": "alone"}, {"Name": "Host", "Value": "algo-1"}]},
        {"Dimensions": [{"Name": "TrainingJobName", "Value": "alone"}] * 2},
        {"Dimensions": [{"Name": "Host", "Value": "alone/algo-1"}]},
        {"Dimensions": [{"Name": "Host", "Value": "nothing/algo-1"}], "MetricName": "CPUUtilization"},
        {"Dimensions": [{"Name": "Host", "Value": "alone/algo-2"}], "MetricName": "CPUUtilization"},
        {"Dimensions": [{"Name": "Host", "Value": "Alone/algo-1"}], "MetricName": "CPUUtilization"},
        {"Dimensions": [{"Name": "Host", "Value": "alone"}], "MetricName": "CPUUtilization"},
        {"Dimensions": [{"Name": "Host", "Value": "alone/algo-1"}], "MetricName": "GPUUtilization"},
    ],
)
def test_what_nobody_knows_has_no_points(measured: Desk, changes: dict[str, Any]) -> None:
    assert points(measured, **changes) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"EndTime": 0}, "InvalidParameterValue"),
        ({"Period": 61}, "InvalidParameterValue"),
        ({"Period": 90}, "InvalidParameterValue"),
        ({"EndTime": 1441 * 60}, "InvalidParameterCombination"),
        ({"StartTime": -60_000_000_000, "EndTime": 60_000_000_000, "Period": 1}, "InvalidParameterCombination"),
        ({"Statistics": ...}, "InvalidParameterCombination"),
    ],
)
def test_what_cannot_be_answered_is_refused(measured: Desk, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Exception, match=code):
        points(measured, **changes)


@pytest.mark.parametrize(
    ("metric", "average"), [("CPUUtilization", 300.0), ("MemoryUtilization", 37.5), ("DiskUtilization", 50.0)]
)
def test_what_a_host_used_is_told_by_host(measured: Desk, metric: str, average: float) -> None:
    (seen,) = of_host(measured, metric)

    assert (seen["Timestamp"], seen["Average"], seen["Unit"]) == (60, average, "Percent")


def test_gpus_are_told_in_percent_of_one(measured: Desk) -> None:
    job = measured.store.training_jobs.get(training_job_arn(measured.scope, "alone"))
    assert job is not None
    measured.take_in(job, a_usage(at=65.0, gpus=2, gpu_percent=150.0, gpu_memory_percent=120.0))

    told = [of_host(measured, metric)[0]["Average"] for metric in ("GPUUtilization", "GPUMemoryUtilization")]

    assert told == [150.0, 120.0]


def test_a_long_stretch_has_a_point_for_each_minute(measured: Desk) -> None:
    job = measured.store.training_jobs.get(training_job_arn(measured.scope, "alone"))
    assert job is not None
    measured.take_in(job, a_usage(at=400.0, span_s=180.0, processor_s=180.0))

    told = [(each["Timestamp"], each["Average"]) for each in of_host(measured, "CPUUtilization", StartTime=120)]

    assert told == [(240, 100.0), (300, 100.0), (360, 100.0)]


@pytest.mark.parametrize(
    ("unit", "metric", "count"), [("None", "loss", 2), ("Percent", "loss", 0), ("Percent", "CPUUtilization", 1)]
)
def test_what_is_in_another_unit_is_left_out(measured: Desk, unit: str, metric: str, count: int) -> None:
    told = points(measured, Unit=unit) if metric == "loss" else of_host(measured, metric, Unit=unit)

    assert len(told) == count
