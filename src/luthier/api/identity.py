"""Security Token Service: who the caller is."""

from luthier.records.call import Call
from luthier.records.json_value import JsonObject


def get_caller_identity(call: Call) -> JsonObject:
    """Answer GetCallerIdentity: every key of an account is its one user, luthier."""
    account = call.scope.account
    return {"UserId": call.access_key, "Account": account, "Arn": f"arn:aws:iam::{account}:user/luthier"}
