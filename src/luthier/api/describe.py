"""Describing a tuning job."""

from collections.abc import Mapping, Sequence

from luthier.api.definitions import ONE, SEVERAL
from luthier.api.desk import Desk
from luthier.api.members import structure
from luthier.api.summaries import child_summary, counters, present
from luthier.api.tuning_jobs import find_tuning_job
from luthier.records.call import Call
from luthier.records.json_value import JsonObject
from luthier.records.names import TrainingJobArn
from luthier.records.training_job import FinalMetric, TrainingJob
from luthier.records.tuning_job import TuningJob
from luthier.tuning.completion import not_improving
from luthier.tuning.progress import objective_values, progress


def describe_tuning_job(desk: Desk, call: Call) -> JsonObject:
    """Answer DescribeHyperParameterTuningJob from the rows as they are now."""
    job = find_tuning_job(desk, call)
    children = desk.store.training_jobs.of_tuning_job(job.arn)
    finals = desk.store.training_jobs.final_metrics([child.arn for child in children])
    return described_tuning_job(job, children, finals, call.now)


def described_tuning_job(
    job: TuningJob,
    children: Sequence[TrainingJob],
    metrics: Mapping[TrainingJobArn, Sequence[FinalMetric]],
    now: float,
) -> JsonObject:
    """Show all there is to tell of a tuning job; *metrics* are the last values that its training jobs reported."""
    finals = objective_values(job.specification, children, metrics)
    seen = progress(job.specification, children, finals)
    until = now if job.ended_at is None else job.ended_at
    return present(
        {
            "HyperParameterTuningJobName": job.name,
            "HyperParameterTuningJobArn": job.arn,
            "HyperParameterTuningJobConfig": structure(job.request, "HyperParameterTuningJobConfig"),
            ONE: job.request.get(ONE),  # clients look which of the two is there
            SEVERAL: job.request.get(SEVERAL),
            "HyperParameterTuningJobStatus": job.status,
            "CreationTime": job.created_at,
            "HyperParameterTuningEndTime": job.ended_at,
            "LastModifiedTime": job.modified_at,
            **counters(seen),
            "BestTrainingJob": child_summary(job, seen.best, seen.best_objective) if seen.best else None,
            "FailureReason": job.failure_reason,
            "TuningJobCompletionDetails": {
                "NumberOfTrainingJobsObjectiveNotImproving": not_improving(job, children, finals)
            },
            "ConsumedResources": {"RuntimeInSeconds": max(0, round(until - job.created_at))},
        }
    )
