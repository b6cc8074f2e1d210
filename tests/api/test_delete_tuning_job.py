"""A deleted tuning job leaves its training jobs behind."""

from dataclasses import replace

from desk import Desk
from luthier.records.names import tuning_job_arn
from luthier.records.status import TuningStatus
from sample import a_create_request

NAME = "gone"


def an_ended_one(desk: Desk) -> str:
    """Create a tuning job with one training job, end it, and give its training job's name."""
    desk.create(a_create_request(NAME) | {"Tags": [{"Key": "team", "Value": "north"}]})
    child = desk.launch(NAME, 3)[0]
    job = desk.store.tuning_jobs.get(tuning_job_arn(desk.scope, NAME))
    assert job is not None
    assert desk.store.tuning_jobs.replace(replace(job, status=TuningStatus.COMPLETED, ended_at=desk.now))
    return child.name


def test_a_deleted_tuning_job_is_gone(desk: Desk) -> None:
    an_ended_one(desk)

    assert desk.ask("DeleteHyperParameterTuningJob", HyperParameterTuningJobName=NAME.upper()) is None

    refused = desk.refusal("DescribeHyperParameterTuningJob", HyperParameterTuningJobName=NAME)
    assert refused.code == "ResourceNotFound"


def test_its_training_jobs_stay(desk: Desk) -> None:
    child = an_ended_one(desk)

    desk.ask("DeleteHyperParameterTuningJob", HyperParameterTuningJobName=NAME)

    seen = desk.ask("DescribeTrainingJob", TrainingJobName=child)
    assert seen["TuningJobArn"] == tuning_job_arn(desk.scope, NAME)


def test_a_new_one_of_its_name_does_not_take_them_for_its_own(desk: Desk) -> None:
    an_ended_one(desk)
    desk.ask("DeleteHyperParameterTuningJob", HyperParameterTuningJobName=NAME)

    arn = desk.create(a_create_request(NAME))

    seen = desk.ask("DescribeHyperParameterTuningJob", HyperParameterTuningJobName=NAME)
    assert set(seen["TrainingJobStatusCounters"].values()) == {0}
    listed = desk.ask("ListTrainingJobsForHyperParameterTuningJob", HyperParameterTuningJobName=NAME)
    assert listed["TrainingJobSummaries"] == []
    assert desk.ask("ListTags", ResourceArn=arn)["Tags"] == []
    assert len(desk.launch(NAME, 4)) == 1


def test_one_that_is_not_over_is_not_deleted(desk: Desk) -> None:
    desk.create(a_create_request(NAME))

    refused = desk.refusal("DeleteHyperParameterTuningJob", HyperParameterTuningJobName=NAME)

    assert refused.code == "ValidationException"
    assert "stop it first" in refused.message


def test_an_unknown_one_is_told(desk: Desk) -> None:
    refused = desk.refusal("DeleteHyperParameterTuningJob", HyperParameterTuningJobName="nothing")

    assert refused.code == "ResourceNotFound"
