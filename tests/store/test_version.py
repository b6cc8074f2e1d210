"""The version of a database's tables, on both engines."""

from collections.abc import Iterator

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from luthier.store.database import Database, connect
from luthier.store.migrations import migrate
from luthier.store.version import NEWEST, is_behind

pytest_plugins = ["store.databases"]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    connected = connect(database_url)
    yield connected
    connected.close()


def test_the_newest_version_is_the_one_that_migrations_lead_to() -> None:
    config = Config()
    config.set_main_option("script_location", "luthier.store:migrations")

    assert ScriptDirectory.from_config(config).get_current_head() == NEWEST


def test_a_database_without_tables_is_behind(database: Database) -> None:
    assert is_behind(database)


def test_a_migrated_database_is_not_behind(database: Database) -> None:
    migrate(database)

    assert not is_behind(database)


@pytest.mark.parametrize("version", ["0001", "9999"])
def test_any_other_version_is_for_migrations_to_judge(database: Database, version: str) -> None:
    migrate(database)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})

    assert is_behind(database)
