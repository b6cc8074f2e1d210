"""Who calls, and what a role lets those who take it on do."""

import re
from dataclasses import dataclass

USER = "luthier"  # the user that every account has
_ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}):role/(?:[!-~]*/)?([A-Za-z0-9_+=,.@-]{1,64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """
    An execution role: what training jobs, and others who take it on, may do in its account.

    Actions are written as in IAM (`sagemaker:Describe*`), S3 places as `s3://bucket/prefix`, a plain string prefix.
    """

    arn: str
    account: str  # 12 digits
    name: str
    actions: tuple[str, ...] = ("*",)  # of every service but S3
    read: tuple[str, ...] | None = None  # None: every bucket of its account
    write: tuple[str, ...] | None = None  # likewise


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who signed a request: a user, who may do anything in the account, or somebody in a role."""

    account: str  # 12 digits
    arn: str  # of the IAM user, or of the session in a role
    user_id: str
    role: Role | None = None  # None: a user


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessKey:
    """A long-term access key beside the installation's own; its secret is derived from it."""

    access_key: str
    account: str  # 12 digits
    user: str  # the name of the IAM user that it stands for
    created_at: float


def a_user(account: str, access_key: str, name: str = USER) -> Principal:
    """Name the user of *account* who holds *access_key*."""
    return Principal(account=account, arn=f"arn:aws:iam::{account}:user/{name}", user_id=access_key)


def role_arn(account: str, name: str) -> str:
    """Give the ARN of a role without a path."""
    return f"arn:aws:iam::{account}:role/{name}"


def role_at(arn: str) -> Role | None:
    """
    Name the role of an ARN, which may do everything until somebody declares otherwise; None for what is no such ARN.

    >>> role_at("arn:aws:iam::000000000000:role/service-role/trainer").name
    'trainer'
    """
    found = _ROLE_ARN.fullmatch(arn)
    return None if found is None else Role(arn=arn, account=found[1], name=found[2])
