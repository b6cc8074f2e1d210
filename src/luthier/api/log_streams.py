"""CloudWatch Logs: the streams of the one log group that there is, one for each host of a training job."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from luthier.api.desk import Desk
from luthier.api.members import text, whole
from luthier.api.summaries import present
from luthier.clusters.host_log import HostLog, in_milliseconds
from luthier.records.call import ApiError, Call
from luthier.records.json_value import JsonObject, JsonValue
from luthier.records.names import training_job_arn
from luthier.records.training_job import TrainingJob
from luthier.store.paging import Cursor, Page, TrainingJobQuery

GROUP = "/aws/sagemaker/TrainingJobs"
PAGE = 50
PORTIONS = 20  # of training jobs, looked at for one page of streams: many may have no log
_BY_NAME = re.compile(r"([0-9]{1,9})\.(.*)")
_BY_TIME = re.compile(r"([0-9]{1,18})/([a-z0-9-]{1,63}/algo-[0-9]{1,9})")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogStream:
    """The log of one training job's host."""

    name: str
    job: TrainingJob
    log: HostLog


def describe_log_groups(_: Desk, call: Call) -> JsonObject:
    """Answer DescribeLogGroups: the group of training jobs, whatever else is asked for."""
    prefix, part = text(call.parameters, "logGroupNamePrefix"), text(call.parameters, "logGroupNamePattern")
    if prefix and part:
        raise wrong("Cannot specify both logGroupNamePrefix and logGroupNamePattern; leave one out.")
    arn = f"arn:aws:logs:{call.scope.region}:{call.scope.account}:log-group:{GROUP}"
    group: Mapping[str, JsonValue] = {"logGroupName": GROUP, "arn": f"{arn}:*", "logGroupArn": arn, "creationTime": 0}
    return {"logGroups": [group] if GROUP.startswith(prefix) and part in GROUP else []}


def describe_log_streams(desk: Desk, call: Call) -> JsonObject:
    """
    Answer DescribeLogStreams.

    A prefix with a whole training job's name in it gives all its streams and never a token, because the SageMaker
    Python SDK asks that way and never passes a token back.
    """
    check_group(call)
    prefix = text(call.parameters, "logStreamNamePrefix")
    if text(call.parameters, "orderBy") == "LastEventTime":
        if prefix:
            raise wrong("Cannot order by LastEventTime with a logStreamNamePrefix.")
        return _by_time(desk, call)
    if "/" in prefix:
        if text(call.parameters, "nextToken"):
            raise wrong("The specified nextToken is invalid: the streams of one training job come without a token.")
        found = streams_of(desk, call, prefix.partition("/")[0])
        return {"logStreams": [_shown(each, call) for each in found if each.name.startswith(prefix)]}
    return _by_name(desk, call, prefix)


def check_group(call: Call) -> None:
    """Refuse every log group but the one of training jobs."""
    name, identifier = text(call.parameters, "logGroupName"), text(call.parameters, "logGroupIdentifier")
    own = f"arn:aws:logs:{call.scope.region}:{call.scope.account}:log-group:{GROUP}"
    if bool(name) == bool(identifier):
        raise wrong("Exactly one of logGroupName and logGroupIdentifier is required.")
    if (name or identifier) not in (GROUP, own):
        raise ApiError("ResourceNotFoundException", "The specified log group does not exist.")


def streams_of(desk: Desk, call: Call, job_name: str) -> list[LogStream]:
    """Give the streams of a training job of the caller's; none if there is no such job, or no log of it (yet)."""
    job = desk.store.training_jobs.get(training_job_arn(call.scope, job_name))
    return [] if job is None else _streams(desk, job)


def wrong(message: str) -> ApiError:
    """Make CloudWatch Logs' own error for what is wrong with a request."""
    return ApiError("InvalidParameterException", message)


def _by_name(desk: Desk, call: Call, prefix: str) -> JsonObject:
    """
    Page through the training jobs, by name, until there are enough streams of them.

    A page may end between the streams of one training job: its token counts those that were shown of a portion.
    """
    given = call.parameters
    found = list[LogStream]()
    limit = whole(given, "limit", PAGE)
    skipped, token = _portion(text(given, "nextToken"))
    for _ in range(PORTIONS):
        jobs = _jobs(desk, call, prefix, token)
        streams = [each for job in jobs.items if job.name.startswith(prefix) for each in _streams(desk, job)][skipped:]
        room = limit - len(found)
        found += streams[:room]
        if len(streams) > room:
            skipped += room
            break
        skipped, token = 0, jobs.next or ""
        if not token:
            return {"logStreams": [_shown(each, call) for each in found]}
    return {"logStreams": [_shown(each, call) for each in found], "nextToken": f"{skipped}.{token}"}


def _jobs(desk: Desk, call: Call, prefix: str, token: str) -> Page[TrainingJob]:
    query = TrainingJobQuery(
        scope=call.scope,
        name_contains=prefix or None,
        sort_by="Name",
        descending=call.parameters.get("descending") is True,
        limit=PAGE,
        after=Cursor(token) if token else None,
    )
    try:
        return desk.store.training_jobs.page(query)
    except ValueError as error:
        raise wrong(f"The specified nextToken is invalid: {error}.") from error


def _portion(token: str) -> tuple[int, str]:
    """Read how many streams of which portion of training jobs were shown already."""
    parts = _BY_NAME.fullmatch(token)
    if token and parts is None:
        raise wrong("The specified nextToken is invalid.")
    return (int(parts[1]), parts[2]) if parts else (0, "")


def _by_time(desk: Desk, call: Call) -> JsonObject:
    """Page through the logs by when they were last written to; a stream that is written to meanwhile may move."""
    given = call.parameters
    is_turned, limit = given.get("descending") is True, whole(given, "limit", PAGE)
    found = list[LogStream]()
    token = None
    after = _place(text(given, "nextToken"))
    for log in sorted(desk.logs.all(call.scope), key=_time_and_name, reverse=is_turned):
        place = _time_and_name(log)
        if after and (place >= after if is_turned else place <= after):
            continue
        if len(found) == limit:
            ms, name = _time_and_name(found[-1].log)
            token = f"{ms}/{name}"
            break
        job = desk.store.training_jobs.get(log.arn)
        if job is not None:
            found.append(LogStream(name=_name(job, log), job=job, log=log))
    return present({"logStreams": [_shown(each, call) for each in found], "nextToken": token})


def _place(token: str) -> tuple[int, str] | None:
    parts = _BY_TIME.fullmatch(token)
    if token and parts is None:
        raise wrong("The specified nextToken is invalid.")
    return (int(parts[1]), parts[2]) if parts else None


def _time_and_name(log: HostLog) -> tuple[int, str]:
    return in_milliseconds(log.written_at), log.name


def _streams(desk: Desk, job: TrainingJob) -> list[LogStream]:
    return [LogStream(name=_name(job, log), job=job, log=log) for log in desk.logs.of(job.arn)]


def _name(job: TrainingJob, log: HostLog) -> str:
    return f"{job.name}/{log.host}-{int(job.created_at * 1000)}"


def _shown(stream: LogStream, call: Call) -> JsonObject:
    """Show a stream; one that nothing was written to has no events, and no times of them."""
    job, last = stream.job, in_milliseconds(stream.log.written_at)
    first = min(int((job.started_at or job.created_at) * 1000), last)
    return present(
        {
            "logStreamName": stream.name,
            "creationTime": int(job.created_at * 1000),
            "firstEventTimestamp": first if stream.log.size else None,
            "lastEventTimestamp": last if stream.log.size else None,
            "lastIngestionTime": last if stream.log.size else None,
            "arn": f"arn:aws:logs:{call.scope.region}:{call.scope.account}:log-group:{GROUP}:log-stream:{stream.name}",
            "storedBytes": stream.log.size,
        }
    )
