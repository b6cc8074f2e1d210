"""Whose each bucket is, as rows; the objects themselves are the object store's."""

from sqlalchemy import case, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from luthier.store.database import Database
from luthier.store.tables import buckets

_c = buckets.c
_INSTANT_S = 1e-5  # what a time of our days can be told apart by


class Buckets:
    """The owners of buckets. A bucket that nobody claimed has no row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def owner(self, name: str) -> str | None:
        """Give the account that claimed a bucket; None if nobody did."""
        with self._database.reading() as connection:
            found: str | None = connection.scalar(select(_c.account).where(_c.name == name))
        return found

    def claim(self, name: str, account: str, now: float) -> float | None:
        """
        Claim a bucket, or claim again what the account has; None, and nothing changes, if another has claimed it.

        Gives the time of the claim, later than that of every claim before.
        """
        claimed = self._claim_again(name, account, now)
        if claimed is not None:
            return claimed
        try:
            with self._database.writing() as connection:
                connection.execute(insert(buckets), {"name": name, "account": account, "created_at": now})
        except IntegrityError:  # somebody was first: this account, or another
            return self._claim_again(name, account, now)
        return now

    def release(self, name: str, claimed: float) -> None:
        """Forget whose a bucket was, unless it has been claimed again since the claim of the time *claimed*."""
        with self._database.writing() as connection:
            connection.execute(delete(buckets).where(_c.name == name, _c.created_at == claimed))

    def _claim_again(self, name: str, account: str, now: float) -> float | None:
        later = case((_c.created_at >= now, _c.created_at + _INSTANT_S), else_=now)
        own = update(buckets).where(_c.name == name, _c.account == account)
        with self._database.writing() as connection:
            claimed: float | None = connection.scalar(own.values(created_at=later).returning(_c.created_at))
        return claimed
