"""
Who may use a KMS key: what its own policy says of the principal, and what the principal's role allows.

Everybody of the key's account may, unless it is denied, or others of the account alone are allowed. Of other accounts
only those who are allowed may. Whoever is in a role needs the action in its role too. The key that S3 uses where none
is named is everybody's of its account who may use the object, as the one that AWS manages. Source: "Key policies in AWS
KMS", AWS KMS Developer Guide.
"""

import re

from luthier.identity.permissions import may_call
from luthier.records.identity import Principal, role_arn
from luthier.records.kms_key import KmsKey

_PRINCIPAL = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}):(root|(?:role|user)/(?:[!-~]*/)?([A-Za-z0-9_+=,.@-]{1,64}))")


def may_use_key(principal: Principal, key: KmsKey, action: str) -> bool:
    """Say whether *principal* may do an action, such as `kms:Decrypt`, with *key*."""
    if key.is_default:
        return principal.account == key.account
    names = _names(principal)
    if names & set(key.denied) or not may_call(principal, action):
        return False
    if names & set(key.allowed):
        return True
    narrowed = any(account_of(each) == key.account for each in key.allowed)
    return principal.account == key.account and not narrowed


def principal_arn(text: str, account: str) -> str | None:
    """
    Read whom a key's policy names: `root`, `role/NAME` or `user/NAME` of *account*, or an ARN; None for anybody else.

    As in IAM a role is the same whatever its path and capitals.

    >>> principal_arn("role/service-role/Trainer", "000000000000")
    'arn:aws:iam::000000000000:role/trainer'
    """
    found = _PRINCIPAL.fullmatch(text if text.startswith("arn:") else f"arn:aws:iam::{account}:{text}")
    if found is None:
        return None
    if found[2].startswith("role/"):
        return role_arn(found[1], found[3].lower())
    return f"arn:aws:iam::{found[1]}:{'root' if found[3] is None else f'user/{found[3]}'}"


def account_of(arn: str) -> str:
    """Give the account of a principal's ARN."""
    return arn.split(":")[4]


def _names(principal: Principal) -> set[str]:
    """Give every ARN that a key's policy may name *principal* by: its own, and its account's."""
    own = principal.arn if principal.role is None else role_arn(principal.account, principal.role.name.lower())
    return {own, f"arn:aws:iam::{principal.account}:root"}
