"""
The webhook: one POST, and what became of it.

| answer                               | the event is | meaning                                      |
|--------------------------------------|--------------|----------------------------------------------|
| 2xx                                  | taken        |                                              |
| none in time; 408, 425, 429, 5xx     | unanswered   | nobody can take events now: all of them wait |
| any other, 3xx too: nobody follows   | refused      | this event is not wanted now; others may be  |
"""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from importlib.metadata import version
from urllib.parse import urlsplit

PATIENCE_S = 5.0  # to connect, and then for each part of an answer
NOT_NOW = frozenset((408, 425, 429))


class Reception(Enum):
    """What became of an attempt."""

    TAKEN = auto()
    REFUSED = auto()
    UNANSWERED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt's end, in a few words of ours."""

    reception: Reception
    text: str


class Webhook:
    """Posts to one URL, straight and nowhere else: no proxy, no redirect. Certificates are verified."""

    def __init__(self, url: str, patience_s: float = PATIENCE_S) -> None:
        parts = urlsplit(url)
        self._kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._host, self._port, self._patience_s = parts.hostname or "", parts.port, patience_s
        self._target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"

    def post(self, body: bytes, headers: Mapping[str, str]) -> Attempt:
        """Try once; an outage is an answer, too."""
        connection = self._kind(self._host, self._port, timeout=self._patience_s)
        agent = {"User-Agent": f"luthier/{version('luthier')}"}
        try:
            connection.request("POST", self._target, body, {**agent, **headers})
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            return Attempt(reception=Reception.UNANSWERED, text=type(error).__name__)
        finally:
            connection.close()
        return Attempt(reception=_reception(status), text=f"status {status}")


def _reception(status: int) -> Reception:
    if 200 <= status < 300:
        return Reception.TAKEN
    return Reception.UNANSWERED if status >= 500 or status in NOT_NOW else Reception.REFUSED
