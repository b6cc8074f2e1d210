"""A deleted training job leaves nothing behind but its artifacts."""

from dataclasses import replace

import pytest

from desk import Desk
from luthier.records.names import Scope, TrainingJobArn, training_job_arn, tuning_job_arn
from luthier.records.status import TrainingStatus, TuningStatus
from luthier.records.training_job import TrainingJob
from sample import a_create_request
from training_requests import a_training_request

NAME = "alone"


def created(desk: Desk, name: str = NAME) -> TrainingJob:
    arn = desk.ask("CreateTrainingJob", **a_training_request(name))["TrainingJobArn"]
    return stored(desk, arn)


def stored(desk: Desk, arn: TrainingJobArn) -> TrainingJob:
    job = desk.store.training_jobs.get(arn)
    assert job is not None
    return job


def an_ended_one(desk: Desk, status: TrainingStatus = TrainingStatus.COMPLETED) -> TrainingJob:
    job = created(desk)
    assert desk.store.training_jobs.take_in(replace(job, status=status, ended_at=desk.now, is_released=True), [])
    return stored(desk, job.arn)


@pytest.mark.parametrize("status", [TrainingStatus.COMPLETED, TrainingStatus.FAILED, TrainingStatus.STOPPED])
def test_a_training_job_that_is_over_can_be_deleted(desk: Desk, status: TrainingStatus) -> None:
    job = an_ended_one(desk, status)

    assert desk.ask("DeleteTrainingJob", TrainingJobName=NAME.upper()) is None

    assert desk.ask("DescribeTrainingJob", TrainingJobName=NAME)["TrainingJobStatus"] == "Deleting"
    assert desk.store.training_jobs.unreleased() == [job.arn]
    assert desk.wakes == 2


@pytest.mark.parametrize("status", [TrainingStatus.IN_PROGRESS, TrainingStatus.STOPPING])
def test_one_that_is_not_over_is_in_use(desk: Desk, status: TrainingStatus) -> None:
    job = created(desk)
    assert desk.store.training_jobs.take_in(replace(job, status=status), [])

    refused = desk.refusal("DeleteTrainingJob", TrainingJobName=NAME)

    assert refused.code == "ResourceInUse"
    assert f"in status {status}" in refused.message


def test_deleting_twice_is_deleting_once(desk: Desk) -> None:
    job = an_ended_one(desk)
    desk.ask("DeleteTrainingJob", TrainingJobName=NAME)
    before = stored(desk, job.arn)

    desk.ask("DeleteTrainingJob", TrainingJobName=NAME)

    assert stored(desk, job.arn) == before


def test_an_unknown_one_cannot_be_deleted(desk: Desk) -> None:
    refused = desk.refusal("DeleteTrainingJob", TrainingJobName="nothing")

    assert (refused.code, refused.message) == ("ValidationException", "Requested resource not found.")


def test_nobody_deletes_anothers(desk: Desk) -> None:
    an_ended_one(desk)
    desk.scope = Scope(account="111111111111", region=desk.scope.region)

    assert desk.refusal("DeleteTrainingJob", TrainingJobName=NAME).code == "ValidationException"


def test_the_name_is_taken_until_everything_is_gone(desk: Desk) -> None:
    job = an_ended_one(desk)
    desk.ask("DeleteTrainingJob", TrainingJobName=NAME)

    assert desk.refusal("CreateTrainingJob", **a_training_request(NAME)).code == "ResourceInUse"

    assert desk.store.training_jobs.delete(stored(desk, job.arn))
    assert created(desk).status is TrainingStatus.IN_PROGRESS


def test_one_that_is_being_deleted_is_not_stopped(desk: Desk) -> None:
    an_ended_one(desk)
    desk.ask("DeleteTrainingJob", TrainingJobName=NAME)

    assert "in status Deleting" in desk.refusal("StopTrainingJob", TrainingJobName=NAME).message


def test_one_that_is_being_deleted_is_listed_as_such(desk: Desk) -> None:
    an_ended_one(desk)
    created(desk, "other")
    desk.ask("DeleteTrainingJob", TrainingJobName=NAME)

    listed = desk.ask("ListTrainingJobs", StatusEquals="Deleting")["TrainingJobSummaries"]

    assert [each["TrainingJobName"] for each in listed] == [NAME]


def test_what_a_tuning_job_learns_from_is_in_use(desk: Desk) -> None:
    desk.create(a_create_request("tune"))
    child = desk.complete(desk.launch("tune", 3)[0], 0.5)

    refused = desk.refusal("DeleteTrainingJob", TrainingJobName=child.name)

    assert refused.code == "ResourceInUse"
    assert "learns from it" in refused.message


def test_a_training_job_of_a_tuning_job_that_is_over_leaves_its_counters(desk: Desk) -> None:
    desk.create(a_create_request("tune"))
    first, second = (desk.complete(each, 0.5) for each in desk.launch("tune", 3, 4))
    end(desk, "tune")

    desk.ask("DeleteTrainingJob", TrainingJobName=first.name)

    seen = desk.ask("DescribeHyperParameterTuningJob", HyperParameterTuningJobName="tune")
    assert seen["TrainingJobStatusCounters"]["Completed"] == 1
    assert seen["BestTrainingJob"]["TrainingJobName"] == second.name
    assert desk.ask("DescribeTrainingJob", TrainingJobName=first.name)["TuningJobArn"] == first.tuning_job


def test_a_training_job_of_a_deleted_tuning_job_can_be_deleted(desk: Desk) -> None:
    """Even if there is a new tuning job of the old one's name."""
    desk.create(a_create_request("tune"))
    child = desk.complete(desk.launch("tune", 3)[0], 0.5)
    end(desk, "tune")
    desk.ask("DeleteHyperParameterTuningJob", HyperParameterTuningJobName="tune")
    desk.create(a_create_request("tune"))

    desk.ask("DeleteTrainingJob", TrainingJobName=child.name)

    assert stored(desk, training_job_arn(desk.scope, child.name)).status is TrainingStatus.DELETING


def end(desk: Desk, name: str) -> None:
    job = desk.store.tuning_jobs.get(tuning_job_arn(desk.scope, name))
    assert job is not None
    assert desk.store.tuning_jobs.replace(replace(job, status=TuningStatus.COMPLETED, ended_at=desk.now))
