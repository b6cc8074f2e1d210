"""Access keys and declared roles as rows."""

from dataclasses import asdict

from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from luthier.records.identity import AccessKey, Role, role_arn, role_at
from luthier.store.database import Database
from luthier.store.errors import NameTaken
from luthier.store.tables import access_keys, roles


class AccessKeys:
    """Every access key but the installation's own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, key: AccessKey) -> None:
        """Store a new key; raises NameTaken, and stores nothing, if there is one of its ID."""
        try:
            with self._database.writing() as connection:
                connection.execute(insert(access_keys), asdict(key))
        except IntegrityError:
            if self.get(key.access_key) is None:
                raise
            raise NameTaken(key.access_key) from None

    def get(self, access_key: str) -> AccessKey | None:
        """Find a key by its ID."""
        wanted = select(access_keys).where(access_keys.c.access_key == access_key)
        with self._database.reading() as connection:
            row = connection.execute(wanted).mappings().one_or_none()
        return None if row is None else _key_of(row)

    def all(self, account: str | None = None) -> list[AccessKey]:
        """List the keys of an account, or of every account, by account and then the oldest first."""
        columns = access_keys.c
        wanted = select(access_keys).order_by(columns.account, columns.created_at, columns.access_key)
        if account is not None:
            wanted = wanted.where(columns.account == account)
        with self._database.reading() as connection:
            return [_key_of(row) for row in connection.execute(wanted).mappings()]

    def remove(self, access_key: str) -> bool:
        """Forget a key; False if there is none of that ID."""
        gone = delete(access_keys).where(access_keys.c.access_key == access_key)
        with self._database.writing() as connection:
            return connection.execute(gone).rowcount == 1


class Roles:
    """
    Every role whose permissions were declared.

    As in IAM a name is unique in its account whatever its path and its capitals, so a role is found by any ARN of its
    name: nobody gets round a declaration by writing it in another way.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, role: Role, now: float) -> None:
        """Declare a role, in the place of an earlier declaration if there is one; raises ValueError for a wrong ARN."""
        key = _key(role.arn)
        changed = update(roles).where(roles.c.arn == key).values(role=role)
        try:
            with self._database.writing() as connection:
                if connection.execute(changed).rowcount == 0:
                    connection.execute(insert(roles), {"arn": key, "role": role, "created_at": now})
        except IntegrityError:  # declared by another at the same instant
            with self._database.writing() as connection:
                connection.execute(changed)

    def get(self, arn: str) -> Role | None:
        """Find a declared role by its ARN; raises ValueError for what is no role's ARN."""
        with self._database.reading() as connection:
            return connection.scalar(select(roles.c.role).where(roles.c.arn == _key(arn)))

    def declared_at(self, arn: str) -> float | None:
        """Say when a role was first declared; None if it never was."""
        with self._database.reading() as connection:
            return connection.scalar(select(roles.c.created_at).where(roles.c.arn == _key(arn)))

    def all(self, account: str | None = None) -> list[Role]:
        """List the declared roles of an account, or of every account, by account and name."""
        with self._database.reading() as connection:
            found = list(connection.scalars(select(roles.c.role).order_by(roles.c.arn)))
        return [role for role in found if account in (None, role.account)]

    def remove(self, arn: str) -> bool:
        """Take a declaration back; False if there is none. Raises ValueError for what is no role's ARN."""
        with self._database.writing() as connection:
            return connection.execute(delete(roles).where(roles.c.arn == _key(arn))).rowcount == 1


def _key(arn: str) -> str:
    named = role_at(arn)
    if named is None:
        raise ValueError(f"{arn!r} is not the ARN of a role")
    return role_arn(named.account, named.name.lower())


def _key_of(row: RowMapping) -> AccessKey:
    return AccessKey(
        access_key=row["access_key"], account=row["account"], user=row["user"], created_at=row["created_at"]
    )
