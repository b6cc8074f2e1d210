"""Identity and Access Management, as far as SageMaker's clients ask: what a role is."""

import json
from urllib.parse import quote

from luthier.api.desk import Desk
from luthier.api.roles import LONGEST_SESSION_S, find_role
from luthier.identity.principals import role_id
from luthier.records.call import ApiError, Call
from luthier.records.identity import Role, role_arn
from luthier.records.json_value import JsonObject


def get_role(desk: Desk, call: Call) -> JsonObject:
    """
    Answer GetRole; raises NoSuchEntity (404) for a role that there is not.

    A role that nobody declared has always been there. AWS: GetRole, IAM API Reference.
    """
    name = str(call.parameters["RoleName"])
    role = find_role(desk.store.roles, role_arn(call.scope.account, name), declared_only=desk.declared_roles_only)
    if role is None:
        raise no_such_role(name)
    return {
        "Role": {
            "Path": "/",
            "RoleName": role.name,
            "RoleId": role_id(role),
            "Arn": role_arn(role.account, role.name),
            "CreateDate": desk.store.roles.declared_at(role.arn) or 0.0,
            "AssumeRolePolicyDocument": quote(_trust_policy(role), safe=""),
            "MaxSessionDuration": LONGEST_SESSION_S,
        }
    }


def no_such_role(name: str) -> ApiError:
    """The error for a role that there is not."""
    return ApiError("NoSuchEntity", f"The role with name {name} cannot be found.", http_status=404)


def _trust_policy(role: Role) -> str:
    """Say who may take the role on: SageMaker's training jobs, and whoever of the account is allowed to."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sagemaker.amazonaws.com", "AWS": f"arn:aws:iam::{role.account}:root"},
        "Action": "sts:AssumeRole",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
