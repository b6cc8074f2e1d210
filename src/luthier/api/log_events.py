"""CloudWatch Logs: the lines of training jobs' logs, in pages whose tokens are places in the log."""

import re
from collections.abc import Sequence

from luthier.api.desk import Desk
from luthier.api.log_filter import line_filter
from luthier.api.log_streams import LogStream, check_group, stream_of
from luthier.api.members import text, texts, whole
from luthier.api.summaries import present
from luthier.clusters.logs import LogLine
from luthier.records.call import ApiError, Call
from luthier.records.json_value import JsonObject
from luthier.store.paging import TrainingJobQuery

MOST = 10_000  # events of a page: GetLogEvents, Amazon CloudWatch Logs API Reference
STREAMS = 100  # that one FilterLogEvents looks into
_TOKEN = re.compile(r"([fb])/([0-9]{1,18})")
_PLACE = re.compile(r"([A-Za-z0-9-]{1,63})/([0-9]{1,18})")


def get_log_events(desk: Desk, call: Call) -> JsonObject:
    """Answer GetLogEvents; at the end of the log the token that came with the request goes back, with no events."""
    check_group(call)
    given = call.parameters
    stream = _named(desk, call, text(given, "logStreamName"))
    limit = whole(given, "limit", MOST)
    is_forward, place = _place(given, stream)
    is_over = stream.job.status.is_over
    if is_forward:
        lines = desk.logs.after(stream.job.arn, place, is_over=is_over)[:limit]
    else:
        lines = desk.logs.before(stream.job.arn, place, is_over=is_over)[-limit:]
    first, last = (lines[0].start, lines[-1].end) if lines else (place, place)
    return {
        "events": [_event(each) for each in _within(lines, given)],
        "nextForwardToken": f"f/{last}",
        "nextBackwardToken": f"b/{first}",
    }


def filter_log_events(desk: Desk, call: Call) -> JsonObject:
    """Answer FilterLogEvents: one stream after the other, each from its start; the token says where to go on."""
    check_group(call)
    given = call.parameters
    passes, limit = line_filter(text(given, "filterPattern")), whole(given, "limit", MOST)
    streams = _asked_for(desk, call)
    start, place = _filter_place(given, streams)
    events: list[JsonObject] = []
    token = None
    for stream in streams[start:]:
        lines = desk.logs.after(stream.job.arn, place, is_over=stream.job.status.is_over)
        taken = place
        for line in lines:
            if len(events) == limit:
                break
            taken = line.end
            if passes(line.text) and _within([line], given):
                events.append({"logStreamName": stream.name, "eventId": f"{line.start:056d}", **_event(line)})
        if lines and (taken < lines[-1].end or lines[-1].end < stream.size):
            token = f"{stream.job.name}/{taken}"
            break
        place = 0
    searched: list[JsonObject] = [{"logStreamName": each.name, "searchedCompletely": token is None} for each in streams]
    return present({"events": events, "searchedLogStreams": searched, "nextToken": token})


def _asked_for(desk: Desk, call: Call) -> list[LogStream]:
    given = call.parameters
    names, prefix = texts(given, "logStreamNames"), text(given, "logStreamNamePrefix")
    if names and prefix:
        raise ApiError(
            "InvalidParameterException", "Cannot specify both logStreamNames and logStreamNamePrefix; leave one out."
        )
    if names:
        return [_named(desk, call, name) for name in names]
    if "/" in prefix:
        found = stream_of(desk, call, prefix.partition("/")[0])
        return [found] if found and found.name.startswith(prefix) else []
    query = TrainingJobQuery(scope=call.scope, name_contains=prefix or None, sort_by="Name", limit=STREAMS)
    jobs = [job for job in desk.store.training_jobs.page(query).items if job.name.startswith(prefix)]
    return [stream for job in jobs if (stream := stream_of(desk, call, job.name))]


def _named(desk: Desk, call: Call, name: str) -> LogStream:
    found = stream_of(desk, call, name.partition("/")[0]) if "/" in name else None
    if found is None or found.name != name:
        raise ApiError("ResourceNotFoundException", "The specified log stream does not exist.")
    return found


def _place(given: JsonObject, stream: LogStream) -> tuple[bool, int]:
    """Say in which direction to read, and from which byte of the log."""
    token = text(given, "nextToken")
    if not token:
        is_forward = given.get("startFromHead") is True
        return is_forward, 0 if is_forward else stream.size
    parts = _TOKEN.fullmatch(token)
    if parts is None:
        raise ApiError("InvalidParameterException", "The specified nextToken is invalid.")
    return parts[1] == "f", min(int(parts[2]), stream.size)


def _filter_place(given: JsonObject, streams: Sequence[LogStream]) -> tuple[int, int]:
    token = text(given, "nextToken")
    if not token:
        return 0, 0
    parts = _PLACE.fullmatch(token)
    found = [place for place, each in enumerate(streams) if parts and each.job.name == parts[1]]
    if parts is None or not found:
        raise ApiError("InvalidParameterException", "The specified nextToken is invalid.")
    return found[0], int(parts[2])


def _within(lines: Sequence[LogLine], given: JsonObject) -> list[LogLine]:
    """Keep the lines from startTime on and before endTime, both in milliseconds."""
    start, end = whole(given, "startTime", 0), whole(given, "endTime", 2**62)
    return [each for each in lines if start <= int(each.at * 1000) < end]


def _event(line: LogLine) -> JsonObject:
    at = int(line.at * 1000)
    return {"timestamp": at, "message": line.text, "ingestionTime": at}
