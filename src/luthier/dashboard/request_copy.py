"""
Requests as text to paste, the one that created a tuning job first: Python for boto3, or a command for a shell (pure).

Nothing of the request is trusted: in Python it is one literal, in the shell one quoted word of JSON, and both are ASCII
wherever a character has no shape.
"""

import json
import shlex
from collections.abc import Mapping
from pprint import pformat

from luthier.records.json_value import JsonObject, JsonValue
from luthier.records.tuning_job import TuningJob

_WIDTH = 100
_ADDED = "_tuning_objective_metric"  # a hyperparameter that the service adds, and takes from nobody


def as_boto3(job: TuningJob) -> str:
    """Write a program that creates the tuning job again, against whatever endpoint boto3 is set to."""
    return boto3_program(without_added(job.request), job.scope.region, "create_hyper_parameter_tuning_job")


def as_command(job: TuningJob) -> str:
    """Write a command of the AWS CLI that creates the tuning job again."""
    return cli_command(without_added(job.request), job.scope.region, "create-hyper-parameter-tuning-job")


def boto3_program(request: JsonObject, region: str, method: str) -> str:
    """Write a program that has *method* of SageMaker's client send *request*."""
    return (
        "import boto3\n\n"
        f"request = {pformat(request, width=_WIDTH, sort_dicts=False)}\n"
        f"boto3.client('sagemaker', region_name={region!r}).{method}(**request)\n"
    )


def cli_command(request: JsonObject, region: str, verb: str) -> str:
    """Write a command that has *verb* of the AWS CLI's `sagemaker` send *request*."""
    told = shlex.quote(json.dumps(request, indent=2))
    return f"aws sagemaker {verb} --region {shlex.quote(region)} \\\n  --cli-input-json {told}\n"


def without_added(request: JsonObject) -> JsonObject:
    """Give a request without what the service has added to it that it would refuse to be given."""
    kept = _plain(request)
    assert isinstance(kept, Mapping)
    return kept


def _plain(value: JsonValue) -> JsonValue:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items() if key != _ADDED}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value
