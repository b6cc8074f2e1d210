"""A dry run changes nothing, whatever is asked: every operation that writes, held against the tables."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from algorithm_sample import an_algorithm
from answering import answering, client, rows
from desk import Desk
from luthier.api.operations import operations
from luthier.records.names import TuningJobArn
from luthier.records.status import TuningStatus
from luthier.store.engine import Store
from sample import a_create_request

READS = re.compile(
    "(Describe|List|Get|Search|Simulate|AssumeRole|Filter|Start|GenerateDataKey|Encrypt|Decrypt)"
)  # of these none writes
ARN = "arn:aws:sagemaker:us-east-1:000000000000:hyper-parameter-tuning-job/mytuningjob"
WRITES = sorted(each for each in operations(None) if not READS.match(each[1]))  # type: ignore[arg-type]  # asked nothing

Story = Callable[[Desk], dict[str, Any]]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    yield Desk(store)
    store.close()


def a_training_request(name: str = "train") -> dict[str, Any]:
    """Give the training job that the sample's tuning job would launch."""
    definition = a_create_request()["TrainingJobDefinition"]
    static = definition.pop("StaticHyperParameters")
    return {"TrainingJobName": name, "HyperParameters": static, **definition}


def tuning(desk: Desk) -> dict[str, Any]:
    desk.create(a_create_request())
    return {"HyperParameterTuningJobName": "MyTuningJob"}


def training(desk: Desk) -> dict[str, Any]:
    desk.create(a_create_request())
    (job,) = desk.launch("MyTuningJob", 3)
    return {"TrainingJobName": job.name}


def trained(desk: Desk) -> dict[str, Any]:
    desk.create(a_create_request())
    (job,) = desk.launch("MyTuningJob", 3)
    desk.complete(job, 0.5)
    over(desk, {"HyperParameterTuningJobName": "MyTuningJob"})
    return {"TrainingJobName": job.name}


def tagged(desk: Desk) -> dict[str, Any]:
    desk.create(a_create_request(Tags=[{"Key": "team", "Value": "blue"}]))
    return {"ResourceArn": ARN}


def algorithm(desk: Desk) -> dict[str, Any]:
    desk.ask("CreateAlgorithm", **an_algorithm())
    return {"AlgorithmName": "forest"}


def group(desk: Desk) -> dict[str, Any]:
    desk.ask("CreateLogGroup", of="logs", logGroupName="mine")
    return {"logGroupName": "mine"}


STORIES: Mapping[tuple[str, str], Story] = {
    ("sagemaker", "CreateHyperParameterTuningJob"): lambda _: a_create_request(),
    ("sagemaker", "StopHyperParameterTuningJob"): tuning,
    ("sagemaker", "DeleteHyperParameterTuningJob"): lambda desk: over(desk, tuning(desk)),
    ("sagemaker", "CreateTrainingJob"): lambda _: a_training_request(),
    ("sagemaker", "StopTrainingJob"): training,
    ("sagemaker", "DeleteTrainingJob"): trained,
    ("sagemaker", "AddTags"): lambda desk: {**tagged(desk), "Tags": [{"Key": "team", "Value": "red"}]},
    ("sagemaker", "DeleteTags"): lambda desk: {**tagged(desk), "TagKeys": ["team"]},
    ("sagemaker", "CreateAlgorithm"): lambda _: an_algorithm(),
    ("sagemaker", "DeleteAlgorithm"): algorithm,
    ("logs", "CreateLogGroup"): lambda _: {"logGroupName": "mine"},
    ("logs", "DeleteLogGroup"): group,
}
"""For each operation that writes: how things come to be so that it may, and the request that does."""


def over(desk: Desk, named: dict[str, Any]) -> dict[str, Any]:
    """Have the tuning job stopped and over."""
    desk.ask("StopHyperParameterTuningJob", **named)
    job = desk.store.tuning_jobs.get(TuningJobArn(ARN))
    assert job is not None
    assert desk.store.tuning_jobs.replace(replace(job, status=TuningStatus.STOPPED, ended_at=desk.now))
    return named


@pytest.mark.parametrize("operation", WRITES, ids="-".join)
def test_a_dry_run_changes_no_table(desk: Desk, tmp_path: Path, operation: tuple[str, str]) -> None:
    assert operation in STORIES, "tell in STORIES how this operation comes to write"
    request = STORIES[operation](desk)
    before, wakes = rows(tmp_path / "luthier.db"), desk.wakes
    desk.is_dry_run = True

    error = desk.refusal(operation[1], of=operation[0], **request)

    assert (error.code, error.http_status) == ("DryRunOperation", 412)
    assert (rows(tmp_path / "luthier.db"), desk.wakes) == (before, wakes)


@pytest.mark.parametrize("operation", WRITES, ids="-".join)
def test_what_a_dry_run_promises_comes_true(desk: Desk, tmp_path: Path, operation: tuple[str, str]) -> None:
    """Without the flag the same request is answered, and something changes."""
    request = STORIES[operation](desk)
    before = rows(tmp_path / "luthier.db")

    desk.ask(operation[1], of=operation[0], **request)

    assert rows(tmp_path / "luthier.db") != before


def test_a_dry_run_is_asked_for_with_a_header(desk: Desk) -> None:
    with answering(desk) as url:
        sagemaker = client("sagemaker", url)
        sagemaker.meta.events.register(
            "before-sign.sagemaker", lambda request, **_: request.headers.add_header("x-luthier-dry-run", "true")
        )

        with pytest.raises(ClientError) as caught:
            sagemaker.create_hyper_parameter_tuning_job(**a_create_request())

    assert caught.value.response["Error"] == {
        "Code": "DryRunOperation",
        "Message": "Request would have succeeded, but DryRun flag is set.",
    }
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 412


def test_a_dry_run_of_a_wrong_request_tells_what_is_wrong(desk: Desk) -> None:
    desk.is_dry_run = True

    error = desk.refusal_to_create(a_create_request(TrainingJobDefinition__ResourceConfig=...))

    assert error.code == "ValidationException"


def test_a_dry_run_of_a_name_that_is_taken_tells_so(desk: Desk) -> None:
    desk.create(a_create_request())
    desk.is_dry_run = True

    assert desk.refusal_to_create(a_create_request()).code == "ResourceInUse"
