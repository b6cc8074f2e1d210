"""How the database is reached, and what a transaction promises."""

import importlib.util
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from luthier.store import StoreError
from luthier.store.database import connect
from luthier.store.engine import Store
from store.databases import PostgresServer

pytest_plugins = ["store.databases"]


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("nonsense", "not a URL"),
        ("sqlite://", "SQLite needs a file"),
        ("sqlite:///:memory:", "SQLite needs a file"),
        ("mysql://me@there/luthier", "use sqlite or postgresql"),
    ],
)
def test_a_url_that_will_not_do_is_refused_with_a_remedy(url: str, remedy: str) -> None:
    with pytest.raises(StoreError, match=remedy):
        connect(url)


def test_a_new_file_and_its_folder_are_their_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "new" / "luthier.db"

    Store.open(f"sqlite:///{file}").close()

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_block_that_raises_writes_nothing(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path / 'luthier.db'}")
    half = ("CREATE TABLE things (name TEXT)", "nonsense")

    with pytest.raises(OperationalError), database.writing() as connection:
        _execute_all(connection, half)

    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar_one() == 0
    database.close()


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 60_000)]
)
def test_sqlite_is_set_to_keep_what_it_was_told(tmp_path: Path, pragma: str, value: object) -> None:
    database = connect(f"sqlite:///{tmp_path / 'luthier.db'}")

    with database.reading() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value
    database.close()


def test_a_point_without_its_training_job_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'luthier.db'}"
    Store.open(url).close()
    database = connect(url)
    orphan = text("INSERT INTO metric_points (training_job, sequence, name, value, at) VALUES ('none', 1, 'n', 1, 1)")

    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(orphan)
    database.close()


def test_a_reader_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path / 'luthier.db'}")
    with database.writing() as writer:
        writer.execute(text("CREATE TABLE things (name TEXT)"))

        with database.reading() as reader:
            seen = reader.execute(text("SELECT count(*) FROM sqlite_master")).scalar_one()

    assert seen == 0
    database.close()


@pytest.mark.skipif(importlib.util.find_spec("psycopg") is None, reason="needs the PostgreSQL driver")
@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_postgresql_url_needs_no_driver_in_it(scheme: str) -> None:
    connect(f"{scheme}://me@there/luthier").close()


def test_a_connection_that_the_server_dropped_is_made_again(postgres_server: PostgresServer) -> None:
    url = postgres_server.create_database()
    store, database = Store.open(url), connect(url)
    with database.writing() as connection:
        others = text("pid <> pg_backend_pid() AND datname = current_database()")
        dropped = select(text("pg_terminate_backend(pid)")).select_from(text("pg_stat_activity")).where(others)
        assert connection.execute(dropped).scalars().all() == [True]

    assert store.tuning_jobs.unfinished() == []
    store.close()
    database.close()


def _execute_all(connection: Connection, statements: Sequence[str]) -> None:
    for statement in statements:
        connection.execute(text(statement))
