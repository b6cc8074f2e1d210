"""Who may use a KMS key."""

import pytest

from luthier.identity.key_rights import may_use_key, principal_arn
from luthier.identity.principals import in_role
from luthier.records.identity import Principal, Role, a_user, role_arn
from luthier.records.kms_key import KmsKey

OWN, OTHER = "000000000000", "111111111111"


def a_key(allowed: tuple[str, ...] = (), denied: tuple[str, ...] = ()) -> KmsKey:
    arns = [tuple(str(principal_arn(each, OWN)) for each in some) for some in (allowed, denied)]
    arn = f"arn:aws:kms:us-east-1:{OWN}:key/k"
    return KmsKey(arn=arn, account=OWN, region="us-east-1", created_at=0, allowed=arns[0], denied=arns[1])


def a_role(name: str = "Trainer", account: str = OWN, actions: tuple[str, ...] = ("*",)) -> Principal:
    arn = f"arn:aws:iam::{account}:role/path/{name}"
    return in_role(Role(arn=arn, account=account, name=name, actions=actions), "session")


ALICE, BOB, ROOT_OF_OTHER = a_user(OWN, "A", "alice"), a_user(OTHER, "B", "bob"), f"arn:aws:iam::{OTHER}:root"


@pytest.mark.parametrize(
    ("principal", "key", "may"),
    [
        (ALICE, a_key(), True),
        (a_role(), a_key(), True),
        (BOB, a_key(), False),
        (a_role(actions=("s3:*", "kms:GenerateDataKey")), a_key(), False),
        (a_role(actions=("kms:Dec*",)), a_key(), True),
        (a_role(), a_key(allowed=("role/trainer",)), True),
        (a_role("other"), a_key(allowed=("role/trainer",)), False),
        (ALICE, a_key(allowed=("role/trainer",)), False),
        (ALICE, a_key(allowed=("role/trainer", "root")), True),
        (ALICE, a_key(denied=("user/alice",)), False),
        (ALICE, a_key(allowed=("user/alice",), denied=("root",)), False),
        (a_role(), a_key(denied=("role/TRAINER",)), False),
        (BOB, a_key(allowed=(ROOT_OF_OTHER,)), True),
        (ALICE, a_key(allowed=(ROOT_OF_OTHER,)), True),
        (a_role(account=OTHER), a_key(allowed=(role_arn(OTHER, "trainer"),)), True),
        (BOB, a_key(allowed=(role_arn(OTHER, "trainer"),)), False),
        (a_role(account=OTHER, actions=()), a_key(allowed=(ROOT_OF_OTHER,)), False),
    ],
)
def test_a_key_may_be_used_by_whom_its_policy_and_role_allow(principal: Principal, key: KmsKey, *, may: bool) -> None:
    assert may_use_key(principal, key, "kms:Decrypt") is may


@pytest.mark.parametrize("text", ["", "alice", "group/alice", "role/", "role/a b", "arn:aws:iam::12:root", "*"])
def test_nobody_is_no_principal(text: str) -> None:
    assert principal_arn(text, OWN) is None
