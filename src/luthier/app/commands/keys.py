"""
The command `luthier keys`: access keys for more users and accounts.

It writes to the database itself, so it works whether or not a server runs, and a server that runs goes by it from the
next request on. A secret can be shown again: it is derived from the installation's own, which whoever may run this
command can read anyway.
"""

import re
import shlex
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from luthier.app.commands.answer import AsJson, answer
from luthier.app.commands.deferred import Place, group_of
from luthier.app.commands.options import Account, DataFolder
from luthier.app.keys import Key, draw_access_key, exports, obtain_key, obtain_sessions, read_key
from luthier.records.identity import USER, AccessKey
from luthier.settings import Settings, SettingsError, read_settings
from luthier.store.engine import Store

KMS = Place(
    module="luthier.app.commands.kms_keys",
    name="app",
    help="KMS keys: what artifacts are encrypted with, and who may use it.",
)
app = typer.Typer(
    cls=group_of({"kms": KMS}), help="Access keys: who may call, and for which account.", no_args_is_help=True
)

COLUMNS = ("access_key", "account", "user", "secret_key")


@app.command()
def add(
    account: Account = None,
    user: Annotated[str, typer.Option(help="The IAM user that the key stands for.")] = USER,
    as_json: AsJson = False,
    data_folder: DataFolder = None,
) -> None:
    """Make an access key, and print it: eval "$(luthier keys add --account 111122223333)"."""
    settings = prepared(data_folder)
    chosen = chosen_account(settings, account)
    if not re.fullmatch(r"[A-Za-z0-9_+=,.@-]{1,64}", user):
        raise SettingsError(f"--user: {user!r} is no name of a user; use up to 64 letters, digits and _+=,.@-")
    sessions = obtain_sessions(settings)
    made = draw_access_key()
    with opened(settings) as store:
        now = time.time()  # noqa: TID251  # the command line reads the clock
        store.access_keys.add(AccessKey(access_key=made, account=chosen, user=user, created_at=now))
    variables = exports(settings, Key(access_key=made, secret_key=sessions.secret_of(made), account=chosen))
    lines = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    answer(variables, [f"# an access key of the user {user} of the account {chosen}", *lines], as_json=as_json)


@app.command("list")
def list_keys(
    account: Annotated[str | None, typer.Option(help="Of this account alone.")] = None,
    secrets: Annotated[bool, typer.Option("--secrets", help="Show the secret keys too.")] = False,
    as_json: AsJson = False,
    data_folder: DataFolder = None,
) -> None:
    """Show every access key with its account and user; the first is the installation's own."""
    settings = prepared(data_folder)
    own, sessions = read_key(settings), obtain_sessions(settings)
    rows = [(own.access_key, own.account, USER, own.secret_key)]
    with opened(settings) as store:
        rows += [
            (key.access_key, key.account, key.user, sessions.secret_of(key.access_key))
            for key in store.access_keys.all()
        ]
    shown = [row if secrets else row[:3] for row in rows if account in (None, row[1])]
    documents = [dict(zip(COLUMNS, row, strict=False)) for row in shown]
    answer(documents, ["\t".join(row) for row in shown], as_json=as_json)


@app.command()
def remove(
    access_key: Annotated[str, typer.Argument(help="The access key.")],
    as_json: AsJson = False,
    data_folder: DataFolder = None,
) -> None:
    """Have an access key stop working, from the next request on."""
    settings = prepared(data_folder)
    if access_key == read_key(settings).access_key:
        raise SettingsError(f"{access_key}: the installation's own key, which hosts and `luthier env` need, stays")
    with opened(settings) as store:
        if not store.access_keys.remove(access_key):
            raise SettingsError(f"{access_key!r}: no such access key; see `luthier keys list`")
    answer({"removed": access_key}, [f"{access_key} is removed"], as_json=as_json)


def prepared(data_folder: Path | None) -> Settings:
    """Settle the settings, with a data folder and a key of the installation's own in it."""
    settings = read_settings(data_folder=data_folder)
    settings.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    obtain_key(settings)
    return settings


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """Open the database for as long as the context lasts."""
    store = Store.open(settings.database)
    try:
        yield store
    finally:
        store.close()


def chosen_account(settings: Settings, account: str | None) -> str:
    """Give the account that was named, or that of the installation's own key; raises SettingsError for no account."""
    chosen = read_key(settings).account if account is None else account
    if not re.fullmatch("[0-9]{12}", chosen):
        raise SettingsError(f"--account: {chosen!r} is not a 12-digit account number")
    return chosen
