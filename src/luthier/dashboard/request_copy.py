"""
The request that created a tuning job, as text to paste: Python for boto3, or a command for a POSIX shell (pure).

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
    return (
        "import boto3\n\n"
        f"request = {pformat(_sent(job), width=_WIDTH, sort_dicts=False)}\n"
        f"boto3.client('sagemaker', region_name={job.scope.region!r})"
        ".create_hyper_parameter_tuning_job(**request)\n"
    )


def as_command(job: TuningJob) -> str:
    """Write a command of the AWS CLI that creates the tuning job again."""
    return (
        f"aws sagemaker create-hyper-parameter-tuning-job --region {shlex.quote(job.scope.region)} \\\n"
        f"  --cli-input-json {shlex.quote(json.dumps(_sent(job), indent=2))}\n"
    )


def _sent(job: TuningJob) -> JsonObject:
    """Give the request without what the service has added to it that it would refuse to be given."""
    kept = _without_added(job.request)
    assert isinstance(kept, Mapping)
    return kept


def _without_added(value: JsonValue) -> JsonValue:
    if isinstance(value, Mapping):
        return {key: _without_added(each) for key, each in value.items() if key != _ADDED}
    if isinstance(value, (list, tuple)):
        return [_without_added(each) for each in value]
    return value
