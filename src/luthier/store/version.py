"""
Which version the tables of a database have.

Asked at every start, so it stands apart from `luthier.store.migrations`, which a database needs once for each later
version, and which brings all of Alembic along.
"""

from pathlib import Path

from sqlalchemy import column, inspect, select, table

from luthier.store.database import Database

_MIGRATIONS = Path(__file__).with_name("migrations") / "versions"

VERSIONS = "alembic_version"
"""Alembic's own table, which has one row."""

_TABLE = table(VERSIONS, column("version_num"))

NEWEST = max(each.name[1:5] for each in _MIGRATIONS.glob("v[0-9]*.py"))
"""The revision that this Luthier knows as the last; modules of revisions are called by their numbers."""


def is_behind(database: Database) -> bool:
    """Say whether `migrate` would change anything; nothing is changed. A database without any tables is behind."""
    with database.reading() as connection:
        if not inspect(connection).has_table(_TABLE.name):
            return True
        return connection.scalar(select(_TABLE.c.version_num)) != NEWEST
