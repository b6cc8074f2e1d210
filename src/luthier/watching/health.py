"""
Whether a server can do its work: one check for each thing that it needs, asked of that thing itself.

| check    | is well when                                                                    |
|----------|---------------------------------------------------------------------------------|
| database | it answers, and its tables are of this version                                  |
| objects  | the S3 server answers, whatever it says; none is set: there is nothing to ask   |
| loops    | each controller has found out what there is to do within the last `STALE_S`     |
| capacity | it is known how much of this machine there is for training jobs                 |

An answer is kept for `KEPT_S`, so that nobody who may ask can keep the server busy by asking. It is for strangers, too:
it says what is wrong by a few words of ours, and never by those of an exception, which may name places and users.
"""

import http.client
import logging
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from luthier.clusters.occupancy import Occupancy
from luthier.store.engine import Store

KEPT_S = 1.0
STALE_S = 30.0  # a lane looks once a second; this is for a database that is busy
PATIENCE_S = 2.0  # for the S3 server

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check has found."""

    is_well: bool
    text: str  # for strangers' eyes


Check = Callable[[], Finding]


class Health:
    """All checks as one question. May be asked from any thread; those who ask at once are given one answer."""

    def __init__(self, checks: Mapping[str, Check], clock: Callable[[], float]) -> None:
        self._checks, self._clock = checks, clock
        self._lock = Lock()
        self._found: Mapping[str, Finding] = {}
        self._until = 0.0

    def look(self) -> Mapping[str, Finding]:
        """Give what each check finds, or found a moment ago."""
        with self._lock:
            now = self._clock()
            if not self._until - KEPT_S <= now < self._until:
                self._found = {name: check() for name, check in self._checks.items()}
                self._until = self._clock() + KEPT_S
            return self._found


def database_check(store: Store) -> Check:
    """Ask the database."""

    def check() -> Finding:
        try:
            is_current = store.is_current()
        except SQLAlchemyError as error:
            log.warning("the database does not answer: %s", type(error).__name__)
            return Finding(is_well=False, text="does not answer")
        return Finding(is_well=is_current, text="answers" if is_current else "its tables are of another version")

    return check


def objects_check(endpoint: str, at: Path | None = None) -> Check:
    """Ask the S3 server at a URL, or behind a Unix socket."""

    def check() -> Finding:
        try:
            status = _status_of(endpoint, at)
        except (OSError, http.client.HTTPException) as error:
            log.warning("the S3 server does not answer: %s", type(error).__name__)
            return Finding(is_well=False, text="does not answer")
        return Finding(is_well=status < 500, text="answers" if status < 500 else f"answers with status {status}")

    return check


def no_objects() -> Finding:
    """Say that there is no S3 server, as the settings have it."""
    return Finding(is_well=True, text="none is set")


def loops_check(looked_at: Callable[[], Sequence[float | None]], clock: Callable[[], float]) -> Check:
    """Ask when each controller has looked for work."""

    def check() -> Finding:
        now = clock()
        late = sum(at is None or at < now - STALE_S for at in looked_at())
        return Finding(is_well=not late, text=f"{late} are late" if late else "look for work")

    return check


def capacity_check(occupancy: Callable[[], Occupancy]) -> Check:
    """Ask the cluster what there is."""

    def check() -> Finding:
        is_known = any(level.total > 0 for level in occupancy().levels.values())
        return Finding(is_well=is_known, text="known" if is_known else "nothing is there for training jobs")

    return check


def _status_of(endpoint: str, at: Path | None) -> int:
    """Ask for nothing in particular: any answer is one."""
    parts = urlsplit(endpoint)
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(parts.hostname or "localhost", parts.port, timeout=PATIENCE_S)
    try:
        if at is not None:
            connection.sock = socket.socket(socket.AF_UNIX)
            connection.sock.settimeout(PATIENCE_S)
            connection.sock.connect(str(at))
        connection.request("GET", "/")
        return connection.getresponse().status
    finally:
        connection.close()
