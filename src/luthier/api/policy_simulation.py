"""
SimulatePrincipalPolicy of IAM: what a user or role may do, asked beforehand.

Every action is judged for every resource, one result each, in the order of the request. A marker is the number of
results given so far. AWS: SimulatePrincipalPolicy, IAM API Reference.
"""

import re
from collections.abc import Sequence

from luthier.api.desk import Desk
from luthier.api.identity import no_such_role
from luthier.api.roles import find_role
from luthier.identity.permissions import may_call, may_use
from luthier.identity.principals import in_role
from luthier.records.call import ApiError, Call, validation_error
from luthier.records.identity import USER, Principal, a_user, role_at
from luthier.records.json_value import JsonObject, JsonValue

DEFAULT_RESULTS = 100
_ACTION = re.compile("[A-Za-z0-9-]+:[A-Za-z0-9]+")
_USER_ARN = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}):user/(?:[!-~]*/)?([\w+=,.@-]{1,64})", re.ASCII)
_READS = ("get", "list", "head")
_S3_ARN = re.compile(r"arn:aws[a-z-]*:s3:::(.+)", re.DOTALL)


def simulate_principal_policy(desk: Desk, call: Call) -> JsonObject:
    """
    Answer SimulatePrincipalPolicy.

    Raises NoSuchEntity (404) for a user or role that there is not, or not in this account, InvalidInput for what is
    neither and for an action that is none.
    """
    principal = _source(desk, call, str(call.parameters["PolicySourceArn"]))
    actions = _actions(call)
    resources = _texts(call.parameters.get("ResourceArns")) or ["*"]
    start, total = _start(call), len(actions) * len(resources)
    asked = call.parameters.get("MaxItems")
    end = min(start + (asked if isinstance(asked, int) else DEFAULT_RESULTS), total)
    places = (divmod(each, len(resources)) for each in range(start, end))
    page: JsonObject = {
        "EvaluationResults": [_evaluated(principal, actions[action], resources[at]) for action, at in places],
        "IsTruncated": end < total,
    }
    return page if end >= total else {**page, "Marker": str(end)}


def _evaluated(principal: Principal, action: str, resource: str) -> JsonObject:
    is_s3 = action.lower().startswith("s3:")
    is_allowed = _may_use(principal, action, resource) if is_s3 else may_call(principal, action)
    return {
        "EvalActionName": action,
        "EvalResourceName": resource,
        "EvalDecision": "allowed" if is_allowed else "implicitDeny",
        "MatchedStatements": [],
        "MissingContextValues": [],
    }


def _may_use(principal: Principal, action: str, resource: str) -> bool:
    """Judge an action of S3: of `*` only what is allowed everywhere, of `bucket/key*` what is allowed below `key`."""
    writes = not action.lower().removeprefix("s3:").startswith(_READS)
    found = _S3_ARN.fullmatch(resource)
    named, wildcard, _ = re.split("([*?]|$)", found[1], maxsplit=1) if found else ("", "*", "")
    place = named if "/" in named or not wildcard else ""  # a wildcard in the bucket's name stands for any bucket
    return may_use(principal, f"s3://{place}", writes=writes)


def _source(desk: Desk, call: Call, arn: str) -> Principal:
    role, user = role_at(arn), _USER_ARN.fullmatch(arn)
    if role is not None:
        known = find_role(desk.store.roles, arn, declared_only=desk.declared_roles_only)
        if known is None or known.account != call.scope.account:
            raise no_such_role(role.name)
        return in_role(known, "simulation")
    if user is None:
        raise _invalid_input(f"Invalid Entity Arn: {arn} does not clearly define entity type and name.")
    account, name = user[1], user[2]
    users = {USER, *(key.user for key in desk.store.access_keys.all(call.scope.account))}
    if account != call.scope.account or name not in users:
        raise ApiError("NoSuchEntity", f"The user with name {name} cannot be found.", http_status=404)
    return a_user(account, "", name)


def _actions(call: Call) -> Sequence[str]:
    actions = _texts(call.parameters["ActionNames"])
    for action in actions:
        if not _ACTION.fullmatch(action):
            raise _invalid_input(f"Invalid Action Name: {action} must name a service and an action, without wildcards.")
    return actions


def _start(call: Call) -> int:
    marker = str(call.parameters.get("Marker", "0"))
    if not re.fullmatch("[0-9]{1,9}", marker):
        raise validation_error("Invalid Marker.")
    return int(marker)


def _texts(value: JsonValue) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else []


def _invalid_input(message: str) -> ApiError:
    return ApiError("InvalidInput", message)
