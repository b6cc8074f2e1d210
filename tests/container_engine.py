"""
A container engine for tests: the machine's own if one answers, else one that is started for all test processes.

Those that use it hold a lock together; who can have the lock alone at its end is the last, and ends the engine.
"""

import fcntl
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from luthier.runtimes.container.engine import Engine, EngineError, connect

PLACE = Path("/var/cache/luthier-tests/docker")
SOCKET = Path("/run/luthier-tests/docker.sock")
LIMIT_S = 60.0


class NoEngineError(Exception):
    """There is no container engine, and none can be started; says why."""


@contextmanager
def running_engine() -> Iterator[Engine]:
    """Have an engine while the context lasts; raises NoEngineError."""
    try:
        yield connect()
    except EngineError as error:
        if os.geteuid() != 0 or shutil.which("dockerd") is None:
            raise NoEngineError(f"no container engine: {error.strerror}") from error
        with _own() as engine:
            yield engine


@contextmanager
def _own() -> Iterator[Engine]:
    for folder in (PLACE, SOCKET.parent):
        folder.mkdir(parents=True, exist_ok=True)
    with (PLACE / "starting").open("w") as starting, (PLACE / "users").open("w") as users:
        fcntl.flock(starting, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)
        engine = _answering() or _started()
        fcntl.flock(starting, fcntl.LOCK_UN)
        try:
            yield engine
        finally:
            fcntl.flock(starting, fcntl.LOCK_EX)
            _leave(users.fileno())


def _answering() -> Engine | None:
    try:
        return connect(str(SOCKET))
    except EngineError:
        return None


def _started() -> Engine:
    log = PLACE / "dockerd.log"
    with log.open("wb") as output:
        daemon = subprocess.Popen(
            [
                "dockerd",
                *("--host", f"unix://{SOCKET}", "--data-root", str(PLACE / "root"), "--exec-root", str(SOCKET.parent)),
                *("--pidfile", str(SOCKET.parent / "docker.pid")),
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    deadline = monotonic() + LIMIT_S
    while (engine := _answering()) is None:
        if daemon.poll() is not None or monotonic() > deadline:
            raise NoEngineError(f"dockerd cannot be started: {log.read_text(errors='replace')[-1000:]}")
        sleep(0.1)
    return engine


def _leave(users: int) -> None:
    """End the engine, unless others use it."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    pid_file = SOCKET.parent / "docker.pid"
    os.kill(int(pid_file.read_text()), signal.SIGTERM)
    deadline = monotonic() + LIMIT_S
    while pid_file.exists() and monotonic() < deadline:
        sleep(0.05)
