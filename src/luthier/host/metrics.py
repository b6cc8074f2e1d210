"""
Metrics: what an algorithm's log says, read by the caller's regular expressions.

How a line is read:

    bytes, in any pieces     b"[3]\tvalidation-rmse:0.25\r\n"
    line                     "[3]\tvalidation-rmse:0.25"            ended by \\n or \\r, UTF-8, at most LINE_LIMIT bytes
    stored form              "[3]#011validation-rmse:0.25"          control characters as # and three octal digits
    pattern                  validation-rmse:(\\S+)                  searched in the stored form, then in the line
    value                    float("0.25")                          group 1; what is no finite number is passed over

SageMaker's patterns are matched against log lines as its log service stores them, where a tab is `#011`: AWS's own
patterns for XGBoost ask for it. Patterns come from callers and lines from their programs, and neither is trusted.
RE2 searches in time linear in the line; patterns that it has no word for (look-around), or that are big, go to an
engine that gives up on a line after LINE_TIMEOUT_S.
"""

import math
import re
from collections.abc import Callable, Sequence

import re2
import regex

from luthier.records.algorithm import MetricDefinition
from luthier.records.journal import MetricSeen

LINE_LIMIT = 65_536  # bytes; what follows them in a line is not looked at
LINE_TIMEOUT_S = 0.1
TIMEOUTS_ALLOWED = 2  # lines on which a pattern may time out; at the next it is switched off

_PROGRAM_LIMIT = 1_000  # RE2 instructions: so many cost some tenths of a second on a line of LINE_LIMIT, more cost more
_LINE_END = re.compile(rb"[\r\n]")
_STORED_FORM = {code: f"#{code:03o}" for code in (*range(32), 127)}

Search = Callable[[str], str | None]
"""Gives what group 1 caught in a line, None if nothing; raises TimeoutError."""


def check_pattern(pattern: str) -> str | None:
    """
    Say why *pattern* cannot catch a metric, or None if it can.

    >>> check_pattern("loss=[0-9.]+")
    'it has no group to catch the value'
    """
    try:
        _compile(pattern)
    except ValueError as error:
        return str(error)
    return None


class Scraper:
    """
    Finds metrics in one log that arrives in pieces.

    It keeps one unfinished line, of at most LINE_LIMIT bytes, and nothing else of the log.
    *troubles* says, for people, which patterns are not (or no longer) looked for, and why.
    """

    def __init__(self, definitions: Sequence[MetricDefinition]) -> None:
        self.troubles: list[str] = []
        self._searches: list[tuple[str, Search]] = []
        self._timeouts: dict[int, int] = {}  # place in _searches: lines timed out on
        self._unfinished = bytearray()
        for each in definitions:
            try:
                self._searches.append((each.name, _compile(each.regex)))
            except ValueError as error:
                self.troubles.append(f"metric {each.name!r}: pattern {each.regex!r} is not looked for: {error}")

    def feed(self, data: bytes, at: float) -> list[MetricSeen]:
        """Take the next piece of the log; give what the lines that it ends report, in order, all seen at *at*."""
        seen: list[MetricSeen] = []
        *ended, rest = _LINE_END.split(data)
        for piece in ended:
            self._extend(piece)
            seen += self._end_line(at)
        self._extend(rest)
        return seen

    def finish(self, at: float) -> list[MetricSeen]:
        """Take what has come since the last line end as a line: the log is over."""
        return self._end_line(at)

    def _extend(self, piece: bytes) -> None:
        self._unfinished += piece[: LINE_LIMIT - len(self._unfinished)]

    def _end_line(self, at: float) -> list[MetricSeen]:
        line = self._unfinished.decode("utf-8", errors="replace")
        self._unfinished.clear()
        if not line:
            return []
        stored = line.translate(_STORED_FORM)
        forms = (stored,) if stored == line else (stored, line)
        values = ((name, self._value(place, forms)) for place, (name, _) in enumerate(self._searches))
        return [MetricSeen(name=name, value=value, at=at) for name, value in values if value is not None]

    def _value(self, place: int, forms: Sequence[str]) -> float | None:
        """Give the first finite number that one pattern catches in a line's forms."""
        if self._timeouts.get(place, 0) > TIMEOUTS_ALLOWED:
            return None
        _, search = self._searches[place]
        try:
            return next((value for form in forms if (value := _number(search(form))) is not None), None)
        except TimeoutError:
            self._count_timeout(place)
            return None

    def _count_timeout(self, place: int) -> None:
        self._timeouts[place] = self._timeouts.get(place, 0) + 1
        if self._timeouts[place] > TIMEOUTS_ALLOWED:
            name, _ = self._searches[place]
            self.troubles.append(f"metric {name!r}: the pattern takes too long; simplify it")


def _number(caught: str | None) -> float | None:
    if caught is None or "_" in caught:  # float() takes 1_000, which no log means as a number
        return None
    try:
        value = float(caught)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _compile(pattern: str) -> Search:
    """Choose an engine for *pattern*; raises ValueError saying what is wrong with it."""
    try:
        return _linear(pattern) or _timed(pattern)
    except (regex.error, RecursionError, OverflowError) as error:
        raise ValueError(f"it is not a regular expression: {error}") from error


def _linear(pattern: str) -> Search | None:
    """RE2's search for *pattern*, or None where RE2 has no word for it or would be slow."""
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(pattern, options)
    except re2.error:
        return None
    if compiled.programsize > _PROGRAM_LIMIT:
        return None
    _check_group(compiled.groups)

    def search(line: str) -> str | None:
        match = compiled.search(line)
        return match[1] if match else None

    return search


def _timed(pattern: str) -> Search:
    compiled = regex.compile(pattern)
    _check_group(compiled.groups)

    def search(line: str) -> str | None:
        match = compiled.search(line, timeout=LINE_TIMEOUT_S)
        return match[1] if match else None

    return search


def _check_group(groups: int) -> None:
    if groups == 0:
        raise ValueError("it has no group to catch the value")
