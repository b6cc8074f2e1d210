"""Listing training jobs, of tuning jobs and on their own."""

from typing import cast

from luthier.api.describe_training import secondary_status
from luthier.api.desk import Desk
from luthier.api.members import moment, text, whole
from luthier.api.summaries import present
from luthier.records.call import Call, validation_error
from luthier.records.json_value import JsonObject
from luthier.records.status import TrainingStatus
from luthier.records.training_job import TrainingJob
from luthier.store.paging import Cursor, TrainingJobOrder, TrainingJobQuery

PAGE = 10  # entries of a page where the caller does not say


def list_training_jobs(desk: Desk, call: Call) -> JsonObject:
    """
    Answer ListTrainingJobs: oldest first, ten at a time, unless the caller says otherwise.

    With StatusEquals and MaxResults a page is cut first, newest jobs first, and filtered afterwards, so it may be short
    or empty while there are more. AWS: ListTrainingJobs, Amazon SageMaker API Reference.
    """
    given = call.parameters
    status = text(given, "StatusEquals")
    is_cut_first = bool(status) and "MaxResults" in given
    turned = text(given, "SortOrder", "Descending" if is_cut_first and "SortBy" not in given else "Ascending")
    query = TrainingJobQuery(
        scope=call.scope,
        name_contains=text(given, "NameContains") or None,
        status=TrainingStatus(status) if status and not is_cut_first else None,
        created_after=moment(given, "CreationTimeAfter"),
        created_before=moment(given, "CreationTimeBefore"),
        modified_after=moment(given, "LastModifiedTimeAfter"),
        modified_before=moment(given, "LastModifiedTimeBefore"),
        sort_by=cast("TrainingJobOrder", text(given, "SortBy", "CreationTime")),  # the service model has the same words
        descending=turned == "Descending",
        limit=whole(given, "MaxResults", PAGE),
        after=_cursor(given),
    )
    try:
        page = desk.store.training_jobs.page(query)
    except ValueError as error:
        raise validation_error(f"NextToken is not one that this listing gave: {error}.") from error
    shown = [_summary(job) for job in page.items if not status or job.status == status]
    return present({"TrainingJobSummaries": shown, "NextToken": page.next})


def _cursor(given: JsonObject) -> Cursor | None:
    token = text(given, "NextToken")
    return Cursor(token) if token else None


def _summary(job: TrainingJob) -> JsonObject:
    return present(
        {
            "TrainingJobName": job.name,
            "TrainingJobArn": job.arn,
            "CreationTime": job.created_at,
            "TrainingEndTime": job.ended_at,
            "LastModifiedTime": job.modified_at,
            "TrainingJobStatus": job.status,
            "SecondaryStatus": secondary_status(job),
        }
    )
