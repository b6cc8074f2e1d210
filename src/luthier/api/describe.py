"""Describing a tuning job."""

from luthier.api.desk import Desk
from luthier.api.members import structure
from luthier.api.summaries import child_summary, counters, objective_values, present
from luthier.api.tuning_jobs import find_tuning_job
from luthier.records.call import Call
from luthier.records.json_value import JsonObject
from luthier.tuning.progress import progress


def describe_tuning_job(desk: Desk, call: Call) -> JsonObject:
    """Answer DescribeHyperParameterTuningJob from the rows as they are now."""
    job = find_tuning_job(desk, call)
    children = desk.store.training_jobs.of_tuning_job(job.arn)
    finals = objective_values(
        job.specification.objective.metric,
        desk.store.training_jobs.final_metrics([child.arn for child in children]),
    )
    seen = progress(job.specification, children, finals)
    until = call.now if job.ended_at is None else job.ended_at
    return present(
        {
            "HyperParameterTuningJobName": job.name,
            "HyperParameterTuningJobArn": job.arn,
            "HyperParameterTuningJobConfig": structure(job.request, "HyperParameterTuningJobConfig"),
            "TrainingJobDefinition": structure(job.request, "TrainingJobDefinition"),
            "HyperParameterTuningJobStatus": job.status,
            "CreationTime": job.created_at,
            "HyperParameterTuningEndTime": job.ended_at,
            "LastModifiedTime": job.modified_at,
            **counters(seen),
            "BestTrainingJob": child_summary(job, seen.best, seen.best_objective) if seen.best else None,
            "FailureReason": job.failure_reason,
            "ConsumedResources": {"RuntimeInSeconds": max(0, round(until - job.created_at))},
        }
    )
