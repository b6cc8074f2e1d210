"""Which function answers which operation."""

from collections.abc import Callable, Mapping
from functools import partial

from luthier.api.describe import describe_tuning_job
from luthier.api.describe_training import describe_training_job
from luthier.api.desk import Desk
from luthier.api.identity import get_caller_identity
from luthier.api.ledger.rule import refuse_unsupported
from luthier.api.listing import list_children, list_tuning_jobs
from luthier.api.training_jobs import stop_training_job
from luthier.api.tuning_jobs import create_tuning_job, stop_tuning_job
from luthier.records.call import Call
from luthier.records.json_value import JsonObject

Operation = Callable[[Call], JsonObject | None]
"""Answers one operation; None is an empty answer. Raises ApiError for what the caller should hear."""


def operations(desk: Desk) -> Mapping[tuple[str, str], Operation]:
    """Give every operation that is answered, by botocore's name of the service and the operation's."""
    bound: dict[tuple[str, str], Operation] = {
        ("sagemaker", name): partial(_answered, answer, desk) for name, answer in _SAGEMAKER.items()
    }
    return bound | {("sts", "GetCallerIdentity"): get_caller_identity}


_SAGEMAKER: Mapping[str, Callable[[Desk, Call], JsonObject | None]] = {
    "CreateHyperParameterTuningJob": create_tuning_job,
    "DescribeHyperParameterTuningJob": describe_tuning_job,
    "DescribeTrainingJob": describe_training_job,
    "ListHyperParameterTuningJobs": list_tuning_jobs,
    "ListTrainingJobsForHyperParameterTuningJob": list_children,
    "StopHyperParameterTuningJob": stop_tuning_job,
    "StopTrainingJob": stop_training_job,
}


def _answered(answer: Callable[[Desk, Call], JsonObject | None], desk: Desk, call: Call) -> JsonObject | None:
    refuse_unsupported(call)
    return answer(desk, call)
