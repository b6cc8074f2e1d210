"""Tags of tuning jobs, training jobs and algorithms, as rows."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, insert, literal, select, union_all

from luthier.store.database import Database
from luthier.store.rows import portions
from luthier.store.tables import algorithms, tags, training_jobs, tuning_jobs

_c = tags.c
_TAGGED = (tuning_jobs, training_jobs, algorithms)


class Tags:
    """Every tag, by the ARN of what it is on. Every verb may be said twice."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, arn: str) -> dict[str, str]:
        """Give the tags of an ARN by key, in the order of their keys; none for what has none."""
        return self.of_each([arn])[arn]

    def of_each(self, arns: Sequence[str]) -> dict[str, dict[str, str]]:
        """Give the tags of several ARNs, each one's as by `of`; every ARN asked for is a key."""
        found: dict[str, dict[str, str]] = {arn: {} for arn in arns}
        with self._database.reading() as connection:
            for portion in portions(list(found)):
                for row in connection.execute(select(tags).where(_c.arn.in_(portion))):
                    found[row.arn][row.key] = row.value
        return {arn: dict(sorted(each.items())) for arn, each in found.items()}

    def put(self, arn: str, given: Mapping[str, str], *, most: int) -> dict[str, str] | None:
        """
        Add tags, in place of those with the same keys, and give all that there are now.

        None, and nothing changes, if there would be more than *most*, or what is tagged is not there any more.
        """
        with self._database.writing() as connection:
            merged = {**tags_of(connection, arn), **given}
            if len(merged) > most or not _is_there(connection, arn):
                return None
            lay_tags(connection, arn, merged)
        return dict(sorted(merged.items()))

    def remove(self, arn: str, keys: Sequence[str]) -> None:
        """Remove the tags with these keys, those that there are."""
        with self._database.writing() as connection:
            connection.execute(delete(tags).where(_c.arn == arn, _c.key.in_(list(keys))))


def tags_of(connection: Connection, arn: str) -> dict[str, str]:
    """Read the tags of an ARN within a transaction."""
    return dict(sorted((row.key, row.value) for row in connection.execute(select(tags).where(_c.arn == arn))))


def lay_tags(connection: Connection, arn: str, given: Mapping[str, str]) -> None:
    """Write the tags of an ARN, and let it have no others, within a transaction."""
    remove_tags(connection, arn)
    if given:
        connection.execute(insert(tags), [{"arn": arn, "key": key, "value": value} for key, value in given.items()])


def remove_tags(connection: Connection, arn: str) -> None:
    """Remove every tag of an ARN within a transaction."""
    connection.execute(delete(tags).where(_c.arn == arn))


def _is_there(connection: Connection, arn: str) -> bool:
    every = union_all(*(select(literal(1)).where(table.c.arn == arn) for table in _TAGGED))
    return connection.execute(every).first() is not None
