"""CloudWatch Logs: the streams of the one log group that there is, one for each training job that has a log."""

from collections.abc import Mapping
from dataclasses import dataclass

from luthier.api.desk import Desk
from luthier.api.members import text, whole
from luthier.api.summaries import present
from luthier.records.call import ApiError, Call, validation_error
from luthier.records.json_value import JsonObject, JsonValue
from luthier.records.names import training_job_arn
from luthier.records.training_job import TrainingJob
from luthier.store.paging import Cursor, TrainingJobQuery

GROUP = "/aws/sagemaker/TrainingJobs"
PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class LogStream:
    """The log of one training job's host."""

    name: str
    job: TrainingJob
    size: int  # bytes


def describe_log_groups(_: Desk, call: Call) -> JsonObject:
    """Answer DescribeLogGroups: the group of training jobs, whatever else is asked for."""
    prefix, part = text(call.parameters, "logGroupNamePrefix"), text(call.parameters, "logGroupNamePattern")
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
    given = call.parameters
    prefix = text(given, "logStreamNamePrefix")
    if text(given, "orderBy", "LogStreamName") != "LogStreamName":
        raise ApiError("InvalidParameterException", "orderBy: streams are ordered by LogStreamName; leave it out.")
    if "/" in prefix:
        found = stream_of(desk, call, prefix.partition("/")[0])
        return {"logStreams": [_shown(found, call)] if found and found.name.startswith(prefix) else []}
    query = TrainingJobQuery(
        scope=call.scope,
        name_contains=prefix or None,
        sort_by="Name",
        descending=given.get("descending") is True,
        limit=whole(given, "limit", PAGE),
        after=Cursor(text(given, "nextToken")) if text(given, "nextToken") else None,
    )
    try:
        page = desk.store.training_jobs.page(query)
    except ValueError as error:
        raise ApiError("InvalidParameterException", f"The specified nextToken is invalid: {error}.") from error
    streams = [_stream(desk, job) for job in page.items if job.name.startswith(prefix)]
    return present({"logStreams": [_shown(each, call) for each in streams if each], "nextToken": page.next})


def check_group(call: Call) -> None:
    """Refuse every log group but the one of training jobs."""
    asked = text(call.parameters, "logGroupName") or text(call.parameters, "logGroupIdentifier")
    own = f"arn:aws:logs:{call.scope.region}:{call.scope.account}:log-group:{GROUP}"
    if not asked:
        raise validation_error("Exactly one of logGroupName and logGroupIdentifier is required.")
    if asked not in (GROUP, own):
        raise ApiError("ResourceNotFoundException", "The specified log group does not exist.")


def stream_of(desk: Desk, call: Call, job_name: str) -> LogStream | None:
    """Give the stream of a training job of the caller's; None if there is no such job, or no log of it (yet)."""
    job = desk.store.training_jobs.get(training_job_arn(call.scope, job_name))
    return None if job is None else _stream(desk, job)


def _stream(desk: Desk, job: TrainingJob) -> LogStream | None:
    size = desk.logs.size(job.arn)
    if size is None:
        return None
    return LogStream(name=f"{job.name}/algo-1-{int(job.created_at * 1000)}", job=job, size=size)


def _shown(stream: LogStream, call: Call) -> JsonObject:
    job = stream.job
    last = job.modified_at if job.ended_at is None else job.ended_at
    return {
        "logStreamName": stream.name,
        "creationTime": int(job.created_at * 1000),
        "firstEventTimestamp": int((job.started_at or job.created_at) * 1000),
        "lastEventTimestamp": int(last * 1000),
        "lastIngestionTime": int(last * 1000),
        "arn": f"arn:aws:logs:{call.scope.region}:{call.scope.account}:log-group:{GROUP}:log-stream:{stream.name}",
        "storedBytes": stream.size,
    }
