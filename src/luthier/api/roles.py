"""The roles that there are: those that were declared and, unless a setting says otherwise, every other one."""

from dataclasses import replace

from luthier.api.authorisation import not_authorised
from luthier.api.desk import Desk
from luthier.identity.permissions import may_call
from luthier.records.call import Call, validation_error
from luthier.records.identity import Role, role_at
from luthier.store.identities import Roles

LONGEST_SESSION_S = 43200  # of every role, in AWS a choice of each role's


def role_of(desk: Desk, call: Call, arn: str) -> Role:
    """
    Give the role that a request names for SageMaker to take on.

    Raises a ValidationException where it is another account's, or is not there; an AccessDeniedException where the
    caller is in a role that may not pass roles on. AWS: "Granting a user permissions to pass a role to an AWS service",
    AWS IAM User Guide.
    """
    if not may_call(call.principal, "iam:PassRole"):
        raise not_authorised(call, "iam:PassRole", arn)
    role = find_role(desk.store.roles, arn, declared_only=desk.declared_roles_only)
    if role is None or role.account != call.scope.account:
        raise validation_error(
            "Could not assume role " + arn + ". Please ensure that the role exists and allows principal "
            "'sagemaker.amazonaws.com' to assume the role."
        )
    return role


def find_role(roles: Roles, arn: str, *, declared_only: bool) -> Role | None:
    """Give what the role of an ARN may do now; None if there is no such role."""
    named = role_at(arn)
    if named is None:
        return None
    declared = roles.get(arn)
    if declared is None:
        return None if declared_only else named
    return replace(declared, arn=arn)
