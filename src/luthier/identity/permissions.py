"""
What a principal may do: a user everything in its account, somebody in a role what the role allows.

Actions are written as IAM writes them: `sagemaker:Describe*`, without regard to case, `*` for any number of characters
and `?` for one. Source: "IAM JSON policy elements: Action", AWS IAM User Guide.
"""

from luthier.records.identity import Principal

_SCHEME = "s3://"


def may_call(principal: Principal, action: str) -> bool:
    """Say whether *principal* may do an action, such as `sagemaker:CreateTrainingJob`."""
    return principal.role is None or any(_matches(each, action) for each in principal.role.actions)


def may_use(principal: Principal, place: str, *, writes: bool) -> bool:
    """
    Say whether *principal* may read, or write, under `s3://bucket/key-or-prefix`; whose bucket it is, others judge.

    A prefix is a plain prefix of text; one that names a bucket alone means that bucket, not every bucket whose name
    begins so. A key with `.` or `..` between slashes is under no prefix: a store of files may read it otherwise.
    """
    if principal.role is None:
        return True
    prefixes = principal.role.write if writes else principal.role.read
    if prefixes is None:
        return True
    if {".", ".."} & set(place.split("/")):
        return False
    return any(_in_bucket(place).startswith(_in_bucket(each)) for each in prefixes)


def may_know_of(principal: Principal, bucket: str) -> bool:
    """Say whether *principal* may read or write anything in a bucket of its account, and so know that it is there."""
    if principal.role is None:
        return True
    allowed = (principal.role.read, principal.role.write)
    return any(
        prefixes is None or any(_in_bucket(each).startswith(f"{_SCHEME}{bucket}/") for each in prefixes)
        for prefixes in allowed
    )


def _in_bucket(place: str) -> str:
    return place if "/" in place.removeprefix(_SCHEME) else place + "/"


def _matches(pattern: str, action: str) -> bool:
    """Match a glob from left to right; at a star that was matched too short, go on from one character later."""
    wanted, given = pattern.lower(), action.lower()
    at, star, resume = 0, -1, 0
    i = 0
    while i < len(given):
        if at < len(wanted) and wanted[at] == "*":
            star, resume = at, i
            at += 1
        elif at < len(wanted) and wanted[at] in ("?", given[i]):
            at, i = at + 1, i + 1
        elif star >= 0:
            resume += 1
            at, i = star + 1, resume
        else:
            return False
    return not wanted[at:].strip("*")
