"""Security Token Service: who the caller is, and credentials for somebody in a role."""

from luthier.api.authorisation import not_authorised
from luthier.api.desk import Desk
from luthier.api.roles import find_role
from luthier.identity.principals import in_role
from luthier.records.call import Call, validation_error
from luthier.records.json_value import JsonObject

DEFAULT_DURATION_S = 3600
LONGEST_CHAINED_S = 3600


def get_caller_identity(_: Desk, call: Call) -> JsonObject:
    """Answer GetCallerIdentity: a user, or somebody in a role."""
    caller = call.principal
    return {"UserId": caller.user_id, "Account": caller.account, "Arn": caller.arn}


def assume_role(desk: Desk, call: Call) -> JsonObject:
    """
    Answer AssumeRole: new credentials, which are nowhere kept.

    A role that there is not, or is another account's, is refused as AWS does it: nobody learns which of the two. Who is
    in a role already gets another for an hour at most. AWS: AssumeRole, AWS Security Token Service API Reference.
    """
    arn, session_name = str(call.parameters["RoleArn"]), str(call.parameters["RoleSessionName"])
    duration_s = _duration_s(call)
    role = find_role(desk.store.roles, arn, declared_only=desk.declared_roles_only)
    if role is None or role.account != call.scope.account:
        raise not_authorised(call, "sts:AssumeRole", arn)
    session = desk.sessions.mint(role_arn=arn, session_name=session_name, expires_at=float(int(call.now) + duration_s))
    who = in_role(role, session_name)
    return {
        "Credentials": {
            "AccessKeyId": session.access_key,
            "SecretAccessKey": session.secret_key,
            "SessionToken": session.token,
            "Expiration": session.expires_at,
        },
        "AssumedRoleUser": {"AssumedRoleId": who.user_id, "Arn": who.arn},
    }


def _duration_s(call: Call) -> int:
    asked = call.parameters.get("DurationSeconds", DEFAULT_DURATION_S)
    duration_s = asked if isinstance(asked, int) else DEFAULT_DURATION_S
    if call.principal.role is not None and duration_s > LONGEST_CHAINED_S:
        raise validation_error(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
        )
    return duration_s
