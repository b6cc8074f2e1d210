"""A training job's request as text: it runs the same again, by itself."""

import ast
import json
import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desk import Desk
from luthier.dashboard.training_copy import training_as_boto3, training_as_command
from luthier.records.training_job import TrainingJob
from luthier.store.engine import Store
from sample import a_create_request
from things import a_training_job


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    yield Desk(store)
    store.close()


def request_in(job: TrainingJob) -> Any:
    """Read the literal that the program assigns."""
    assignment = ast.parse(training_as_boto3(job)).body[1]
    assert isinstance(assignment, ast.Assign)
    return ast.literal_eval(assignment.value)


def test_the_request_of_a_tuning_jobs_child_is_taken_and_runs_the_same(desk: Desk) -> None:
    desk.create(a_create_request())
    (child,) = desk.launch("MyTuningJob", 5)

    answer = desk.ask("CreateTrainingJob", **{**request_in(child), "TrainingJobName": "again"})

    again = desk.store.training_jobs.get(answer["TrainingJobArn"])
    assert again is not None
    assert replace(again.definition, metrics=()) == replace(child.definition, metrics=())
    theirs = {each.name for each in child.definition.metrics} - {"ObjectiveMetric"}  # which tuning adds
    assert theirs <= {each.name for each in again.definition.metrics}
    assert again.tuning_job is None
    chosen = {name: text for name, text in child.hyperparameters.items() if name != "_tuning_objective_metric"}
    assert again.hyperparameters == chosen


def test_the_command_holds_the_same_request(desk: Desk) -> None:
    desk.create(a_create_request())
    (child,) = desk.launch("MyTuningJob", 5)

    words = shlex.split(training_as_command(child).replace("\\\n", ""))

    assert words[:3] == ["aws", "sagemaker", "create-training-job"]
    assert json.loads(words[-1]) == request_in(child)


def test_metrics_that_belong_to_an_algorithm_resource_are_left_out() -> None:
    algorithm = {"AlgorithmName": "mine", "MetricDefinitions": [{"Name": "loss", "Regex": "x"}]}
    job = a_training_job(1, request={"AlgorithmSpecification": algorithm})

    assert request_in(job)["AlgorithmSpecification"] == {"AlgorithmName": "mine"}


def test_nothing_hostile_in_a_hyperparameter_is_obeyed() -> None:
    hostile = "'; touch /tmp/x; $(id) \\ \n\0 </pre>"
    job = a_training_job(1, request={}, hyperparameters={"eta": hostile})

    assert request_in(job)["HyperParameters"] == {"eta": hostile}
    assert (
        json.loads(shlex.split(training_as_command(job).replace("\\\n", ""))[-1])["HyperParameters"]["eta"] == hostile
    )
