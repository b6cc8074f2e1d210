"""CloudWatch Logs: the lines of one host's log, in pages whose tokens are places in the log."""

import re
from dataclasses import dataclass

from luthier.api.desk import Desk
from luthier.api.log_streams import LogStream, check_group, streams_of, wrong
from luthier.api.members import text, whole
from luthier.clusters.host_log import LogLine, in_milliseconds
from luthier.records.call import ApiError, Call
from luthier.records.json_value import JsonObject

MOST = 10_000  # events of a page: GetLogEvents, Amazon CloudWatch Logs API Reference
PIECES = 16  # of about a megabyte, looked at for one page: all lines of a piece may be empty
_TOKEN = re.compile(r"([fb])/([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Window:
    """Times in milliseconds: from the first on, and before the second, where there is one."""

    start: int
    end: int | None

    def holds(self, line: LogLine) -> bool:
        """Whether a line is an event of the window; one with nothing in it is none, as a message has a character."""
        at = in_milliseconds(line.at)
        return bool(line.text) and self.start <= at and (self.end is None or at < self.end)

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """The same in seconds, so that a time lies within these whenever its milliseconds do within the others."""
        return _seconds(self.start) if self.start else None, None if self.end is None else _seconds(self.end)


def get_log_events(desk: Desk, call: Call) -> JsonObject:
    """
    Answer GetLogEvents; at the end of the log the token that came with the request goes back, with no events.

    A page is empty there alone, because the SageMaker Python SDK takes an empty page for the end. Nor does a token
    ever lead past endTime.
    """
    check_group(call)
    given = call.parameters
    stream = named(desk, call, text(given, "logStreamName"))
    window = Window(whole(given, "startTime"), whole(given, "endTime") if "endTime" in given else None)
    start, end = stream.log.span(*window.bounds)
    token = _token(given)
    if token[0] == "f":
        place = max(start, min(token[1] or 0, stream.log.size))
    else:
        until = _whole_lines(stream) if end is None else end
        place = until if token[1] is None else min(token[1], until)
    events, reached = _page(call, stream, window, is_forward=token[0] == "f", place=place, span=(start, end))
    first, last = sorted((place, reached))
    return {"events": events, "nextForwardToken": f"f/{last}", "nextBackwardToken": f"b/{first}"}


def named(desk: Desk, call: Call, name: str) -> LogStream:
    """Find a stream of the caller's by its whole name; raises ResourceNotFoundException where there is none."""
    every = streams_of(desk, call, name.partition("/")[0]) if "/" in name else []
    found = next((each for each in every if each.name == name), None)
    if found is None:
        raise ApiError("ResourceNotFoundException", "The specified log stream does not exist.")
    return found


def event_of(line: LogLine) -> JsonObject:
    """Show a line of a log."""
    at = in_milliseconds(line.at)
    return {"timestamp": at, "message": line.text, "ingestionTime": at}


def _page(
    call: Call,
    stream: LogStream,
    window: Window,
    *,
    is_forward: bool,
    place: int,
    span: tuple[int, int | None],
) -> tuple[list[JsonObject], int]:
    """Give the next events in a direction, and the place where they end."""
    log, is_over, most = stream.log, stream.job.status.is_over, whole(call.parameters, "limit", MOST)
    for _ in range(PIECES):
        if is_forward:
            lines = log.after(place, is_over=is_over, until=span[1], most=most)
        else:
            lines = log.before(place, is_over=is_over, since=span[0], most=most)
        if not lines:
            break
        place = lines[-1].end if is_forward else lines[0].start
        events = [event_of(each) for each in lines if window.holds(each)]
        if events:
            return events, place
    return [], place


def _token(given: JsonObject) -> tuple[str, int | None]:
    """Say in which direction to read, and from which byte of the log; None is where that direction begins."""
    token = text(given, "nextToken")
    if not token:
        return "f" if given.get("startFromHead") is True else "b", None
    parts = _TOKEN.fullmatch(token)
    if parts is None:
        raise wrong("The specified nextToken is invalid.")
    return parts[1], int(parts[2])


def _whole_lines(stream: LogStream) -> int:
    """Give the byte behind the log's last line that has ended, so that what follows begins with a whole one."""
    return stream.log.end(is_over=stream.job.status.is_over)


def _seconds(milliseconds: int) -> float:
    return (milliseconds - 0.5) / 1000
