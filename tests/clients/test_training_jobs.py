"""The story of training jobs on their own, told by an unmodified boto3 against a real server."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from clients.conftest import seen_by
from clients.training import finish, prepare, train, wait_until_it_says
from luthier_server import Luthier, until

pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module")
def luthier(recording: Luthier) -> Luthier:
    """The recording server, with data, and an image `patient:1` that waits if asked to."""
    prepare(recording)
    return recording


@pytest.fixture(scope="module")
def finished(luthier: Luthier) -> dict[str, Any]:
    """A training job that wrote down all that it saw."""
    train(luthier, "Finished", "recorder:1", x="0.25", text='"quoted"')
    return finish(luthier, "Finished")


def refused(call: Any, **parameters: Any) -> dict[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    error: dict[str, str] = caught.value.response["Error"]
    return error


def names(luthier: Luthier, **asked: Any) -> list[str]:
    pages = luthier.client("sagemaker").get_paginator("list_training_jobs")
    found = pages.paginate(**{"PaginationConfig": {"PageSize": 2}, **asked}).build_full_result()
    return [each["TrainingJobName"] for each in found["TrainingJobSummaries"]]


def test_it_completes_with_its_artifacts_in_s3(luthier: Luthier, finished: dict[str, Any]) -> None:
    uri = finished["ModelArtifacts"]["S3ModelArtifacts"]

    head = luthier.client("s3").head_object(Bucket="alone", Key=uri.removeprefix("s3://alone/"))

    assert (finished["TrainingJobStatus"], finished["SecondaryStatus"]) == ("Completed", "Completed")
    assert uri == "s3://alone/output/Finished/output/model.tar.gz"
    assert head["ContentLength"] > 0


def test_its_program_saw_all_that_was_asked_for(luthier: Luthier, finished: dict[str, Any]) -> None:
    seen = seen_by(luthier, finished["TrainingJobName"])

    assert seen["hyperparameters"] == {"x": "0.25", "text": '"quoted"'}
    assert seen["files"] == {"train/rows.csv": "1,2\n"}
    assert list(seen["inputdataconfig"]) == ["train"]
    assert seen["resourceconfig"]["current_instance_type"] == "ml.m5.large"
    assert seen["environment"]["COLOUR"] == "blue"
    assert seen["environment"]["TRAINING_JOB_NAME"] == "Finished"
    assert seen["environment"]["TRAINING_JOB_ARN"] == finished["TrainingJobArn"]


def test_its_last_metrics_are_told(finished: dict[str, Any]) -> None:
    (metric,) = finished["FinalMetricDataList"]

    assert metric["MetricName"] == "loss"
    assert metric["Value"] == pytest.approx((0.25 - 0.3) ** 2 + 1 / 3, abs=1e-5)
    assert finished["TrainingStartTime"] <= metric["Timestamp"] <= finished["TrainingEndTime"]


def test_its_transitions_follow_one_another_without_a_gap(finished: dict[str, Any]) -> None:
    transitions = finished["SecondaryStatusTransitions"]

    statuses = list(dict.fromkeys(each["Status"] for each in transitions))
    assert statuses == ["Starting", "Downloading", "Training", "Uploading", "Completed"]
    assert [each["EndTime"] for each in transitions[:-1]] == [each["StartTime"] for each in transitions[1:]]
    assert all(each["StatusMessage"] for each in transitions)
    assert transitions[-1]["EndTime"] == finished["TrainingEndTime"] == finished["LastModifiedTime"]


def test_its_metric_is_in_cloudwatch(luthier: Luthier, finished: dict[str, Any]) -> None:
    found = luthier.client("cloudwatch").get_metric_statistics(
        Namespace="/aws/sagemaker/TrainingJobs",
        MetricName="loss",
        Dimensions=[{"Name": "TrainingJobName", "Value": "Finished"}],
        StartTime=finished["TrainingStartTime"],
        EndTime=finished["TrainingEndTime"] + timedelta(minutes=1),
        Period=60,
        Statistics=["SampleCount", "Minimum"],
    )["Datapoints"]

    assert sum(each["SampleCount"] for each in found) == 3
    assert min(each["Minimum"] for each in found) == pytest.approx((0.25 - 0.3) ** 2 + 1 / 3, abs=1e-5)


def test_its_tags_are_there(luthier: Luthier, finished: dict[str, Any]) -> None:
    tags = luthier.client("sagemaker").list_tags(ResourceArn=finished["TrainingJobArn"])["Tags"]

    assert tags == [{"Key": "team", "Value": "north"}]


def test_a_name_is_taken_whatever_its_capitals(luthier: Luthier, finished: dict[str, Any]) -> None:
    assert finished
    with pytest.raises(ClientError, match="must be unique within an AWS account and region") as caught:
        train(luthier, "fINISHED")

    assert caught.value.response["Error"]["Code"] == "ResourceInUse"


def test_the_waiter_fails_for_a_failed_one_which_has_its_programs_words(luthier: Luthier) -> None:
    train(luthier, "failing", fails="yes")

    with pytest.raises(WaiterError, match="terminal failure state"):
        finish(luthier, "failing")

    described = luthier.client("sagemaker").describe_training_job(TrainingJobName="failing")
    assert described["TrainingJobStatus"] == "Failed"
    assert described["FailureReason"] == "AlgorithmError: no more patience"


def test_the_waiter_fails_for_an_unknown_one(luthier: Luthier) -> None:
    with pytest.raises(WaiterError, match="ValidationException"):
        finish(luthier, "nothing")


def test_a_running_one_is_not_deleted_but_stopped_and_keeps_what_it_made(luthier: Luthier) -> None:
    sagemaker = luthier.client("sagemaker")
    train(luthier, "stopped", waits="yes", lines="2")
    wait_until_it_says(luthier, "stopped", "loss=0.5")

    error = refused(sagemaker.delete_training_job, TrainingJobName="stopped")
    sagemaker.stop_training_job(TrainingJobName="stopped")

    assert error["Code"] == "ResourceInUse"
    assert "in status InProgress" in error["Message"]
    assert sagemaker.describe_training_job(TrainingJobName="stopped")["TrainingJobStatus"] in ("Stopping", "Stopped")
    described = finish(luthier, "stopped")
    assert (described["TrainingJobStatus"], described["SecondaryStatus"]) == ("Stopped", "Stopped")
    assert described["FinalMetricDataList"][0]["Value"] == 0.5
    assert seen_by(luthier, "stopped")["hyperparameters"] == {"waits": "yes", "lines": "2"}
    again = refused(sagemaker.stop_training_job, TrainingJobName="stopped")
    assert again["Message"] == "The request was rejected because the training job is in status Stopped."


def test_the_name_of_a_deleted_one_may_be_used_again(luthier: Luthier) -> None:
    sagemaker, logs = luthier.client("sagemaker"), luthier.client("logs")
    group = {"logGroupName": "/aws/sagemaker/TrainingJobs", "logStreamNamePrefix": "again/"}
    train(luthier, "again", lines="5")
    first = finish(luthier, "again")
    (old,) = logs.describe_log_streams(**group)["logStreams"]

    sagemaker.delete_training_job(TrainingJobName="again")

    until(lambda: "again" not in names(luthier), "it is still there")
    assert (
        refused(sagemaker.describe_training_job, TrainingJobName="again")["Message"] == "Requested resource not found."
    )
    assert logs.describe_log_streams(**group)["logStreams"] == []
    train(luthier, "again", lines="1")
    second = finish(luthier, "again")
    assert second["CreationTime"] > first["CreationTime"]
    assert [each["Value"] for each in second["FinalMetricDataList"]] == [1.0]
    assert seen_by(luthier, "again")["hyperparameters"] == {"lines": "1"}
    (new,) = logs.describe_log_streams(**group)["logStreams"]
    assert new["logStreamName"] != old["logStreamName"]


def test_they_are_listed_in_every_order_and_by_every_filter(luthier: Luthier) -> None:
    begun = datetime.now(UTC)  # noqa: TID251  # a client tells the time
    train(luthier, "list-b")
    train(luthier, "list-c", fails="yes")
    train(luthier, "list-a")
    finish(luthier, "list-b")
    finish(luthier, "list-a")
    until(lambda: names(luthier, NameContains="list-c", StatusEquals="Failed") == ["list-c"], "it does not fail")

    assert names(luthier, NameContains="list-") == ["list-b", "list-c", "list-a"]
    assert names(luthier, NameContains="list-", SortOrder="Descending") == ["list-a", "list-c", "list-b"]
    assert names(luthier, NameContains="list-", SortBy="Name") == ["list-a", "list-b", "list-c"]
    assert names(luthier, NameContains="list-", SortBy="Status")[-1] == "list-c"
    assert names(luthier, StatusEquals="Failed", NameContains="list-", PaginationConfig={}) == ["list-c"]
    for bound in ("CreationTime", "LastModifiedTime"):
        earlier, later = begun - timedelta(seconds=1), begun + timedelta(hours=1)
        assert len(names(luthier, NameContains="list-", **{f"{bound}After": earlier, f"{bound}Before": later})) == 3
        assert names(luthier, NameContains="list-", **{f"{bound}Before": earlier}) == []
        assert names(luthier, NameContains="list-", **{f"{bound}After": later}) == []
    assert seen_by(luthier, "list-a")["hyperparameters"] == {}
