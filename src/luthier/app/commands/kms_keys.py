"""
The command `luthier keys kms`: the keys that artifacts are encrypted with, their aliases, and who may use them.

It writes to the database itself, as `luthier keys` does, and a server that runs goes by it from the next request on.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated
from uuid import uuid4

import typer

from luthier.app.commands.answer import AsJson, answer
from luthier.app.commands.keys import chosen_account, opened, prepared
from luthier.app.commands.options import Account, DataFolder
from luthier.app.key_vault import aws_vault
from luthier.app.keys import obtain_sessions
from luthier.identity.key_rights import principal_arn
from luthier.objects.vault import LocalVault, VaultError
from luthier.records.kms_key import KmsKey, alias_arn, key_arn, key_name
from luthier.records.names import Scope
from luthier.settings import Settings, SettingsError
from luthier.store import NameTaken
from luthier.store.engine import Store

app = typer.Typer(help="KMS keys: what artifacts are encrypted with, and who may use it.", no_args_is_help=True)

Named = Annotated[str, typer.Argument(help="The key: its ID or ARN, alias/NAME, or an alias's ARN.")]
Region = Annotated[str | None, typer.Option(help="The region of a key that is not named by an ARN [the setting].")]
Principals = Annotated[list[str], typer.Argument(help="role/NAME, user/NAME, root for everybody, or an ARN.")]


@app.command()
def add(
    account: Account = None,
    region: Region = None,
    alias: Annotated[str | None, typer.Option(help="A first alias: alias/NAME.")] = None,
    arn: Annotated[str | None, typer.Option(help='A key that is in AWS KMS already (setting kms = "aws").')] = None,
    as_json: AsJson = False,
    data_folder: DataFolder = None,
) -> None:
    """Make a key, and print its ARN; with the setting kms = "aws", take on a key of AWS KMS."""
    settings = prepared(data_folder)
    scope = Scope(account=chosen_account(settings, account), region=region or settings.region)
    now = time.time()  # noqa: TID251  # the command line reads the clock
    key = _of_aws(settings, arn, now) if settings.kms == "aws" or arn else _drawn(settings, scope, now)
    other = _alias(key, alias) if alias else None
    with opened(settings) as store:
        try:
            store.kms_keys.add(key)
        except NameTaken:
            raise SettingsError(f"{key.arn}: there is this key already; see `luthier keys kms list`") from None
        if other:
            store.kms_keys.name(other, key.arn)
    answer(_document(key, [other] if other else []), [key.arn], as_json=as_json)


@app.command("list")
def list_keys(
    account: Annotated[str | None, typer.Option(help="Of this account alone.")] = None,
    as_json: AsJson = False,
    data_folder: DataFolder = None,
) -> None:
    """Show every key with its aliases and who may use it."""
    with opened(prepared(data_folder)) as store:
        found = [(key, store.kms_keys.aliases(key.arn)) for key in store.kms_keys.all(account)]
    answer([_document(*each) for each in found], [_shown(*each) for each in found], as_json=as_json)


@app.command("alias")
def name_key(
    key: Named,
    alias: Annotated[str, typer.Argument(help="alias/NAME, which names this key from now on.")],
    account: Account = None,
    region: Region = None,
    as_json: AsJson = False,
    data_folder: DataFolder = None,
) -> None:
    """Give a key another name, which may have been another key's."""
    with _found(data_folder, account, region, key) as (store, found):
        store.kms_keys.name(_alias(found, alias), found.arn)
        _tell(found, store, as_json)


@app.command()
def allow(
    key: Named,
    principals: Principals,
    account: Account = None,
    region: Region = None,
    as_json: AsJson = False,
    data_folder: DataFolder = None,
) -> None:
    """Let principals use a key. Once one of its own account is named, the others of that account may not any more."""

    def change(found: KmsKey, arns: tuple[str, ...]) -> KmsKey:
        denied = tuple(each for each in found.denied if each not in arns)
        return replace(found, allowed=_joined(found.allowed, arns), denied=denied)

    _change(data_folder, account, region, key, lambda found: change(found, _principals(found, principals)), as_json)


@app.command()
def deny(
    key: Named,
    principals: Principals,
    account: Account = None,
    region: Region = None,
    as_json: AsJson = False,
    data_folder: DataFolder = None,
) -> None:
    """Keep principals from using a key, whatever else allows it."""
    _change(
        data_folder,
        account,
        region,
        key,
        lambda found: replace(found, denied=_joined(found.denied, _principals(found, principals))),
        as_json,
    )


@app.command()
def disable(
    key: Named, account: Account = None, region: Region = None, as_json: AsJson = False, data_folder: DataFolder = None
) -> None:
    """Have a key refused, for reading too, until it is enabled again."""
    _change(data_folder, account, region, key, lambda found: replace(found, is_enabled=False), as_json)


@app.command()
def enable(
    key: Named, account: Account = None, region: Region = None, as_json: AsJson = False, data_folder: DataFolder = None
) -> None:
    """Have a key work again."""
    _change(data_folder, account, region, key, lambda found: replace(found, is_enabled=True), as_json)


@app.command()
def remove(
    key: Named,
    account: Account = None,
    region: Region = None,
    yes: Annotated[bool, typer.Option("--yes", help="What was encrypted with it is to be lost.")] = False,
    as_json: AsJson = False,
    data_folder: DataFolder = None,
) -> None:
    """Destroy a key: whatever was encrypted with it can never be read again."""
    with _found(data_folder, account, region, key) as (store, found):
        _refuse_default(found)
        if not yes:
            raise SettingsError(
                f"{found.arn}: what was encrypted with this key could never be read again; say --yes if it may be "
                "lost, or `luthier keys kms disable`"
            )
        store.kms_keys.remove(found.arn)
        answer({"removed": found.arn}, [f"{found.arn} is removed"], as_json=as_json)


def _drawn(settings: Settings, scope: Scope, now: float) -> KmsKey:
    arn = key_arn(scope, str(uuid4()))
    material = LocalVault(obtain_sessions(settings).wrapping_key()).draw(arn)
    return KmsKey(arn=arn, account=scope.account, region=scope.region, created_at=now, material=material)


def _of_aws(settings: Settings, arn: str | None, now: float) -> KmsKey:
    if settings.kms != "aws":
        raise SettingsError('--arn: keys of AWS KMS need the setting kms = "aws"')
    named = key_name(arn or "", Scope(account="", region=""))
    if arn is None or named is None or named.is_alias or named.arn != arn:
        raise SettingsError(
            '--arn: with kms = "aws", make the key in AWS KMS and give its ARN, arn:aws:kms:...:key/...'
        )
    _, _, _, region, account, _ = arn.split(":")
    key = KmsKey(arn=arn, account=account, region=region, created_at=now)
    try:
        aws_vault(settings).describe(key)
    except VaultError as error:
        raise SettingsError(f"--arn: {error}") from error
    return key


@contextmanager
def _found(
    data_folder: DataFolder, account: str | None, region: str | None, text: str
) -> Iterator[tuple[Store, KmsKey]]:
    settings = prepared(data_folder)
    named = key_name(text, Scope(account=chosen_account(settings, account), region=region or settings.region))
    with opened(settings) as store:
        key = store.kms_keys.find(named) if named else None
        if key is None:
            raise SettingsError(f"{named.arn if named else text}: no such key; see `luthier keys kms list`")
        yield store, key


def _change(
    data_folder: DataFolder,
    account: str | None,
    region: str | None,
    text: str,
    change: Callable[[KmsKey], KmsKey],
    as_json: bool,
) -> None:
    with _found(data_folder, account, region, text) as (store, key):
        _refuse_default(key)
        changed = change(key)
        store.kms_keys.change(changed)
        _tell(changed, store, as_json)


def _refuse_default(key: KmsKey) -> None:
    if key.is_default:
        raise SettingsError(f"{key.arn}: the key that S3 uses where none is named stays as it is; use one of your own")


def _alias(key: KmsKey, text: str) -> str:
    scope = Scope(account=key.account, region=key.region)
    named = key_name(text, scope)
    if named is None or not named.is_alias or named.arn != alias_arn(scope, named.arn.split(":", 5)[5]):
        raise SettingsError(f"{text!r} is no alias; write alias/NAME with letters, digits and /_-")
    if named.arn.split(":", 5)[5].startswith("alias/aws/"):
        raise SettingsError(f"{text!r}: aliases below alias/aws/ are AWS's own; take another name")
    return named.arn


def _principals(key: KmsKey, texts: list[str]) -> tuple[str, ...]:
    arns = []
    for text in texts:
        arn = principal_arn(text, key.account)
        if arn is None:
            raise SettingsError(f"{text!r} names nobody; write role/NAME, user/NAME, root, or the ARN of one of these")
        arns.append(arn)
    return tuple(arns)


def _joined(some: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*some, *more)))


def _tell(key: KmsKey, store: Store, as_json: bool) -> None:
    aliases = store.kms_keys.aliases(key.arn)
    answer(_document(key, aliases), [_shown(key, aliases)], as_json=as_json)


def _document(key: KmsKey, aliases: list[str]) -> dict[str, object]:
    return {
        "arn": key.arn,
        "is_enabled": key.is_enabled,
        "aliases": aliases,
        "allowed": list(key.allowed),
        "denied": list(key.denied),
    }


def _shown(key: KmsKey, aliases: list[str]) -> str:
    names = " ".join(each.split(":", 5)[5] for each in aliases)
    parts = {
        "aliases": names or "none",
        "allowed": " ".join(key.allowed) or "its account",
        "denied": " ".join(key.denied) or "nobody",
    }
    state = "enabled" if key.is_enabled else "disabled"
    return "\t".join([key.arn, state, *(f"{name}: {each}" for name, each in parts.items())])
