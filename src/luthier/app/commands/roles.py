"""
The command `luthier roles`: what those in a role may do.

It writes to the database itself, so it works whether or not a server runs, and a server that runs goes by it from the
next request on, sessions under way included.
"""

import re
import time
from typing import Annotated

import typer

from luthier.app.commands.answer import AsJson, answer
from luthier.app.commands.keys import chosen_account, opened, prepared
from luthier.app.commands.options import Account, DataFolder
from luthier.records.identity import Role, role_arn, role_at
from luthier.settings import SettingsError

app = typer.Typer(help="Roles: what those who take them on may do.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The role's name, without its path.")]
_PLACE = re.compile("s3://[a-z0-9][a-z0-9.-]{2,62}(/[^*?]*)?")
_ACTION = re.compile(r"\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+")


@app.command("set")
def set_role(
    name: Name,
    account: Account = None,
    read: Annotated[list[str] | None, typer.Option(help="An S3 prefix it may read [all of the account].")] = None,
    write: Annotated[list[str] | None, typer.Option(help="An S3 prefix it may write to [all of the account].")] = None,
    action: Annotated[list[str] | None, typer.Option(help="An action it may do, such as sagemaker:List* [*].")] = None,
    no_read: Annotated[bool, typer.Option("--no-read", help="It may read nothing of S3.")] = False,
    no_write: Annotated[bool, typer.Option("--no-write", help="It may write nothing to S3.")] = False,
    no_action: Annotated[bool, typer.Option("--no-action", help="It may do nothing but use S3.")] = False,
    as_json: AsJson = False,
    data_folder: DataFolder = None,
) -> None:
    """Declare a role, and all that it may do; what was declared of it before is gone."""
    settings = prepared(data_folder)
    chosen = chosen_account(settings, account)
    role = Role(
        arn=_arn(chosen, name),
        account=chosen,
        name=name,
        actions=_list("action", action, none=no_action) or (() if no_action else ("*",)),
        read=_list("read", read, none=no_read),
        write=_list("write", write, none=no_write),
    )
    with opened(settings) as store:
        store.roles.put(role, time.time())  # noqa: TID251  # the command line reads the clock
    answer(_document(role), [_shown(role)], as_json=as_json)


@app.command("list")
def list_roles(
    account: Annotated[str | None, typer.Option(help="Of this account alone.")] = None,
    as_json: AsJson = False,
    data_folder: DataFolder = None,
) -> None:
    """Show every role that was declared."""
    with opened(prepared(data_folder)) as store:
        roles = list(store.roles.all(account))
    answer([_document(each) for each in roles], [_shown(each) for each in roles], as_json=as_json)


@app.command()
def remove(name: Name, account: Account = None, as_json: AsJson = False, data_folder: DataFolder = None) -> None:
    """Take a declaration back: the role may do everything again, or is gone where only declared roles exist."""
    settings = prepared(data_folder)
    arn = _arn(chosen_account(settings, account), name)
    with opened(settings) as store:
        if not store.roles.remove(arn):
            raise SettingsError(f"{arn}: no such role was declared; see `luthier roles list`")
    answer({"removed": arn}, [f"{arn} is no longer declared"], as_json=as_json)


def _arn(account: str, name: str) -> str:
    arn = role_arn(account, name)
    if role_at(arn) is None or "/" in name:
        raise SettingsError(f"{name!r} is no name of a role; use up to 64 letters, digits and _+=,.@-")
    return arn


def _list(kind: str, given: list[str] | None, *, none: bool) -> tuple[str, ...] | None:
    if given and none:
        raise SettingsError(f"--{kind} and --no-{kind}: give one of them")
    for each in given or ():
        _check(kind, each)
    return () if none else tuple(given) if given else None


def _check(kind: str, text: str) -> None:
    if kind == "action" and not _ACTION.fullmatch(text):
        raise SettingsError(f"--action: {text!r} is no action; write one as sagemaker:Describe*")
    if kind != "action" and not (_PLACE.fullmatch(text) and text.isprintable()):
        raise SettingsError(f"--{kind}: {text!r} is no place in S3; write s3://bucket/prefix, without * and ?")


def _document(role: Role) -> dict[str, object]:
    parts = {"actions": role.actions, "read": role.read, "write": role.write}
    return {"arn": role.arn, **{name: None if each is None else list(each) for name, each in parts.items()}}


def _shown(role: Role) -> str:
    parts = {"actions": role.actions, "read": role.read, "write": role.write}
    return "\t".join([role.arn, *(f"{name}: {_listed(each)}" for name, each in parts.items())])


def _listed(texts: tuple[str, ...] | None) -> str:
    return "all of the account" if texts is None else " ".join(texts) or "nothing"
