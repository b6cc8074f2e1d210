"""The command `luthier migrate`: the database, brought up to date."""

from luthier.app.commands.answer import AsJson, answer
from luthier.app.commands.options import DataFolder
from luthier.settings import read_settings
from luthier.store.engine import Store


def migrate(as_json: AsJson = False, data_folder: DataFolder = None) -> None:
    """Bring the database to this version's schema (up and serve do so by themselves)."""
    settings = read_settings(data_folder=data_folder)
    Store.open(settings.database).close()
    answer({"is_up_to_date": True}, ["the database is up to date"], as_json=as_json)
