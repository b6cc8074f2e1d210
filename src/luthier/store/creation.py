"""
The tables of an empty database, made as the code knows them.

They are those to which `luthier.store.migrations` lead, without the way there, in a tenth of the time.
"""

from sqlalchemy import Column, MetaData, String, Table, inspect

from luthier.store.database import Database
from luthier.store.turns import take_turn
from luthier.store.usage_table import usage_samples
from luthier.store.version import NEWEST, VERSIONS

_VERSION = Table(
    VERSIONS,
    MetaData(naming_convention={"pk": "%(table_name)s_pkc"}),  # as Alembic makes it
    Column("version_num", String(32), primary_key=True),
)


def create(database: Database) -> None:
    """Make the newest tables in one transaction, with the version they have; do nothing if there are any tables."""
    with database.writing() as connection:
        take_turn(connection)
        if inspect(connection).get_table_names():
            return
        usage_samples.metadata.create_all(connection, checkfirst=False)
        _VERSION.create(connection)
        connection.execute(_VERSION.insert(), {"version_num": NEWEST})
