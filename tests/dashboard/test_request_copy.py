"""A tuning job's request as text: it says the same again, and nothing in it is obeyed."""

import ast
import json
import shlex
from typing import Any

import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator

from luthier.dashboard.request_copy import as_boto3, as_command
from luthier.records.tuning_job import TuningJob
from sample import a_create_request, a_request_for_several
from things import a_tuning_job

HOSTILE = '\'; touch /tmp/x; $(id) `id` """ \\ \n\0 \ud800 \u202e </pre><script>'


def a_job(request: dict[str, Any]) -> TuningJob:
    return a_tuning_job("MyTuningJob", request=request)


def request_in(program: str) -> Any:
    """Read the literal that a program assigns."""
    assignment = ast.parse(program).body[1]
    assert isinstance(assignment, ast.Assign)
    return ast.literal_eval(assignment.value)


def words_of(command: str) -> list[str]:
    return list(shlex.split(command.replace("\\\n", "")))


@pytest.mark.parametrize("request_", [a_create_request(), a_request_for_several()])
def test_the_program_and_the_command_hold_the_request(request_: dict[str, Any]) -> None:
    assert request_in(as_boto3(a_job(request_))) == request_
    assert json.loads(words_of(as_command(a_job(request_)))[-1]) == request_


def test_botocore_takes_what_the_command_holds() -> None:
    told = json.loads(words_of(as_command(a_job(a_create_request())))[-1])
    model = get_session().get_service_model("sagemaker").operation_model("CreateHyperParameterTuningJob")

    assert ParamValidator().validate(told, model.input_shape).generate_report() == ""


def test_a_hyperparameter_that_the_service_has_added_is_left_out() -> None:
    static = "TrainingJobDefinition__StaticHyperParameters"
    completed = a_create_request(**{static: {"_tuning_objective_metric": "validation:auc", "eval_metric": "auc"}})

    told = request_in(as_boto3(a_job(completed)))

    assert told["TrainingJobDefinition"]["StaticHyperParameters"] == {"eval_metric": "auc"}


def test_hostile_text_stays_one_literal_of_the_program() -> None:
    request = {"TrainingJobDefinition": {"StaticHyperParameters": {HOSTILE: HOSTILE}}}

    program = as_boto3(a_job(request))

    assert [type(each).__name__ for each in ast.parse(program).body] == ["Import", "Assign", "Expr"]
    assert request_in(program) == request


def test_hostile_text_stays_one_word_of_the_command() -> None:
    request = {"TrainingJobDefinition": {"StaticHyperParameters": {HOSTILE: HOSTILE}}}

    words = words_of(as_command(a_job(request)))

    assert words[:3] == ["aws", "sagemaker", "create-hyper-parameter-tuning-job"]
    assert (len(words), json.loads(words[-1])) == (7, request)
