"""Who somebody in a role is: the ARN of the session, and the ID that goes with it."""

import hashlib
from base64 import b32encode

from luthier.records.identity import Principal, Role, role_arn

_ID_CHARACTERS = 17


def role_id(role: Role) -> str:
    """
    Give a role's unique ID, always the same for one account and name.

    AWS: "IAM identifiers", AWS IAM User Guide.

    >>> role_id(Role(arn="arn:aws:iam::000000000000:role/trainer", account="000000000000", name="trainer"))
    'AROAMGGS5YK4R2RIGDFE5'
    """
    digest = hashlib.sha256(role_arn(role.account, role.name.lower()).encode()).digest()
    return "AROA" + b32encode(digest).decode()[:_ID_CHARACTERS]


def in_role(role: Role, session_name: str) -> Principal:
    """Name who has taken on *role* under *session_name*."""
    return Principal(
        account=role.account,
        arn=f"arn:aws:sts::{role.account}:assumed-role/{role.name}/{session_name}",
        user_id=f"{role_id(role)}:{session_name}",
        role=role,
    )
