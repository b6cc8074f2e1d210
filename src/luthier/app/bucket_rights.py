"""
Who may do what in S3, by the rows that say whose each bucket is.

A bucket that nobody claimed, a folder put there by hand, belongs to the installation's own account; to every other
account it is not there.
"""

from collections.abc import Callable
from dataclasses import dataclass

from luthier.identity.permissions import may_know_of, may_use
from luthier.records.call import ApiError
from luthier.records.identity import Principal
from luthier.store.buckets import Buckets
from luthier.wire.s3_access import CREATE_BUCKET, LIST_BUCKETS, S3Access
from luthier.wire.s3_rights import denied, taken


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketRights:
    """`S3Rights` on the store's rows."""

    buckets: Buckets
    own_account: str  # the installation's
    clock: Callable[[], float]

    def check(self, principal: Principal, access: S3Access) -> None:
        """See `S3Rights.check`."""
        if access.action == LIST_BUCKETS:
            return
        owner = self.buckets.owner(access.bucket)
        if owner is None and principal.account != self.own_account and access.action != CREATE_BUCKET:
            raise ApiError("NoSuchBucket", "The specified bucket does not exist", http_status=404)
        owner = owner or principal.account
        if owner != principal.account:
            if access.action == CREATE_BUCKET:
                raise taken()
            raise denied()
        if access.expected_owner not in (None, owner):
            raise denied()
        if not access.has_more and not may_use(principal, access.place, writes=access.writes):
            raise denied(
                f"User: {principal.arn} is not authorized to perform: {access.action} on resource: "
                f'"arn:aws:s3:::{access.bucket}/{access.key}" because no identity-based policy allows the '
                f"{access.action} action"
            )

    def owns(self, principal: Principal, bucket: str) -> bool:
        """See `S3Rights.owns`."""
        is_own = (self.buckets.owner(bucket) or self.own_account) == principal.account
        return is_own and may_know_of(principal, bucket)

    def claim(self, account: str, bucket: str) -> float | None:
        """See `S3Rights.claim`."""
        return self.buckets.claim(bucket, account, self.clock())

    def release(self, bucket: str, claimed: float) -> None:
        """See `S3Rights.release`."""
        self.buckets.release(bucket, claimed)
