"""KMS keys and their aliases as rows."""

from dataclasses import asdict

from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from luthier.records.kms_key import KeyName, KmsKey
from luthier.store.database import Database
from luthier.store.errors import NameTaken
from luthier.store.tables import kms_aliases, kms_keys

_c = kms_keys.c


class KmsKeys:
    """Every KMS key of every account and region."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, key: KmsKey) -> None:
        """Store a new key; raises NameTaken, and stores nothing, if there is one of its ARN."""
        try:
            with self._database.writing() as connection:
                connection.execute(insert(kms_keys), asdict(key))
        except IntegrityError:
            if self.get(key.arn) is None:
                raise
            raise NameTaken(key.arn) from None

    def get(self, arn: str) -> KmsKey | None:
        """Find a key by its ARN."""
        return self.find(KeyName(arn=arn, is_alias=False))

    def find(self, name: KeyName) -> KmsKey | None:
        """Find a key by its ARN or that of an alias."""
        wanted = select(kms_keys)
        if name.is_alias:
            wanted = wanted.join(kms_aliases, kms_aliases.c.key == _c.arn).where(kms_aliases.c.arn == name.arn)
        else:
            wanted = wanted.where(_c.arn == name.arn)
        with self._database.reading() as connection:
            row = connection.execute(wanted).mappings().one_or_none()
        return None if row is None else _key_of(row)

    def all(self, account: str | None = None) -> list[KmsKey]:
        """List the keys of an account, or of every account, the oldest first."""
        wanted = select(kms_keys).order_by(_c.created_at, _c.arn)
        if account is not None:
            wanted = wanted.where(_c.account == account)
        with self._database.reading() as connection:
            return [_key_of(row) for row in connection.execute(wanted).mappings()]

    def change(self, key: KmsKey) -> bool:
        """Store whether a key is enabled and who may use it; False, and nothing changes, if it is gone."""
        changed = update(kms_keys).where(_c.arn == key.arn)
        with self._database.writing() as connection:
            values = {"is_enabled": key.is_enabled, "allowed": key.allowed, "denied": key.denied}
            return connection.execute(changed.values(values)).rowcount == 1

    def remove(self, arn: str) -> bool:
        """Forget a key and its aliases; False if there is none of that ARN."""
        with self._database.writing() as connection:
            connection.execute(delete(kms_aliases).where(kms_aliases.c.key == arn))
            return connection.execute(delete(kms_keys).where(_c.arn == arn)).rowcount == 1

    def name(self, alias: str, key: str) -> None:
        """Have an alias, by its ARN, name a key from now on, whatever it named before."""
        with self._database.writing() as connection:
            connection.execute(delete(kms_aliases).where(kms_aliases.c.arn == alias))
            connection.execute(insert(kms_aliases), {"arn": alias, "key": key})

    def aliases(self, key: str) -> list[str]:
        """List the ARNs of a key's aliases."""
        wanted = select(kms_aliases.c.arn).where(kms_aliases.c.key == key).order_by(kms_aliases.c.arn)
        with self._database.reading() as connection:
            return list(connection.scalars(wanted))


def _key_of(row: RowMapping) -> KmsKey:
    return KmsKey(**{column.name: row[column.name] for column in kms_keys.columns})
