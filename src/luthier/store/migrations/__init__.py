"""The tables' history, oldest version first, and how a database is brought to its end."""

from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from luthier.store.database import Database
from luthier.store.errors import StoreError
from luthier.store.turns import take_turn

_TURN = Lock()  # Alembic keeps what it is doing in a global


def migrate(database: Database) -> None:
    """
    Bring the tables up to date in one transaction; do nothing if they are.

    Processes that do so at the same time take turns. Raises StoreError if a newer Luthier wrote the tables.
    """
    config = _config()
    with _TURN, database.writing() as connection:
        take_turn(connection)
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StoreError(
                f"{connection.engine.url}: written by a newer Luthier; install that one: {error}"
            ) from error


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "luthier.store:migrations")
    return config
