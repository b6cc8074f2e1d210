"""Who looks after which job just now, so that two workers seldom do the same work twice."""

from sqlalchemy import delete, exists, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError

from luthier.store.database import Database
from luthier.store.tables import leases

_c = leases.c


class Leases:
    """Leases save work; truth is guarded by versions, so a lease that two workers believe in does no harm."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, item: str, owner: str, now: float, ttl_s: float) -> bool:
        """
        Take or renew the lease on *item* until *now* + *ttl_s*; False if another owner's lease still runs.

        A lease has run out at the very moment it expires.
        """
        expires_at = now + ttl_s
        renewed = (
            update(leases)
            .where(_c.item == item, or_(_c.owner == owner, _c.expires_at <= now))
            .values(owner=owner, expires_at=expires_at)
        )
        fresh = select(literal(item), literal(owner), literal(expires_at))
        taken = (
            insert(leases)
            .from_select(["item", "owner", "expires_at"], fresh.where(~exists().where(_c.item == item)))
            .execution_options(preserve_rowcount=True)
        )  # SQLAlchemy counts inserted rows only when asked
        try:
            with self._database.writing() as connection:
                return connection.execute(renewed).rowcount == 1 or connection.execute(taken).rowcount == 1
        except IntegrityError:
            return False  # another took it between our look and our insert

    def give_back(self, item: str, owner: str) -> None:
        """End *owner*'s lease on *item*; nothing happens if it is another's by now, or nobody's."""
        with self._database.writing() as connection:
            connection.execute(delete(leases).where(_c.item == item, _c.owner == owner))
