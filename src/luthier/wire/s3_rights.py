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

    def owns(self, account: str, bucket: str) -> bool:
        """Say whether a bucket that is there is the account's."""
        ...

    def claim(self, account: str, bucket: str) -> None:
        """Take note that the account has made a bucket."""
        ...

    def release(self, bucket: str) -> None:
        """Take note that a bucket is gone."""
        ...


def denied(message: str = "Access Denied") -> ApiError:
    """The error for what somebody may not do."""
    return ApiError("AccessDenied", message, http_status=403)
