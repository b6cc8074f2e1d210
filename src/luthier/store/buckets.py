"""Whose each bucket is, as rows; the objects themselves are the object store's."""

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from luthier.store.database import Database
from luthier.store.tables import buckets

_c = buckets.c


class Buckets:
    """The owners of buckets. A bucket that nobody claimed has no row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def owner(self, name: str) -> str | None:
        """Give the account that claimed a bucket; None if nobody did."""
        with self._database.reading() as connection:
            found: str | None = connection.scalar(select(_c.account).where(_c.name == name))
        return found

    def claim(self, name: str, account: str, now: float) -> bool:
        """Claim a bucket; False, and nothing changes, if somebody has claimed it."""
        try:
            with self._database.writing() as connection:
                connection.execute(insert(buckets), {"name": name, "account": account, "created_at": now})
        except IntegrityError:
            return False
        return True

    def release(self, name: str) -> None:
        """Forget whose a bucket was; nothing happens if nobody had claimed it."""
        with self._database.writing() as connection:
            connection.execute(delete(buckets).where(_c.name == name))
