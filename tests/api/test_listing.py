"""Listing tuning jobs, and the training jobs of one."""

from dataclasses import replace
from typing import Any

import pytest

from desk import Desk
from luthier.records.journal import Ended, Outcome
from luthier.records.names import tuning_job_arn
from luthier.records.status import TuningStatus
from sample import a_create_request
from things import SCOPE


def names(desk: Desk, **asked: Any) -> list[str]:
    answer = desk.ask("ListHyperParameterTuningJobs", **asked)
    return [each["HyperParameterTuningJobName"] for each in answer["HyperParameterTuningJobSummaries"]]


def children(desk: Desk, **asked: Any) -> list[str]:
    answer = desk.ask("ListTrainingJobsForHyperParameterTuningJob", HyperParameterTuningJobName="tune", **asked)
    return [each["TrainingJobName"] for each in answer["TrainingJobSummaries"]]


def create(desk: Desk, *given: str) -> None:
    for name in given:
        desk.create(a_create_request(name))


def finish(desk: Desk, name: str, at: float) -> None:
    job = desk.store.tuning_jobs.get(tuning_job_arn(SCOPE, name))
    assert job is not None
    desk.store.tuning_jobs.replace(replace(job, status=TuningStatus.COMPLETED, ended_at=at, modified_at=at))


def test_tuning_jobs_are_listed_by_name(desk: Desk) -> None:
    create(desk, "b", "a", "c")

    assert names(desk) == ["a", "b", "c"]


def test_a_summary_is_what_describe_says_in_short(desk: Desk) -> None:
    create(desk, "tune")
    desk.complete(desk.launch("tune", 1)[0], 0.5)
    described = desk.ask("DescribeHyperParameterTuningJob", HyperParameterTuningJobName="tune")

    (summary,) = desk.ask("ListHyperParameterTuningJobs")["HyperParameterTuningJobSummaries"]

    config = described["HyperParameterTuningJobConfig"]
    same = {name: value for name, value in described.items() if name in summary}
    assert summary == {**same, "Strategy": config["Strategy"], "ResourceLimits": config["ResourceLimits"]}
    assert summary["TrainingJobStatusCounters"]["Completed"] == summary["ObjectiveStatusCounters"]["Succeeded"] == 1


def test_a_page_has_ten_entries_unless_told_otherwise(desk: Desk) -> None:
    create(desk, *(f"job-{place:02d}" for place in range(12)))

    assert (len(names(desk)), len(names(desk, MaxResults=11))) == (10, 11)


def test_a_page_of_a_tuning_jobs_training_jobs_has_ten_entries_unless_told_otherwise(desk: Desk) -> None:
    create(desk, "tune")
    desk.launch("tune", *range(1, 13))

    assert (len(children(desk)), len(children(desk, MaxResults=11))) == (10, 11)


def test_pages_follow_one_another_without_a_gap(desk: Desk) -> None:
    create(desk, "a", "b", "c")
    first = desk.ask("ListHyperParameterTuningJobs", MaxResults=2)

    rest = desk.ask("ListHyperParameterTuningJobs", MaxResults=2, NextToken=first["NextToken"])

    assert [each["HyperParameterTuningJobName"] for each in rest["HyperParameterTuningJobSummaries"]] == ["c"]
    assert "NextToken" not in rest


@pytest.mark.parametrize("operation", ["ListHyperParameterTuningJobs", "ListTrainingJobsForHyperParameterTuningJob"])
def test_a_made_up_token_is_refused(desk: Desk, operation: str) -> None:
    create(desk, "tune")
    named = {} if operation == "ListHyperParameterTuningJobs" else {"HyperParameterTuningJobName": "tune"}

    error = desk.refusal(operation, NextToken="made-up", **named)

    assert (error.code, error.message.startswith("NextToken")) == ("ValidationException", True)


def test_a_listing_can_be_turned_round(desk: Desk) -> None:
    create(desk, "a", "b")

    assert names(desk, SortOrder="Descending") == ["b", "a"]


def test_a_listing_can_be_sorted(desk: Desk) -> None:
    create(desk, "b", "a")
    finish(desk, "b", desk.now)

    assert (names(desk, SortBy="CreationTime"), names(desk, SortBy="Status")) == (["b", "a"], ["b", "a"])


def test_a_listing_can_be_narrowed_by_name(desk: Desk) -> None:
    create(desk, "churn-1", "fraud-1", "churn-2")

    assert names(desk, NameContains="churn") == ["churn-1", "churn-2"]


def test_a_listing_can_be_bounded_in_time(desk: Desk) -> None:
    """Strictly: a second lies between each of these."""
    create(desk, "a", "b", "c")
    start = desk.now - 2
    finish(desk, "a", start + 50)

    assert names(desk, CreationTimeAfter=start) == ["b", "c"]
    assert names(desk, CreationTimeBefore=start + 2) == ["a", "b"]
    assert names(desk, LastModifiedTimeAfter=start + 49) == ["a"]
    assert names(desk, LastModifiedTimeBefore=start + 50) == ["b", "c"]


def test_tuning_jobs_can_be_narrowed_by_status(desk: Desk) -> None:
    create(desk, "a", "b")
    finish(desk, "a", desk.now)

    assert (names(desk, StatusEquals="Completed"), names(desk, StatusEquals="InProgress")) == (["a"], ["b"])


def test_nothing_is_ever_deleting(desk: Desk) -> None:
    create(desk, "tune")
    desk.launch("tune", 1)

    assert (names(desk, StatusEquals="Deleting"), children(desk, StatusEquals="Deleting")) == ([], [])


def test_a_tuning_jobs_training_jobs_are_listed_by_name(desk: Desk) -> None:
    create(desk, "tune", "other")
    desk.launch("other", 1)
    jobs = desk.launch("tune", 1, 2, 3)

    assert children(desk) == [job.name for job in jobs]


def test_training_jobs_can_be_narrowed_by_status(desk: Desk) -> None:
    create(desk, "tune")
    done, running = desk.launch("tune", 1, 2)
    desk.complete(done, 0.5)

    assert (children(desk, StatusEquals="Completed"), children(desk, StatusEquals="InProgress")) == (
        [done.name],
        [running.name],
    )


def test_training_jobs_can_be_sorted_by_their_objective(desk: Desk) -> None:
    """Those without a value are left out."""
    create(desk, "tune")
    first, second, _ = desk.launch("tune", 1, 2, 3)
    desk.complete(first, 0.75)
    desk.complete(second, 0.25)

    assert children(desk, SortBy="FinalObjectiveMetricValue") == [second.name, first.name]


def test_a_training_job_without_an_objective_has_no_metric(desk: Desk) -> None:
    """Absent, not null: analytics read it."""
    create(desk, "tune")
    (child,) = desk.launch("tune", 1)
    desk.take_in(child, Ended(outcome=Outcome.COMPLETED, at=desk.now + 5))

    (summary,) = desk.ask("ListTrainingJobsForHyperParameterTuningJob", HyperParameterTuningJobName="tune")[
        "TrainingJobSummaries"
    ]

    assert summary["ObjectiveStatus"] == "Failed"
    assert "FinalHyperParameterTuningJobObjectiveMetric" not in summary


def test_a_training_job_that_failed_before_its_start_is_listed_without_one(desk: Desk) -> None:
    """Absent, not null: analytics subtract it from the end wherever the member is there."""
    create(desk, "tune")
    (child,) = desk.launch("tune", 1)
    desk.take_in(child, Ended(outcome=Outcome.FAILED, at=desk.now + 5, reason="ClientError: no input"))

    (summary,) = desk.ask("ListTrainingJobsForHyperParameterTuningJob", HyperParameterTuningJobName="tune")[
        "TrainingJobSummaries"
    ]

    assert (summary["TrainingJobStatus"], summary["TrainingEndTime"]) == ("Failed", desk.now + 4)
    assert "TrainingStartTime" not in summary


def test_pages_of_training_jobs_follow_one_another_without_a_gap(desk: Desk) -> None:
    create(desk, "tune")
    jobs = desk.launch("tune", 1, 2, 3)
    first = desk.ask("ListTrainingJobsForHyperParameterTuningJob", HyperParameterTuningJobName="tune", MaxResults=2)

    assert children(desk, NextToken=first["NextToken"]) == [jobs[2].name]
