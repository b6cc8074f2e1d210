"""Who may do what in S3: the question that the S3 door asks of whoever knows the buckets' owners."""

from typing import Protocol

from luthier.records.call import ApiError
from luthier.records.identity import Principal
from luthier.wire.s3_access import S3Access


class S3Rights(Protocol):
    """Knows whose each bucket is; every verb may be said twice."""

    def check(self, principal: Principal, access: S3Access) -> None:
        """Raise ApiError, with S3's code and words, unless *principal* may do this."""
        ...

    def owns(self, principal: Principal, bucket: str) -> bool:
        """Say whether a bucket that is there is of the account, and one that *principal* may know of."""
        ...

    def claim(self, account: str, bucket: str) -> float | None:
        """
        Write down that the account has, or is about to have, a bucket: before anything is done with the bucket itself.

        Gives what `release` asks for, another at every time; None, and nothing changes, if another account has it.
        """
        ...

    def release(self, bucket: str, claimed: float) -> None:
        """Forget whose a bucket was, unless it has been claimed again since the claim that gave *claimed*."""
        ...


def denied(message: str = "Access Denied") -> ApiError:
    """The error for what somebody may not do."""
    return ApiError("AccessDenied", message, http_status=403)


def taken() -> ApiError:
    """The error for a bucket that another account has."""
    return ApiError(
        "BucketAlreadyExists",
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please "
        "select a different name and try again.",
        http_status=409,
    )
