"""
The keeper of a throw-away service: it has the server for a child, and sees to it that nothing of it stays.

    client ═══ nursery ──fork── keeper ──fork── server ── agents, training programs, the embedded S3
        ╚══ the line ══════════╝

The keeper ends all when the client says so on the line, when the line breaks, or when the client's process is gone,
however that came about. Whatever the server has started comes to be the keeper's own child once its parent is dead, so
that a server which is killed leaves nothing either.

Linux: prctl(2), PR_SET_CHILD_SUBREAPER; pidfd_open(2).
"""

import ctypes
import json
import os
import select
import signal
import socket
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from luthier.app.containers import clear_leftovers
from luthier.app.keys import Key, exports, obtain_key
from luthier.app.server import serve
from luthier.clusters.encrypted_volume import VolumeError, release
from luthier.clusters.removal import remove_tree
from luthier.records.json_value import JsonObject
from luthier.settings import PREFIX, Settings, SettingsError, read_settings

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h
LOG = "server.log"  # in the data folder
_PRCTL = ctypes.CDLL(None, use_errno=True).prctl


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A service that is wanted."""

    folder: Path  # that is removed with it
    data_folder: Path  # which may be elsewhere, and then stays
    settings: Mapping[str, str]
    client: int  # the process without which it is not wanted


def keep(told: JsonObject, door: socket.socket, line: socket.socket) -> NoReturn:
    """Have a server answer at *door* for as long as it is wanted, tell its variables on *line*, and end the process."""
    code = 1
    try:
        code = _kept(_errand(told), door, line)
    finally:
        if code != 0:
            traceback.print_exc()
        os._exit(code)  # what the nursery has open and registered is the nursery's


def _errand(told: JsonObject) -> Errand:
    settings, client = told["settings"], told["client"]
    assert isinstance(settings, Mapping)
    assert isinstance(client, int)
    return Errand(
        folder=Path(str(told["folder"])),
        data_folder=Path(str(told["data_folder"])),
        settings={name: str(value) for name, value in settings.items()},
        client=client,
    )


def _kept(errand: Errand, door: socket.socket, line: socket.socket) -> int:
    os.setsid()
    _PRCTL(PR_SET_CHILD_SUBREAPER, 1)
    try:
        settings, key = _settled_in(errand, door.getsockname()[1])
    except (SettingsError, OSError) as error:
        _say(line, {"trouble": str(error)})
        return 0
    server = os.fork()
    if server == 0:
        _serve(settings, key, door, line)
    door.close()
    _say(line, {"variables": exports(settings, key)})
    _wait(server, line, errand.client)
    end_all()
    _tidy(errand, settings)
    return 0


def _settled_in(errand: Errand, port: int) -> tuple[Settings, Key]:
    """Make a service's folders; raises SettingsError and OSError."""
    errand.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write_to(errand.data_folder / LOG)
    places = errand.folder / "tmp"
    places.mkdir(mode=0o700)
    tempfile.tempdir = os.environ["TMPDIR"] = str(places)
    settings = settled(errand, port)
    return settings, obtain_key(settings)[0]


def settled(errand: Errand, port: int) -> Settings:
    """Settle the settings of a service, of which the client's environment knows nothing; raises SettingsError."""
    strange = sorted(set(errand.settings) - set(Settings.__dataclass_fields__))
    taken = sorted({"data_folder", "host", "port"} & set(errand.settings))
    if strange or taken:
        raise SettingsError(
            f"{(strange or taken)[0]}: no setting of a throw-away service; see docs/reference/settings.md"
        )
    given = {PREFIX + name.upper(): value for name, value in errand.settings.items()}
    return read_settings(given, data_folder=errand.data_folder, port=port)


def end_all() -> None:
    """Kill every process below this one, and those that come to be below it meanwhile, until there is none."""
    while True:
        for each in descendants(os.getpid()):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def descendants(top: int) -> Iterator[int]:
    """Name every process that descends from *top*, children before their own."""
    children: dict[int, list[int]] = {}
    for each in Path("/proc").iterdir():
        if each.name.isdecimal() and (parent := _parent_of(each)) is not None:
            children.setdefault(parent, []).append(int(each.name))
    waiting = list(children.get(top, ()))
    while waiting:
        found = waiting.pop(0)
        yield found
        waiting += children.get(found, ())


def _serve(settings: Settings, key: Key, door: socket.socket, line: socket.socket) -> NoReturn:
    """Be the server, in a process of its own that dies with its keeper."""
    code = 1
    try:
        line.close()
        _PRCTL(PR_SET_PDEATHSIG, signal.SIGKILL)
        serve(settings, key, with_s3=True, door=door)
        code = 0
    finally:
        if code != 0:
            traceback.print_exc()
        os._exit(code)


def _wait(server: int, line: socket.socket, client: int) -> None:
    """Wait until the service is not wanted any more, or there is none."""
    with suppress(ProcessLookupError):
        watched = [line.fileno(), os.pidfd_open(client), os.pidfd_open(server)]
        select.select(watched, [], [])


def _parent_of(process: Path) -> int | None:
    try:
        stat = (process / "stat").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return None  # it has just ended
    return int(stat.rpartition(b")")[2].split()[1])  # its name, in parentheses, may hold anything


def _tidy(errand: Errand, settings: Settings) -> None:
    clear_leftovers(settings)
    try:
        release(settings.data_folder)
    except (VolumeError, FileNotFoundError) as error:
        print(f"a volume stays open: {error}", flush=True)  # noqa: T201  # into the log
        return
    remove_tree(errand.folder)


def _write_to(log: Path) -> None:
    """Have all output of this process, and of those to come, in a file."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    lines = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for descriptor, number in ((nothing, 0), (lines, 1), (lines, 2)):
        os.dup2(descriptor, number)


def _say(line: socket.socket, told: Mapping[str, object]) -> None:
    with suppress(BrokenPipeError):  # nobody wants to know any more
        line.sendall(json.dumps(told).encode() + b"\n")
