"""
May the caller do this at all? Users may do everything in their account, somebody in a role what the role allows.

Source: "Actions, resources, and condition keys for Amazon SageMaker AI", AWS Service Authorization Reference.
"""

from collections.abc import Callable, Mapping

from luthier.identity.permissions import may_call
from luthier.records.call import ApiError, Call
from luthier.records.identity import role_arn
from luthier.records.kms_key import key_name

_PREFIXES = {"sagemaker-metrics": "sagemaker"}  # where IAM calls a service otherwise than botocore does
_FREE = frozenset({("sts", "GetCallerIdentity")})  # needs no permission, and none can be taken away


def authorise(call: Call) -> None:
    """Raise an AccessDeniedException where the caller's role does not allow the operation."""
    if (call.service, call.operation) in _FREE:
        return
    action = f"{_PREFIXES.get(call.service, call.service)}:{call.operation}"
    if not may_call(call.principal, action):
        raise not_authorised(call, action, _resource(call))


def not_authorised(call: Call, action: str, resource: str) -> ApiError:
    """The error for an action that the caller's role does not allow."""
    return ApiError(
        "AccessDeniedException",
        f"User: {call.principal.arn} is not authorized to perform: {action} on resource: {resource} because no "
        f"identity-based policy allows the {action} action",
    )


def _resource(call: Call) -> str:
    """Give the ARN of the first thing that the request names, or a star."""
    for member, arn_of in _NAMED.items():
        name = call.parameters.get(member)
        if isinstance(name, str):
            return name if name.startswith("arn:") else arn_of(call, name)
    return "*"


def _of_sagemaker(kind: str) -> Callable[[Call, str], str]:
    def arn(call: Call, name: str) -> str:
        return f"arn:aws:sagemaker:{call.scope.region}:{call.scope.account}:{kind}/{name.lower()}"

    return arn


def _log_group(call: Call, name: str) -> str:
    return f"arn:aws:logs:{call.scope.region}:{call.scope.account}:log-group:{name}:log-stream:*"


def _role(call: Call, name: str) -> str:
    return role_arn(call.scope.account, name)


def _kms_key(call: Call, name: str) -> str:
    named = key_name(name, call.scope)
    return name if named is None else named.arn


def _itself(_: Call, name: str) -> str:
    return name


_NAMED: Mapping[str, Callable[[Call, str], str]] = {
    "HyperParameterTuningJobName": _of_sagemaker("hyper-parameter-tuning-job"),
    "TrainingJobName": _of_sagemaker("training-job"),
    "AlgorithmName": _of_sagemaker("algorithm"),
    "ResourceArn": _itself,
    "logGroupName": _log_group,
    "RoleName": _role,
    "PolicySourceArn": _itself,
    "RoleArn": _itself,
    "KeyId": _kms_key,
}
