"""
What a log reports: lines in, metrics out.

    bytes, in any pieces     b"[3]\tvalidation-rmse:0.25\r\n"
    line                     "[3]\tvalidation-rmse:0.25"            ended by \\n or \\r, UTF-8, at most LINE_LIMIT bytes
    metrics                  validation:rmse = 0.25, seen at ...    by each definition's pattern (see `patterns`)
"""

import re
from collections.abc import Sequence

from luthier.metrics.patterns import Search, compile_pattern, forms_of, number
from luthier.records.algorithm import MetricDefinition
from luthier.records.journal import MetricSeen

LINE_LIMIT = 65_536  # bytes; what follows them in a line is not looked at
TIMEOUTS_ALLOWED = 2  # lines on which a pattern may time out; at the next it is switched off

_LINE_END = re.compile(rb"[\r\n]")


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
                self._searches.append((each.name, compile_pattern(each.regex)))
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
        forms = forms_of(line)
        values = ((name, self._value(place, forms)) for place, (name, _) in enumerate(self._searches))
        return [MetricSeen(name=name, value=value, at=at) for name, value in values if value is not None]

    def _value(self, place: int, forms: Sequence[str]) -> float | None:
        """Give the first finite number that one pattern catches in a line's forms."""
        if self._timeouts.get(place, 0) > TIMEOUTS_ALLOWED:
            return None
        _, search = self._searches[place]
        try:
            return next((value for form in forms if (value := _value_in(form, search)) is not None), None)
        except TimeoutError:
            self._count_timeout(place)
            return None

    def _count_timeout(self, place: int) -> None:
        self._timeouts[place] = self._timeouts.get(place, 0) + 1
        if self._timeouts[place] > TIMEOUTS_ALLOWED:
            name, _ = self._searches[place]
            self.troubles.append(f"metric {name!r}: the pattern takes too long; simplify it")


def _value_in(form: str, search: Search) -> float | None:
    match = search(form)
    return number(form[slice(*match.group)]) if match is not None and match.group is not None else None
