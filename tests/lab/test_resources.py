"""What training jobs used, as columns, by a CloudWatch that says what a test wants."""

from datetime import UTC, datetime, timedelta
from typing import Any

from luthier.lab.resources import RESOURCES, with_resources

BEGAN = datetime(2026, 5, 1, 12, tzinfo=UTC)


class CloudWatch:
    """Answers with points of one metric, and keeps what it was asked."""

    def __init__(self, metric: str, *points: dict[str, float]) -> None:
        self._metric, self._points = metric, points
        self.asked: list[dict[str, Any]] = []

    def get_metric_statistics(self, **given: Any) -> dict[str, Any]:
        self.asked.append(given)
        return {"Datapoints": list(self._points) if given["MetricName"] == self._metric else []}


def a_row(seconds: float | None = 90.0) -> dict[str, Any]:
    ended = None if seconds is None else BEGAN + timedelta(seconds=seconds)
    return {"TrainingJobName": "job-001", "TrainingStartTime": BEGAN, "TrainingEndTime": ended}


def test_periods_are_joined_by_their_samples() -> None:
    two = (
        {"Average": 100.0, "Maximum": 150.0, "SampleCount": 3.0},
        {"Average": 20.0, "Maximum": 30.0, "SampleCount": 1.0},
    )

    (row,) = with_resources([a_row()], CloudWatch("CPUUtilization", *two))

    assert (row["CPUUtilizationAverage"], row["CPUUtilizationMaximum"]) == (80.0, 150.0)


def test_what_was_not_measured_is_nothing() -> None:
    (row,) = with_resources([a_row()], CloudWatch("none"))

    assert {name: row[name] for name in RESOURCES} == dict.fromkeys(RESOURCES)


def test_training_jobs_that_are_not_over_are_not_asked_for() -> None:
    cloudwatch = CloudWatch("none")

    with_resources([a_row(None)], cloudwatch)

    assert cloudwatch.asked == []


def test_the_first_host_is_asked_for() -> None:
    cloudwatch = CloudWatch("none")

    with_resources([a_row()], cloudwatch)

    assert cloudwatch.asked[0]["Dimensions"] == [{"Name": "Host", "Value": "job-001/algo-1"}]


def test_of_a_long_training_no_more_points_are_asked_for_than_may_be() -> None:
    cloudwatch = CloudWatch("none")

    with_resources([a_row(28 * 86400.0)], cloudwatch)

    asked = cloudwatch.asked[0]
    assert (asked["EndTime"] - asked["StartTime"]).total_seconds() / asked["Period"] <= 1440
