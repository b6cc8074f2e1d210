"""Whether a request would be accepted: all that clients and the service say of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from answering import now, rows
from desk import Desk
from luthier.app.validation import Finding, Question, guess_operation, validate
from luthier.records.identity import a_user
from luthier.store.engine import Store
from sample import a_create_request
from things import SCOPE

CREATE = "CreateHyperParameterTuningJob"
NAMES = sorted(
    [
        CREATE,
        "CreateTrainingJob",
        "DescribeHyperParameterTuningJob",
        "StopHyperParameterTuningJob",
        "ListHyperParameterTuningJobs",
        "ListTags",
        "StopTrainingJob",
    ]
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    yield Desk(store)
    store.close()


def found(desk: Desk, document: Any, operation: str = CREATE) -> list[Finding]:
    text = document if isinstance(document, str) else json.dumps(document)
    question = Question(
        operation=operation, document=text, scope=SCOPE, principal=a_user(SCOPE.account, "AKIA"), now=now()
    )
    return validate(question, desk.handlers())


def test_nothing_is_said_of_a_request_that_would_be_accepted(desk: Desk) -> None:
    assert found(desk, a_create_request()) == []


def test_nothing_is_changed(desk: Desk, tmp_path: Path) -> None:
    before = rows(tmp_path / "luthier.db")

    found(desk, a_create_request())

    assert (rows(tmp_path / "luthier.db"), desk.wakes) == (before, 0)


def test_reading_operations_are_checked_too(desk: Desk) -> None:
    assert found(desk, {"MaxResults": 10}, "ListHyperParameterTuningJobs") == []


def test_a_wrong_type_is_told_as_the_client_does_and_as_the_service_does(desk: Desk) -> None:
    limits = {"MaxNumberOfTrainingJobs": "20", "MaxParallelTrainingJobs": 1}

    said = found(desk, a_create_request(HyperParameterTuningJobConfig__ResourceLimits=limits))

    assert [(each.by, each.code) for each in said] == [
        ("client", "ParamValidationError"),
        ("service", "SerializationException"),
    ]
    assert "Invalid type for parameter HyperParameterTuningJobConfig.ResourceLimits.MaxNumberOf" in said[0].message


def test_everything_that_clients_find_is_told(desk: Desk) -> None:
    said = found(desk, {"HyperParameterTuningJobName": 5, "Colour": "red"})

    assert sum(each.by == "client" for each in said) == 3


def test_everything_that_breaks_the_model_is_told_in_one_message(desk: Desk) -> None:
    request = a_create_request("under_score", HyperParameterTuningJobConfig__Strategy="Psychic")

    (said,) = found(desk, request)

    assert (said.by, said.code) == ("service", "ValidationException")
    assert said.message.startswith("2 validation errors detected: Value 'under_score' at 'hyperParameterTuningJobName'")


def test_what_only_the_service_knows_is_told_in_its_words(desk: Desk) -> None:
    desk.create(a_create_request())

    (said,) = found(desk, a_create_request())

    assert said == Finding(
        by="service",
        code="ResourceInUse",
        message="A hyperparameter tuning job with the name, MyTuningJob, already exists. Choose a different name.",
    )


def test_missing_input_is_told(desk: Desk) -> None:
    desk.objects.keys.clear()

    (said,) = found(desk, a_create_request())

    assert said.message.startswith('No S3 objects found under S3 URL "s3://data/xgboost/train"')


@pytest.mark.parametrize(
    "document",
    ['{"HyperParameterTuningJobName": NaN}', '{"a": 1, "a": 2}', '{"HyperParameterTuningJobName": "\\ud800"}'],
)
def test_json_that_no_service_reads_is_refused(desk: Desk, document: str) -> None:
    said = found(desk, document, "StopHyperParameterTuningJob")

    assert said[-1].code == "SerializationException"


@pytest.mark.parametrize(
    ("members", "operation"),
    [
        (a_create_request(), CREATE),
        ({"HyperParameterTuningJobName": "a", "HyperParameterTuningJobConfig": {}, "Typo": 1}, CREATE),
        ({"TrainingJobName": "a", "RoleArn": "b"}, "CreateTrainingJob"),
        ({"TrainingJobName": "a"}, "StopTrainingJob"),
        ({"ResourceArn": "a"}, "ListTags"),
        ({"StatusEquals": "Failed"}, "ListHyperParameterTuningJobs"),
    ],
)
def test_an_operation_is_guessed_from_its_members(members: dict[str, Any], operation: str) -> None:
    assert guess_operation(members, NAMES) == operation


@pytest.mark.parametrize("members", [{"HyperParameterTuningJobName": "a"}, {}, {"Typo": 1}])
def test_members_that_do_not_tell_are_not_guessed_at(members: dict[str, Any]) -> None:
    assert guess_operation(members, NAMES) is None
