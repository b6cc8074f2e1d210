"""The algorithm resource that a request means, by its name or its ARN."""

import re

from luthier.api.authorisation import not_authorised
from luthier.api.desk import Desk
from luthier.records.algorithm_resource import AlgorithmResource
from luthier.records.call import ApiError, Call, validation_error
from luthier.records.names import AlgorithmArn, algorithm_arn

_ARN = re.compile(
    r"arn:(?P<partition>[^:]*):sagemaker:(?P<region>[^:]*):(?P<account>[^:]*):(?P<kind>[^/]*)/(?P<name>.*)"
)


def find_algorithm(desk: Desk, call: Call, given: str) -> AlgorithmResource:
    """
    Get the algorithm resource that *given* names; capitals do not matter.

    Raises ApiError, as SageMaker does, where there is none, or the ARN is of another region or account.
    """
    algorithm = desk.store.algorithms.get(_named(call, given))
    if algorithm is None:
        raise no_such_algorithm(_named(call, given))
    return algorithm


def no_such_algorithm(arn: str) -> ApiError:
    """The error for an algorithm that is not there; clients look for these words."""
    return validation_error(f"Algorithm {arn} does not exist.")


def _named(call: Call, given: str) -> AlgorithmArn:
    parts = _ARN.fullmatch(given)
    if parts is None:
        return algorithm_arn(call.scope, given)
    if parts["region"] != call.scope.region:
        raise validation_error(f"ARN should be scoped to correct region: {call.scope.region}")
    if parts["account"] != call.scope.account:
        raise not_authorised(call, f"sagemaker:{call.operation}", given)
    if (parts["partition"], parts["kind"]) != ("aws", "algorithm"):
        raise no_such_algorithm(given)
    return algorithm_arn(call.scope, parts["name"])
