"""The migrations lead to the tables as the code knows them, on both engines."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from luthier.store import StoreError
from luthier.store.database import Database, connect
from luthier.store.migrations import migrate
from luthier.store.tables import metadata

pytest_plugins = ["store.databases"]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    connected = connect(database_url)
    yield connected
    connected.close()


def test_a_migrated_database_has_the_tables_of_the_code(database: Database) -> None:
    migrate(database)

    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_a_migrated_database_equals_a_created_one(database: Database) -> None:
    """To the last collation and key, which Alembic's comparison does not look at."""
    with database.writing() as connection:
        metadata.create_all(connection)
        created = _described(connection)
        metadata.drop_all(connection)

    migrate(database)

    with database.reading() as connection:
        assert _described(connection) == created


def test_migrating_twice_is_migrating_once(database: Database) -> None:
    migrate(database)
    with database.writing() as connection:
        connection.execute(text("INSERT INTO leases (item, owner, expires_at) VALUES ('item', 'me', 1.0)"))

    migrate(database)

    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM leases")).scalar_one() == 1


def test_the_tables_of_a_newer_luthier_are_left_alone(database: Database) -> None:
    migrate(database)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StoreError, match="newer Luthier"):
        migrate(database)


def test_a_migration_that_fails_leaves_nothing_behind(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE metric_points (in_the_way INTEGER)"))

    with pytest.raises(Exception, match="metric_points"):
        migrate(database)

    with database.reading() as connection:
        assert inspect(connection).get_table_names() == ["metric_points"]


def _described(connection: Connection) -> dict[str, object]:
    seen = inspect(connection)
    return {
        name: {
            "columns": [(each["name"], repr(each["type"]), each["nullable"]) for each in seen.get_columns(name)],
            "comments": [each.get("comment") for each in seen.get_columns(name)],
            "key": seen.get_pk_constraint(name),
            "unique": seen.get_unique_constraints(name),
            "foreign": seen.get_foreign_keys(name),
            "indexes": sorted((each["name"] or "", each["column_names"]) for each in seen.get_indexes(name)),
        }
        for name in seen.get_table_names()
        if name != "alembic_version"
    }
