"""
What a log reports: lines in, metrics out.

    bytes, in any pieces     b"[3]\tvalidation-rmse:0.25\r\n"
    line                     "[3]\tvalidation-rmse:0.25"            ended by \\n or \\r (see `lines`)
    metrics                  validation:rmse = 0.25, seen at ...    by each definition's pattern (see `patterns`)

A line that is a record (see `records`) reports its metric by itself. Once a metric is told by records, in the log or
elsewhere, its pattern is not looked for any more: nothing is to count twice.
"""

from collections.abc import Sequence

from luthier.metrics.lines import Lines
from luthier.metrics.patterns import Search, compile_pattern, forms_of, number
from luthier.metrics.records import record_in
from luthier.records.algorithm import MetricDefinition
from luthier.records.journal import MetricSeen

TIMEOUTS_ALLOWED = 2  # lines on which a pattern may time out; at the next it is switched off


class Scraper:
    """
    Finds metrics in one log that arrives in pieces.

    It keeps one unfinished line (see `lines`), and nothing else of the log.
    *troubles* says, for people, which patterns are not (or no longer) looked for, and why.
    """

    def __init__(self, definitions: Sequence[MetricDefinition], told: set[str] | None = None) -> None:
        """Look for *definitions*; *told* holds the names of metrics that are told by records, and gets those found."""
        self.troubles: list[str] = []
        self._names = frozenset(each.name for each in definitions)
        self._told: set[str] = set() if told is None else told
        self._searches: list[tuple[str, Search]] = []
        self._timeouts: dict[int, int] = {}  # place in _searches: lines timed out on
        self._lines = Lines()
        for each in definitions:
            try:
                self._searches.append((each.name, compile_pattern(each.regex)))
            except ValueError as error:
                self.troubles.append(f"metric {each.name!r}: pattern {each.regex!r} is not looked for: {error}")

    def feed(self, data: bytes, at: float) -> list[MetricSeen]:
        """Take the next piece of the log; give what the lines that it ends report, in order, all seen at *at*."""
        return [seen for line in self._lines.feed(data) for seen in self._read(line, at)]

    def finish(self, at: float) -> list[MetricSeen]:
        """Take what has come since the last line end as a line: the log is over."""
        return [seen for line in self._lines.finish() for seen in self._read(line, at)]

    def _read(self, line: str, at: float) -> list[MetricSeen]:
        record = record_in(line)
        seen: list[MetricSeen] = []
        if record is not None and record.name in self._names:
            self._told.add(record.name)
            seen.append(MetricSeen(name=record.name, value=record.value, at=at))
        forms = forms_of(line)
        untold = [(place, name) for place, (name, _) in enumerate(self._searches) if name not in self._told]
        values = ((name, self._value(place, forms)) for place, name in untold)
        return seen + [MetricSeen(name=name, value=value, at=at) for name, value in values if value is not None]

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
