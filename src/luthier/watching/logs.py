"""
Log lines: as text for people, or each a JSON object for machines.

What a line is about, a job or a request, need not be said by who writes it: within a deed (see `luthier.witness`) every
line has the deed's facts. Text from outside cannot begin a line of its own: JSON escapes it, and text has it escaped.
"""

import json
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType

from luthier.witness import Deed, Facts

NOTHING: Mapping[str, str] = MappingProxyType({})
TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
UNTOLD = frozenset(("traceparent",))
_INVISIBLE = {code: repr(chr(code))[1:-1] for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)}

_about: ContextVar[Mapping[str, str]] = ContextVar("about", default=NOTHING)
log = logging.getLogger(__name__)


class JsonLines(logging.Formatter):
    """One JSON object a line, all ASCII: time, level, logger, event; the facts of the deed; error with a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        line: dict[str, object] = {
            "time": f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%S}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **{name: value for name, value in _about.get().items() if name not in UNTOLD},
        }
        seconds = getattr(record, "seconds", None)
        if seconds is not None:
            line["seconds"] = seconds
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line)


class TextLines(logging.Formatter):
    """One line for each record, and its traceback below."""

    def __init__(self) -> None:
        super().__init__(TEXT)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's name
        """Write a record's line."""
        return super().formatMessage(record).translate(_INVISIBLE)


class Diary:
    """The `Witness` that lets log lines know what they are about, and writes one of each deed at level info."""

    @contextmanager
    def watch(self, deed: Deed, facts: Facts) -> Iterator[None]:
        """See `Witness.watch`. Passes that changed nothing are not written down: there are many each second."""
        before, began = _about.set(facts), time.perf_counter()
        try:
            yield
            if facts.get("outcome") != "idle":
                log.info("%s", deed, extra={"seconds": round(time.perf_counter() - began, 6)})
        finally:
            _about.reset(before)

    def count(self, what: str, number: int) -> None:
        """See `Witness.count`: numbers are no lines."""


def write_log(form: str, level: str) -> None:
    """Have this process's log written to stderr, *form* being text or json; of others' libraries, warnings only."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("luthier").setLevel(level.upper())
