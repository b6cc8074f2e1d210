"""What an event tells of a job."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desk import Desk
from luthier.api.state_changes import detail_of, in_milliseconds
from luthier.records.names import tuning_job_arn
from luthier.records.outbox import WEBHOOK, Outbox
from luthier.records.state_change import StateChange
from luthier.store.engine import Store
from sample import a_create_request

NAME = "MyTuningJob"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}", outboxes=[Outbox(name=WEBHOOK)])
    desk = Desk(store)
    desk.create(a_create_request(NAME, Tags=[{"Key": "team", "Value": "north"}]))
    yield desk
    store.close()


def changes(desk: Desk, of: str = NAME) -> list[StateChange]:
    store = desk.store.state_changes
    found = [each.change for line in store.lines() for each in store.waiting(line, 100)]
    return [each for each in found if each.name == of]


def test_a_tuning_job_is_told_of_as_describe_tells(desk: Desk) -> None:
    (change,) = changes(desk)

    detail: Any = detail_of(desk.store, change)

    described = desk.ask("DescribeHyperParameterTuningJob", HyperParameterTuningJobName=NAME)
    assert detail["HyperParameterTuningJobStatus"] == "InProgress"
    assert detail["HyperParameterTuningJobConfig"] == described["HyperParameterTuningJobConfig"]
    assert detail["TrainingJobDefinition"] == described["TrainingJobDefinition"]
    assert detail["TrainingJobStatusCounters"]["InProgress"] == 0
    assert detail["Tags"] == {"team": "north"}


def test_times_are_milliseconds(desk: Desk) -> None:
    (change,) = changes(desk)

    assert detail_of(desk.store, change)["CreationTime"] == round(change.created_at * 1000)


def test_a_training_job_is_told_of_as_it_was_then(desk: Desk) -> None:
    (child,) = desk.launch(NAME, 3)
    desk.complete(child, 0.875)
    started, downloading, training, uploading, completed = changes(desk, child.name)

    then: Any = detail_of(desk.store, training)
    now: Any = detail_of(desk.store, completed)

    assert [each.secondary for each in (started, downloading, uploading)] == ["Starting", "Downloading", "Uploading"]
    assert (then["TrainingJobStatus"], then["SecondaryStatus"]) == ("InProgress", "Training")
    assert [each["Status"] for each in then["SecondaryStatusTransitions"]] == ["Starting", "Downloading", "Training"]
    assert "TrainingEndTime" not in then
    assert (now["TrainingJobStatus"], now["TrainingEndTime"]) == ("Completed", round(completed.at * 1000))


def test_of_a_job_that_is_gone_the_change_itself_is_told(desk: Desk) -> None:
    desk.ask("StopHyperParameterTuningJob", HyperParameterTuningJobName=NAME)
    asked = changes(desk)[-1]
    job = desk.store.tuning_jobs.get(tuning_job_arn(desk.scope, NAME))
    assert job is not None
    desk.store.tuning_jobs.delete(job)

    detail = detail_of(desk.store, asked)

    assert detail == {
        "HyperParameterTuningJobName": NAME,
        "HyperParameterTuningJobArn": asked.arn,
        "HyperParameterTuningJobStatus": "Stopping",
        "CreationTime": round(asked.created_at * 1000),
        "LastModifiedTime": round(asked.at * 1000),
        "Tags": {},
    }


def test_text_that_is_called_a_time_stays_text() -> None:
    assert in_milliseconds({"HyperParameters": {"EndTime": "1.5"}, "EndTime": 1.5}) == {
        "HyperParameters": {"EndTime": "1.5"},
        "EndTime": 1500,
    }
