"""
Connections and transactions, on SQLite and PostgreSQL alike.

Every transaction is either a reading or a writing one. On SQLite a writing transaction takes the database's one write
lock when it begins, so it never finds out half-way that another was first; readers see the state of their beginning
and wait for nobody. On PostgreSQL every statement sees what is committed when it begins, and a conditional UPDATE that
meets another's uncommitted row waits and then judges the new row. Compare-and-set is right under both.
"""

import sqlite3
import time
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from luthier.store.errors import StoreError

_WAIT_S = 60  # for SQLite's write lock, and for a free connection
_KEPT = 8  # connections kept open
_MORE = 24  # connections opened beside them when many threads ask at once

# WAL: readers and the writer do not wait for each other. FULL: a commit is on the disk before it is answered, because
# a job whose ARN was given out must survive a power cut (NORMAL in WAL mode may lose the last commits).
_PRAGMAS = (f"busy_timeout = {_WAIT_S * 1000}", "synchronous = FULL", "foreign_keys = ON")
_TRIES = 1000  # to switch to WAL
_PAUSE_S = 0.01


class Database:
    """An engine whose transactions say whether they write."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(writes=True)

    def reading(self) -> AbstractContextManager[Connection]:
        """Open a transaction that only reads."""
        return self._engine.begin()

    def writing(self) -> AbstractContextManager[Connection]:
        """Open a transaction that may write: committed at the end of the block, rolled back if it raises."""
        return self._writer.begin()

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._engine.dispose()


def connect(address: str) -> Database:
    """
    Reach the database of an SQLAlchemy URL; a SQLite file and its folders are created, readable by their owner alone.

    Raises StoreError for a URL that is none, another engine, a SQLite database in memory, or a missing driver.
    """
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise StoreError("database_url: not a URL; write sqlite:////folder/file or postgresql://...") from error
    match url.get_backend_name():
        case "sqlite":
            return Database(_sqlite(url))
        case "postgresql" | "postgres":
            return Database(_postgresql(url))
        case other:
            raise StoreError(f"database_url: no support for {other!r}; use sqlite or postgresql")


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise StoreError("database_url: SQLite needs a file, as in sqlite:////folder/file")
    file = Path(url.database)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.touch(mode=0o600)
    engine = create_engine(url, pool_size=_KEPT, max_overflow=_MORE, pool_timeout=_WAIT_S)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver would begin transactions by itself, and too late
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    for left in reversed(range(_TRIES)):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or left == 0:
                raise
            time.sleep(_PAUSE_S)  # another is just switching this new file; here SQLite itself does not wait


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: URL) -> Engine:
    try:
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            isolation_level="READ COMMITTED",
            pool_size=_KEPT,
            max_overflow=_MORE,
            pool_timeout=_WAIT_S,
            pool_pre_ping=True,  # a server that was restarted is reached again without an error
        )
    except ModuleNotFoundError as error:
        raise StoreError("PostgreSQL needs its driver: pip install 'luthier[postgresql]'") from error
