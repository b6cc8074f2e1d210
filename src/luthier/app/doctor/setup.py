"""Whether this machine has all that a server needs, looked at without changing anything."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from luthier.algorithms.catalogue import Catalogue, CatalogueError
from luthier.app.borrowed_server import answers, is_ours
from luthier.app.capacity import capacity_of
from luthier.app.commands.answer import answer
from luthier.app.keys import FILE, read_key
from luthier.objects.folder import ObjectServerError, find_binary
from luthier.runtimes.choice import RuntimeMissingError, choose
from luthier.runtimes.container.engine import EngineError
from luthier.runtimes.container.engine import connect as connect_engine
from luthier.settings import Settings
from luthier.store import StoreError
from luthier.store.database import connect
from luthier.store.version import is_behind


class Verdict(StrEnum):
    """How a part of the set-up is."""

    WELL = "well"
    CARE = "care"  # it works, with a drawback
    WRONG = "wrong"  # a server cannot do its work


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What was looked at, how it is, and what there is to know or do."""

    name: str
    verdict: Verdict
    text: str


_STYLES = {Verdict.WELL: "green", Verdict.CARE: "yellow", Verdict.WRONG: "bold red"}


def look_over(settings: Settings) -> list[Part]:
    """Look at everything that a server with these settings needs."""
    looks: Sequence[Callable[[Settings], Iterator[Part]]] = (
        _folder,
        _address,
        _database,
        _objects,
        _runtime,
        _capacity,
        _containers,
        _images,
    )
    return [part for look in looks for part in look(settings)]


def tell_setup(parts: Sequence[Part], console: Console, *, as_json: bool = False) -> int:
    """Show the parts, and give the exit code: 1 if something is wrong."""
    code = 1 if any(part.verdict is Verdict.WRONG for part in parts) else 0
    if as_json:
        answer([asdict(part) for part in parts], [], as_json=True)
        return code
    table = Table(box=None, show_header=False, pad_edge=False)
    for part in parts:
        table.add_row(part.name, Text(part.verdict, style=_STYLES[part.verdict]), Text(part.text))
    console.print(table)
    console.print("AWS clients are examined with: luthier doctor --clients")
    return code


def _folder(settings: Settings) -> Iterator[Part]:
    folder = settings.data_folder
    if not folder.exists():
        parent = next(each for each in folder.absolute().parents if each.exists())
        writable = parent.is_dir() and os.access(parent, os.W_OK | os.X_OK)
        text = f"{folder} is made by the first `luthier up`" if writable else f"{parent} may not be written to"
        yield Part(name="data folder", verdict=Verdict.WELL if writable else Verdict.WRONG, text=text)
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Part(name="data folder", verdict=Verdict.WRONG, text=f"{folder} may not be written to; chown or chmod it")
    elif _others_see(folder / FILE):
        text = f"{folder / FILE} can be read by others; chmod 600 it"
        yield Part(name="data folder", verdict=Verdict.WRONG, text=text)
    else:
        yield Part(name="data folder", verdict=Verdict.WELL, text=str(folder))


def _others_see(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & 0o077)


def _address(settings: Settings) -> Iterator[Part]:
    name = "address"
    if not answers(settings):
        yield Part(name=name, verdict=Verdict.WELL, text=f"{settings.url} is free; `luthier up` starts the server")
    elif (settings.data_folder / FILE).exists() and is_ours(settings, read_key(settings)):
        yield Part(name=name, verdict=Verdict.WELL, text=f"the server of this data folder answers at {settings.url}")
    else:
        text = f"{settings.url} is taken by something else; choose another port with --port or the setting port"
        yield Part(name=name, verdict=Verdict.WRONG, text=text)


def _database(settings: Settings) -> Iterator[Part]:
    name = "database"
    try:
        if _is_to_be_made(settings.database):
            yield Part(name=name, verdict=Verdict.WELL, text="SQLite, made by the first `luthier up`")
            return
        database = connect(settings.database)
        behind = is_behind(database)
        database.close()
    except (StoreError, SQLAlchemyError) as error:
        yield Part(name=name, verdict=Verdict.WRONG, text=str(error).splitlines()[0])
        return
    text = "of an earlier version; `luthier migrate` or the next start brings it up to date" if behind else "up to date"
    yield Part(name=name, verdict=Verdict.CARE if behind else Verdict.WELL, text=text)


def _is_to_be_made(address: str) -> bool:
    url = make_url(address)
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()


def _objects(settings: Settings) -> Iterator[Part]:
    name = "embedded S3"
    if settings.s3_endpoint:
        text = f"`luthier serve` passes on to {settings.s3_endpoint}"
        yield Part(name=name, verdict=Verdict.WELL, text=text)
        return
    try:
        yield Part(name=name, verdict=Verdict.WELL, text=str(find_binary()))
    except ObjectServerError as error:
        yield Part(name=name, verdict=Verdict.WRONG, text=str(error))


def _runtime(settings: Settings) -> Iterator[Part]:
    if settings.runtime == "container":
        return
    try:
        runtime, warning = choose(settings.runtime)
    except RuntimeMissingError as error:
        yield Part(name="runtime", verdict=Verdict.WRONG, text=str(error))
        return
    text = warning or f"{type(runtime).__name__.lower()}: algorithms run in a sandbox"
    yield Part(name="runtime", verdict=Verdict.CARE if warning else Verdict.WELL, text=text)


def _capacity(settings: Settings) -> Iterator[Part]:
    yield Part(name="capacity", verdict=Verdict.WELL, text=f"{settings.capacity}: {capacity_of(settings).summary()}")


def _containers(settings: Settings) -> Iterator[Part]:
    name = "containers"
    if settings.runtime in ("bubblewrap", "plain"):
        return
    try:
        engine = connect_engine(settings.container_socket)
    except EngineError as error:
        is_needed = settings.runtime == "container"
        text = f"{'none' if is_needed else 'none, so images need a command in the catalogue'}: {error.strerror}"
        yield Part(name=name, verdict=Verdict.WRONG if is_needed else Verdict.WELL, text=text)
        return
    text = f"{engine.machine.version} at {engine.socket} runs images that have no command in the catalogue"
    yield Part(name=name, verdict=Verdict.WELL, text=text)


def _images(settings: Settings) -> Iterator[Part]:
    try:
        entries = Catalogue.read(settings.catalogue).entries
    except CatalogueError as error:
        yield Part(name="images", verdict=Verdict.WRONG, text=str(error))
        return
    wrong = [each for each in entries if each.problem is not None]
    if len(wrong) < len(entries):
        text = f"{len(entries) - len(wrong)} patterns can be run; `luthier images list` shows them"
        yield Part(name="images", verdict=Verdict.WELL, text=text)
    if wrong:
        patterns = ", ".join(dict.fromkeys(each.pattern for each in wrong))
        text = f"{patterns}: not to be run as yet; `luthier images list` says why"
        yield Part(name="images", verdict=Verdict.CARE, text=text)
