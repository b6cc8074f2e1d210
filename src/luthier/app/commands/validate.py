"""
The command `luthier validate`: whether a request in a file would be accepted, with or without a server.

The operations themselves are asked, here and not in a server, over the database of the data folder, for a dry run.
"""

import json
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, BinaryIO

import boto3
import typer
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from luthier.api import Desk, operations
from luthier.app.capacity import capacity_of
from luthier.app.ceiling import ceiling
from luthier.app.containers import catalogue_of
from luthier.app.key_vault import make_vault
from luthier.app.keys import FILE, Key, obtain_sessions, read_key
from luthier.app.prices_file import read_prices
from luthier.app.quotas import limits_of
from luthier.app.remarks import doubts
from luthier.app.role_objects import objects_in_roles
from luthier.app.validation import SERVICE, Finding, Question, guess_operation, validate
from luthier.clusters.encrypted_volume import trouble
from luthier.clusters.logs import TrainingLogs
from luthier.identity.sessions import Sessions
from luthier.objects import ObjectInfo, ObjectStore
from luthier.records.identity import a_user
from luthier.records.names import Scope
from luthier.runtimes.vpc_file import read_vpc
from luthier.settings import Settings, read_settings
from luthier.store.engine import Store

PATIENCE_S = 3.0  # for a server's answer


def validate_file(
    file: Annotated[Path, typer.Argument(help="A JSON request, as `aws --cli-input-json` takes it; - for stdin.")],
    operation: Annotated[str | None, typer.Option(help="Its operation [guessed from its members].")] = None,
    account: Annotated[str | None, typer.Option(help="Whose request it would be [that of `luthier env`].")] = None,
    region: Annotated[str | None, typer.Option(help="Where it would be sent to [us-east-1].")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Say it as a JSON document.")] = False,
    data_folder: Annotated[Path | None, typer.Option(help="Where names are looked for [~/.luthier].")] = None,
    port: Annotated[int | None, typer.Option(help="Port of the server that has the input [8710].")] = None,
) -> None:
    """Say whether a request would be accepted (exit code 0) or what is wrong with it (1), and change nothing."""
    document = _read(file)
    settings = read_settings(data_folder=data_folder, port=port, region=region)
    with _site(settings) as site:
        handlers = operations(site.desk)
        whose = _account(account or site.account)
        answered = sorted(name for service, name in handlers if service == SERVICE)
        asked = _operation(operation, document, answered)
        question = Question(
            operation=asked,
            document=document,
            scope=Scope(account=whose, region=settings.region),
            principal=a_user(whose, "luthier-validate"),
            now=time.time(),  # noqa: TID251  # the command line reads the clock
        )
        findings = validate(question, handlers)
    if not findings:
        request = json.loads(document)
        site.notes.extend([*doubts(request), *ceiling(asked, request, read_prices(settings))])
    typer.echo(_as_json(asked, findings, site.notes) if as_json else _as_text(asked, findings, site.notes))
    raise typer.Exit(1 if findings else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Site:
    """What a request is held against, and what could not be."""

    desk: Desk
    account: str
    notes: list[str]


class _Nowhere:
    """The object store where no server runs: it cannot be reached."""

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        raise ConnectionRefusedError(f"{prefix}: no server runs")

    def open(self, uri: str) -> BinaryIO:
        raise ConnectionRefusedError(f"{uri}: no server runs")

    def put(self, uri: str, body: BinaryIO, key: str | None = None) -> None:  # noqa: ARG002  # the Protocol's
        raise ConnectionRefusedError(f"{uri}: no server runs")

    def delete(self, uri: str) -> None:
        raise ConnectionRefusedError(f"{uri}: no server runs")


def _nowhere(_: str) -> ObjectStore:
    return _Nowhere()


@contextmanager
def _site(settings: Settings) -> Iterator[_Site]:
    notes = list[str]()
    nobody = Sessions(secrets.token_bytes(32))  # whatever is minted or encrypted with it opens nothing
    key = read_key(settings) if (settings.data_folder / FILE).exists() else None
    objects: Callable[[str], ObjectStore] = _nowhere
    if key is not None and _is_up(settings, key):
        objects = objects_in_roles(settings, obtain_sessions(settings))
    else:
        notes.append(f"S3 input was not looked for: no server of this data folder answers at {settings.url}.")
    with _store(settings, notes) as store:
        desk = Desk(
            store=store,
            catalogue=lambda: catalogue_of(settings),
            objects=objects,
            sessions=nobody,
            logs=TrainingLogs(settings.training_folder),
            vault=make_vault(settings, nobody),
            wake=lambda: None,
            capacity=capacity_of(settings),
            volume_trouble=trouble,
            vpc=lambda: read_vpc(settings.networks),
            limits=limits_of(settings),
            declared_roles_only=settings.declared_roles_only,
        )
        yield _Site(desk=desk, account=key.account if key else settings.account, notes=notes)


@contextmanager
def _store(settings: Settings, notes: list[str]) -> Iterator[Store]:
    """Open the database in use; where there is none, an empty one for the moment."""
    with TemporaryDirectory() as folder:
        url = settings.database
        if not settings.database_url and not (settings.data_folder / "luthier.db").exists():
            url = f"sqlite:///{folder}/empty.db"
            notes.append(f"Names were not looked for: {settings.data_folder} has no database yet.")
        store = Store.open(url)
        try:
            yield store
        finally:
            store.close()


def _is_up(settings: Settings, key: Key) -> bool:
    """Say whether a server answers that knows this data folder's key."""
    patience = Config(connect_timeout=PATIENCE_S, read_timeout=PATIENCE_S, retries={"total_max_attempts": 1})
    sts = boto3.client(
        "sts",
        endpoint_url=settings.url,
        region_name=settings.region,
        aws_access_key_id=key.access_key,
        aws_secret_access_key=key.secret_key,
        config=patience,
    )
    try:
        return bool(sts.get_caller_identity()["Account"] == key.account)
    except (BotoCoreError, ClientError):
        return False


def _read(file: Path) -> str:
    """Give the file's text; raises typer.BadParameter, which ends the command with code 2, unless it is an object."""
    try:
        body = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        text = body.decode()
        document = json.loads(text)
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise typer.BadParameter(f"{file} is not a JSON document: {error}") from error
    if not isinstance(document, dict):
        raise typer.BadParameter(f"{file} holds no JSON object")
    return text


def _account(given: str) -> str:
    if not re.fullmatch("[0-9]{12}", given):
        raise typer.BadParameter(f"{given!r} is not a 12-digit account number")
    return given


def _operation(given: str | None, document: str, answered: list[str]) -> str:
    found = given or guess_operation(json.loads(document), answered)
    if found is None:
        raise typer.BadParameter(
            f"the members do not tell which operation this is for; say it: --operation {'|'.join(answered)}"
        )
    if found not in answered:
        raise typer.BadParameter(f"this server does not answer {found!r}, but {', '.join(answered)}")
    return found


def _as_json(operation: str, findings: list[Finding], notes: list[str]) -> str:
    said = [asdict(finding) for finding in findings]
    document = {"operation": operation, "is_accepted": not findings, "findings": said, "notes": notes}
    return json.dumps(document, indent=2)


def _as_text(operation: str, findings: list[Finding], notes: list[str]) -> str:
    lines = [f"{operation} would be {'refused' if findings else 'accepted'}."]
    lines += [f"  {each.code} (by the {each.by}): {_printable(each.message)}" for each in findings]
    return "\n".join([*lines, *notes])


def _printable(text: str) -> str:
    """Show what a terminal would obey, or could not show, as escapes."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
