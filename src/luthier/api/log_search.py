"""
CloudWatch Logs: finding lines in the logs of many hosts, all of them together in the order of time.

Each log is in the order of time by itself, so they are merged. A log is not opened before its first line's turn, and
what is read of all of them for one page is bounded; so a page may be short, or empty, while there is more. A token says
how far the merging had come, and the place in each log that it had opened and that may go on:

    1760000000123/tune-003-5e6f7a8b/algo-1/tune-002-1c2d3e4f/algo-1:4711,tune-003-5e6f7a8b/algo-1:815

Logs that are not named there are to be read from that time on: they had no turn yet, or they were read to their end.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from heapq import merge

from luthier.api.desk import Desk
from luthier.api.log_events import MOST, Window, event_of, named
from luthier.api.log_filter import line_filter
from luthier.api.log_streams import LogStream, check_group, streams_of, wrong
from luthier.api.members import text, texts, whole
from luthier.api.summaries import present
from luthier.clusters.host_log import HostLog, LogLine, in_milliseconds
from luthier.records.call import Call
from luthier.records.json_value import JsonObject

PAGE = 1024 * 1024  # bytes of events in a page: FilterLogEvents, Amazon CloudWatch Logs API Reference
EFFORT = 4 * 1024 * 1024  # bytes that are looked at for one page, with what a line and a log cost by themselves
LINE, LOG = 100, 2000
PIECE = 64 * 1024  # bytes that are read of a log at once
LINES = 1000

_LOG = "[a-z0-9-]{1,63}/algo-[0-9]{1,9}"
_PLACE = f"{_LOG}:[0-9]{{1,18}}"
_TOKEN = re.compile(f"([0-9]{{1,18}})/({_LOG})/((?:{_PLACE}(?:,{_PLACE})*)?)")

Turn = tuple[int, str, int]  # a line's time in milliseconds, its log's name, its first byte


@dataclass(slots=True)
class Progress:
    """How far a search has come; changed by it alone."""

    reached: tuple[int, str] = (0, "")
    places: dict[str, int] = field(default_factory=dict)

    def token(self) -> str:
        """Write it down for the caller."""
        places = ",".join(f"{name}:{place}" for name, place in sorted(self.places.items()))
        return f"{self.reached[0]}/{self.reached[1]}/{places}"


@dataclass(frozen=True, slots=True)
class Found:
    """A line whose turn it is; None where it is a log's turn to be opened."""

    turn: Turn
    stream: LogStream | None = None
    line: LogLine | None = None


def filter_log_events(desk: Desk, call: Call) -> JsonObject:
    """Answer FilterLogEvents: oldest first, whichever stream it is of; interleaved is always true."""
    check_group(call)
    given = call.parameters
    passes = line_filter(text(given, "filterPattern"))
    window = Window(whole(given, "startTime"), whole(given, "endTime") + 1 if "endTime" in given else None)
    progress = _progress(text(given, "nextToken"))
    logs = [_turns(desk, call, log, window, progress) for log in _asked_for(desk, call)]
    turns = merge(*logs, key=lambda each: each.turn)
    events, is_whole = _page(turns, progress, passes, window, whole(given, "limit", MOST))
    return present({"events": events, "searchedLogStreams": [], "nextToken": None if is_whole else progress.token()})


def _page(
    turns: Iterator[Found], progress: Progress, passes: Callable[[str], bool], window: Window, limit: int
) -> tuple[list[JsonObject], bool]:
    """Take lines until the page is full or enough was looked at; says whether that was all there is."""
    events = list[JsonObject]()
    size = effort = 0
    for each in turns:
        if len(events) == limit or size > PAGE or effort > EFFORT:
            return events, False
        progress.reached = max(progress.reached, each.turn[:2])
        if each.line is None or each.stream is None:
            effort += LOG
            continue
        progress.places[each.turn[1]] = each.line.end
        effort += LINE + each.line.end - each.line.start
        if passes(each.line.text) and window.holds(each.line):
            events.append(_shown(each.stream, each.line))
            size += len(each.line.text) + LINE
    return events, True


def _turns(desk: Desk, call: Call, log: HostLog, window: Window, progress: Progress) -> Iterator[Found]:
    """
    Give the turns of one log: to be opened, and then of each of its lines, in the order of their times.

    One that an earlier page has opened is open at once, so that every page comes further than the one before.
    """
    prefix = text(call.parameters, "logStreamNamePrefix")
    place, since = progress.places.get(log.name), _since(log, window, progress)
    if place is None:
        first, last = (in_milliseconds(each) for each in log.times())
        if last < since or (window.end is not None and first >= window.end):
            return
        yield Found((max(first, since), log.name, -1))
        place, _ = log.span((since - 0.5) / 1000, None)
    stream = next((each for each in streams_of(desk, call, log.job_name) if each.log.name == log.name), None)
    if stream is None or not stream.name.startswith(prefix):
        progress.places.pop(log.name, None)
        return
    yield from _lines(stream, place, window, progress)


def _lines(stream: LogStream, place: int, window: Window, progress: Progress) -> Iterator[Found]:
    """
    Give the turns of the lines from a place on.

    A log that is over is forgotten at its end, once the search has passed its time: lines may have been read before
    they were noted, and have had another time then.
    """
    job, log = stream.job, stream.log
    progress.places[log.name] = place
    while lines := log.after(place, is_over=job.status.is_over, piece=PIECE, most=LINES):
        for line in lines:
            at = in_milliseconds(line.at)
            if window.end is not None and at >= window.end:
                return
            yield Found((at, log.name, line.start), stream, line)
        place = lines[-1].end
    if job.status.is_over and in_milliseconds(log.times()[1]) < _since(log, window, progress):
        del progress.places[log.name]


def _since(log: HostLog, window: Window, progress: Progress) -> int:
    """Give the milliseconds from which on nothing of a log has been looked at that is not opened."""
    ms, reached = progress.reached
    return max(window.start, ms + 1 if reached >= log.name else ms)


def _asked_for(desk: Desk, call: Call) -> list[HostLog]:
    """Give the logs that are searched, by their names."""
    names, prefix = texts(call.parameters, "logStreamNames"), text(call.parameters, "logStreamNamePrefix")
    if names and prefix:
        raise wrong("Cannot specify both logStreamNames and logStreamNamePrefix; leave one out.")
    if names:
        wanted = {log.name: log for log in (named(desk, call, name).log for name in names)}
        return [log for _, log in sorted(wanted.items())]
    if "/" in prefix:
        every = streams_of(desk, call, prefix.partition("/")[0])
        return [each.log for each in every if each.name.startswith(prefix)]
    return [log for log in desk.logs.all(call.scope) if log.job_name.startswith(prefix.lower())]


def _progress(token: str) -> Progress:
    if not token:
        return Progress()
    parts = _TOKEN.fullmatch(token)
    if parts is None:
        raise wrong("The specified nextToken is invalid.")
    places = (each.split(":") for each in parts[3].split(",") if each)
    return Progress((int(parts[1]), parts[2]), {name: int(place) for name, place in places})


def _shown(stream: LogStream, line: LogLine) -> JsonObject:
    """Show a found line; its ID is no other line's, and stays the same."""
    of = int.from_bytes(hashlib.sha256(stream.name.encode()).digest()) % 10**24
    number = f"{int(stream.job.created_at * 1000):014d}{of:024d}{line.start:018d}"
    return {"logStreamName": stream.name, "eventId": number, **event_of(line)}
