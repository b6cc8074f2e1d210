"""Who calls, and what a role lets those who take it on do."""

from dataclasses import dataclass


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


def a_user(account: str, access_key: str, name: str = "luthier") -> Principal:
    """Name the user of *account* who holds *access_key*."""
    return Principal(account=account, arn=f"arn:aws:iam::{account}:user/{name}", user_id=access_key)
