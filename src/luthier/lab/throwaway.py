"""
A throw-away service: a whole server of one's own, with no job and no bucket in it, that leaves nothing behind.

Only the standard library is loaded for it in the client's process, and boto3 if a client is asked for.
"""

import http.client
import json
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from luthier.algorithms.catalogue import CatalogueEntry, add_image
from luthier.lab.nest import Nest

PATIENCE_S = 120.0  # for the first answer, and for the end: some 2 s, but on a machine that is overrun
_LOG = "server.log"
_SHOWN = 2000  # bytes of the log, where a service does not start
_LOOPBACK = "127.0.0.1"
_IN_THE_WAY = (  # variables that would lead a client elsewhere, beside those that are set
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
)
_ENDPOINT = "AWS_ENDPOINT_URL"


class ServiceError(Exception):
    """A throw-away service does not start; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalService:
    """A service that runs."""

    url: str  # what clients are given as AWS_ENDPOINT_URL
    environment: Mapping[str, str]  # the variables that point an AWS client here
    folder: Path  # its data folder
    log: Path  # what the server says

    @property
    def role(self) -> str:
        """The ARN of a role for jobs, which is LUTHIER_ROLE_ARN in the environment."""
        return self.environment["LUTHIER_ROLE_ARN"]

    def client(self, service: str) -> Any:  # Any: boto3 makes its clients
        """Make a boto3 client of *service*, whatever the environment says."""
        session = import_module("boto3").session.Session(
            aws_access_key_id=self.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.environment["AWS_SECRET_ACCESS_KEY"],
            region_name=self.environment["AWS_DEFAULT_REGION"],
        )
        return session.client(service, endpoint_url=self.url)

    @contextmanager
    def pointed(self) -> Iterator[None]:
        """Point the AWS clients of this process, and of those that it starts, here; at the end, where they were."""
        away = [each for each in os.environ if each in _IN_THE_WAY or each.startswith(f"{_ENDPOINT}_")]
        proxies = {name: ",".join(filter(None, [os.environ.get(name), _LOOPBACK])) for name in ("NO_PROXY", "no_proxy")}
        given = {**self.environment, **proxies}
        before, session = {name: os.environ.get(name) for name in (*away, *given)}, _default_session()
        _set({**dict.fromkeys(away), **given})
        _set_default_session(None)
        try:
            yield
        finally:
            _set(before)
            _set_default_session(session)

    def add_image(self, pattern: str, command: Sequence[str], code: str | Path | None = None) -> None:
        """
        Have a command stand for every training image that matches *pattern*, from the next training job on.

        *code* is the folder of the program. Raises CatalogueError for an entry that cannot be.
        """
        entry = CatalogueEntry(pattern=pattern, command=tuple(command))
        if code is not None:
            entry = replace(entry, code=str(Path(code).absolute()))
        add_image(self.folder / "images.toml", entry)


@contextmanager
def local(
    *, keep: str | Path | None = None, nest: Nest | None = None, **settings: str | int | bool
) -> Iterator[LocalService]:
    """
    Have a service of one's own, which AWS clients are pointed to, for as long as the context lasts.

    It listens on a loopback port of its own. At the end, the variables are what they were, every training job and the
    server are gone, and so is all that they wrote; with *keep*, its data stay in that folder. It ends with this
    process, too, however that ends. *settings* are those of `luthier up`. Several that come from one *nest* start
    sooner.

    Raises ServiceError if it does not start.
    """
    with running(keep=keep, nest=nest, **settings) as service, service.pointed():
        yield service


@contextmanager
def running(
    *, keep: str | Path | None = None, nest: Nest | None = None, **settings: str | int | bool
) -> Iterator[LocalService]:
    """Have a service as `local` does, and leave the environment as it is."""
    if nest is None:
        with Nest() as own, running(keep=keep, nest=own, **settings) as service:
            yield service
        return
    folder = Path(tempfile.mkdtemp(prefix="luthier-"))
    data_folder = folder / "data" if keep is None else Path(keep).absolute()
    try:
        with socket.create_server((_LOOPBACK, 0), backlog=512) as door:
            url = f"http://{_LOOPBACK}:{door.getsockname()[1]}"
            line = _asked(nest, folder, data_folder, settings, door)
        with line:
            try:
                yield _started(line, url, data_folder)
            finally:
                _end(line)
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # the keeper has done so, if there was one


def _asked(
    nest: Nest, folder: Path, data_folder: Path, settings: Mapping[str, str | int | bool], door: socket.socket
) -> socket.socket:
    """Ask for a service, and give the line to its keeper; raises ServiceError."""
    try:
        return nest.ask(folder, data_folder, {name: str(value) for name, value in settings.items()}, door)
    except OSError as error:
        raise ServiceError(f"the process that services come from is dead, its words are above: {error}") from error


def _started(line: socket.socket, url: str, data_folder: Path) -> LocalService:
    """Wait until a service answers; raises ServiceError."""
    line.settimeout(PATIENCE_S)
    log = data_folder / _LOG
    told = _heard(line)
    if "trouble" in told:
        raise ServiceError(told["trouble"])
    if "variables" not in told or not _answers(url):
        raise ServiceError(f"the service does not start; its last words: {_last_words(log)}")
    return LocalService(url=url, environment=told["variables"], folder=data_folder, log=log)


def _heard(line: socket.socket) -> Mapping[str, Any]:
    """Hear what a keeper has to say; nothing from one that is dead, or says nothing for too long."""
    try:
        with line.makefile("rb") as lines:
            return dict(json.loads(lines.readline() or b"{}"))
    except (TimeoutError, ConnectionResetError):
        return {}


def _answers(url: str) -> bool:
    """Ask for the first page, which waits at the door until the server has come to it."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=PATIENCE_S)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _end(line: socket.socket) -> None:
    """Tell the keeper that the service is not wanted any more, and wait until nothing of it is left."""
    with suppress(OSError):
        line.shutdown(socket.SHUT_WR)
    line.settimeout(PATIENCE_S)
    try:
        while line.recv(1024):
            continue
    except ConnectionResetError:
        return  # the keeper is dead
    except TimeoutError as error:
        raise ServiceError("the service does not end; a process of it cannot be killed") from error


def _last_words(log: Path) -> str:
    if not log.exists():
        return "none"
    return log.read_bytes()[-_SHOWN:].decode(errors="replace").strip()


def _set(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _default_session() -> Any:
    """Give the session that boto3 keeps for `boto3.client`, with the credentials that it found when it was made."""
    boto3: Any = sys.modules.get("boto3")
    return None if boto3 is None else boto3.DEFAULT_SESSION


def _set_default_session(session: Any) -> None:
    boto3: Any = sys.modules.get("boto3")
    if boto3 is not None:
        boto3.DEFAULT_SESSION = session
