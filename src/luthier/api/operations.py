"""Which function answers which operation."""

from collections.abc import Callable, Mapping
from functools import partial

from luthier.api.algorithms import create_algorithm, delete_algorithm, describe_algorithm, list_algorithms
from luthier.api.authorisation import authorise
from luthier.api.create_training_job import create_training_job
from luthier.api.delete_training_job import delete_training_job
from luthier.api.delete_tuning_job import delete_tuning_job
from luthier.api.describe import describe_tuning_job
from luthier.api.describe_training import describe_training_job
from luthier.api.desk import Desk
from luthier.api.identity import get_role
from luthier.api.kms import decrypt, describe_key, encrypt, generate_data_key
from luthier.api.ledger.rule import refuse_unsupported
from luthier.api.list_training_jobs import list_training_jobs
from luthier.api.listing import list_children, list_tuning_jobs
from luthier.api.log_events import get_log_events
from luthier.api.log_search import filter_log_events
from luthier.api.log_streams import describe_log_groups, describe_log_streams
from luthier.api.metrics import get_metric_statistics
from luthier.api.policy_simulation import simulate_principal_policy
from luthier.api.search import search
from luthier.api.tags import add_tags, delete_tags, list_tags
from luthier.api.temporary_credentials import assume_role, get_caller_identity
from luthier.api.training_jobs import stop_training_job
from luthier.api.tuning_jobs import create_tuning_job, stop_tuning_job
from luthier.records.call import Call
from luthier.records.json_value import JsonObject

Operation = Callable[[Call], JsonObject | None]
"""Answers one operation; None is an empty answer. Raises ApiError for what the caller should hear."""


def operations(desk: Desk) -> Mapping[tuple[str, str], Operation]:
    """Give every operation that is answered, by botocore's name of the service and the operation's."""
    return {
        (service, name): partial(_answered, answer, desk)
        for service, answers in _SERVICES.items()
        for name, answer in answers.items()
    }


_SAGEMAKER: Mapping[str, Callable[[Desk, Call], JsonObject | None]] = {
    "AddTags": add_tags,
    "CreateAlgorithm": create_algorithm,
    "CreateHyperParameterTuningJob": create_tuning_job,
    "CreateTrainingJob": create_training_job,
    "DeleteAlgorithm": delete_algorithm,
    "DeleteHyperParameterTuningJob": delete_tuning_job,
    "DeleteTags": delete_tags,
    "DeleteTrainingJob": delete_training_job,
    "DescribeAlgorithm": describe_algorithm,
    "DescribeHyperParameterTuningJob": describe_tuning_job,
    "DescribeTrainingJob": describe_training_job,
    "ListAlgorithms": list_algorithms,
    "ListHyperParameterTuningJobs": list_tuning_jobs,
    "ListTags": list_tags,
    "ListTrainingJobs": list_training_jobs,
    "ListTrainingJobsForHyperParameterTuningJob": list_children,
    "Search": search,
    "StopHyperParameterTuningJob": stop_tuning_job,
    "StopTrainingJob": stop_training_job,
}

_SERVICES: Mapping[str, Mapping[str, Callable[[Desk, Call], JsonObject | None]]] = {
    "sagemaker": _SAGEMAKER,
    "sts": {"AssumeRole": assume_role, "GetCallerIdentity": get_caller_identity},
    "logs": {
        "DescribeLogGroups": describe_log_groups,
        "DescribeLogStreams": describe_log_streams,
        "FilterLogEvents": filter_log_events,
        "GetLogEvents": get_log_events,
    },
    "cloudwatch": {"GetMetricStatistics": get_metric_statistics},
    "kms": {
        "Decrypt": decrypt,
        "DescribeKey": describe_key,
        "Encrypt": encrypt,
        "GenerateDataKey": generate_data_key,
    },
    "iam": {"GetRole": get_role, "SimulatePrincipalPolicy": simulate_principal_policy},
}


def _answered(answer: Callable[[Desk, Call], JsonObject | None], desk: Desk, call: Call) -> JsonObject | None:
    authorise(call)
    refuse_unsupported(call)
    return answer(desk, call)
