"""Security Token Service: who the caller is."""

from luthier.records.call import Call
from luthier.records.json_value import JsonObject


def get_caller_identity(call: Call) -> JsonObject:
    """Answer GetCallerIdentity: a user, or somebody in a role."""
    caller = call.principal
    return {"UserId": caller.user_id, "Account": caller.account, "Arn": caller.arn}
