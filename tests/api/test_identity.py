"""Who the caller is."""

from luthier.api.identity import get_caller_identity
from luthier.records.call import Call
from luthier.records.identity import a_user
from things import SCOPE


def test_the_caller_is_the_user_luthier_of_its_account() -> None:
    call = Call(
        service="sts",
        operation="GetCallerIdentity",
        scope=SCOPE,
        principal=a_user(SCOPE.account, "AKIDEXAMPLE"),
        parameters={},
        now=0.0,
    )

    assert get_caller_identity(call) == {
        "UserId": "AKIDEXAMPLE",
        "Account": "000000000000",
        "Arn": "arn:aws:iam::000000000000:user/luthier",
    }
