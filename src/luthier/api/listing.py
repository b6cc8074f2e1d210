"""Listing tuning jobs, and the training jobs of one."""

from collections.abc import Mapping, Sequence
from typing import cast

from luthier.api.desk import Desk
from luthier.api.members import moment, structure, text, whole
from luthier.api.summaries import child_summary, counters, present
from luthier.api.tuning_jobs import find_tuning_job
from luthier.records.call import Call, validation_error
from luthier.records.json_value import JsonObject
from luthier.records.names import TrainingJobArn
from luthier.records.status import TrainingStatus, TuningStatus
from luthier.records.training_job import FinalMetric, TrainingJob
from luthier.records.tuning_job import TuningJob
from luthier.store.paging import Cursor, TrainingJobOrder, TrainingJobQuery, TuningJobOrder, TuningJobQuery
from luthier.tuning.progress import objective_values, progress

PAGE = 10  # entries of a page where the caller does not say


def list_tuning_jobs(desk: Desk, call: Call) -> JsonObject:
    """Answer ListHyperParameterTuningJobs: by name, ascending, ten at a time, unless the caller says otherwise."""
    given = call.parameters
    status = text(given, "StatusEquals")
    if status and status not in tuple(TuningStatus):
        return {"HyperParameterTuningJobSummaries": []}  # Deleting and DeleteFailed: no tuning job is ever in them
    query = TuningJobQuery(
        scope=call.scope,
        name_contains=text(given, "NameContains") or None,
        status=TuningStatus(status) if status else None,
        created_after=moment(given, "CreationTimeAfter"),
        created_before=moment(given, "CreationTimeBefore"),
        modified_after=moment(given, "LastModifiedTimeAfter"),
        modified_before=moment(given, "LastModifiedTimeBefore"),
        sort_by=cast("TuningJobOrder", text(given, "SortBy", "Name")),  # the service model has the same words
        descending=text(given, "SortOrder") == "Descending",
        limit=whole(given, "MaxResults", PAGE),
        after=_cursor(given),
    )
    try:
        page = desk.store.tuning_jobs.page(query)
    except ValueError as error:
        raise validation_error(f"NextToken is not one that this listing gave: {error}.") from error
    return present(
        {"HyperParameterTuningJobSummaries": _tuning_job_summaries(desk, page.items), "NextToken": page.next}
    )


def list_children(desk: Desk, call: Call) -> JsonObject:
    """Answer ListTrainingJobsForHyperParameterTuningJob; by FinalObjectiveMetricValue only those that have one."""
    job = find_tuning_job(desk, call)
    given = call.parameters
    status = text(given, "StatusEquals")
    if status and status not in tuple(TrainingStatus):
        return {"TrainingJobSummaries": []}  # Deleting: no training job is ever in it
    query = TrainingJobQuery(
        scope=call.scope,
        tuning_job=job.arn,
        objective_metrics={each.name: each.objective.metric for each in job.specification.definitions},
        status=TrainingStatus(status) if status else None,
        sort_by=cast("TrainingJobOrder", text(given, "SortBy", "Name")),  # the service model has the same words
        descending=text(given, "SortOrder") == "Descending",
        limit=whole(given, "MaxResults", PAGE),
        after=_cursor(given),
    )
    try:
        page = desk.store.training_jobs.page(query)
    except ValueError as error:
        raise validation_error(f"NextToken is not one that this listing gave: {error}.") from error
    finals = objective_values(
        job.specification, page.items, desk.store.training_jobs.final_metrics([child.arn for child in page.items])
    )
    summaries = [child_summary(job, child, finals.get(child.arn)) for child in page.items]
    return present({"TrainingJobSummaries": summaries, "NextToken": page.next})


def _cursor(given: JsonObject) -> Cursor | None:
    token = text(given, "NextToken")
    return Cursor(token) if token else None


def _tuning_job_summaries(desk: Desk, jobs: Sequence[TuningJob]) -> list[JsonObject]:
    families = desk.store.training_jobs.of_tuning_jobs([job.arn for job in jobs])
    finals = desk.store.training_jobs.final_metrics([child.arn for each in families.values() for child in each])
    return [_tuning_job_summary(job, families.get(job.arn, ()), finals) for job in jobs]


def _tuning_job_summary(
    job: TuningJob, children: Sequence[TrainingJob], finals: Mapping[TrainingJobArn, Sequence[FinalMetric]]
) -> JsonObject:
    values = objective_values(job.specification, children, finals)
    return present(
        {
            "HyperParameterTuningJobName": job.name,
            "HyperParameterTuningJobArn": job.arn,
            "HyperParameterTuningJobStatus": job.status,
            "Strategy": job.specification.strategy,
            "CreationTime": job.created_at,
            "HyperParameterTuningEndTime": job.ended_at,
            "LastModifiedTime": job.modified_at,
            **counters(progress(job.specification, children, values)),
            "ResourceLimits": structure(structure(job.request, "HyperParameterTuningJobConfig"), "ResourceLimits"),
        }
    )
