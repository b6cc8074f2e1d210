"""Parts that several answers show alike: counters, and a training job as its tuning job sees it."""

from collections.abc import Mapping

from luthier.records.json_value import JsonObject, JsonValue
from luthier.records.status import ObjectiveStatus
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningJob
from luthier.tuning.progress import Progress, objective_status


def present(members: Mapping[str, JsonValue]) -> JsonObject:
    """Leave out what there is not: an answer never holds null."""
    return {name: value for name, value in members.items() if value is not None}


def counters(progress: Progress) -> dict[str, JsonValue]:
    """Show both families of counters, zeros included."""
    return {
        "TrainingJobStatusCounters": {
            "Completed": progress.completed,
            "InProgress": progress.in_progress,
            "RetryableError": progress.retryable_error,
            "NonRetryableError": progress.non_retryable_error,
            "Stopped": progress.stopped,
        },
        "ObjectiveStatusCounters": {
            "Succeeded": progress.succeeded,
            "Pending": progress.pending,
            "Failed": progress.failed,
        },
    }


def child_summary(tuning_job: TuningJob, job: TrainingJob, final: float | None) -> JsonObject:
    """Show a training job of *tuning_job*, whose objective was last seen at *final*."""
    definition = tuning_job.specification.definition_of(job)
    objective = definition.objective
    status = objective_status(job, final)
    metric: JsonObject | None = None
    if status is ObjectiveStatus.SUCCEEDED:
        metric = {"Type": objective.type, "MetricName": objective.metric, "Value": final}
    return present(
        {
            "TrainingJobDefinitionName": definition.name,
            "TrainingJobName": job.name,
            "TrainingJobArn": job.arn,
            "TuningJobName": tuning_job.name,
            "CreationTime": job.created_at,
            "TrainingStartTime": job.started_at,
            "TrainingEndTime": job.ended_at,
            "TrainingJobStatus": job.status,
            "TunedHyperParameters": dict(job.tuned),
            "FailureReason": job.failure_reason,
            "FinalHyperParameterTuningJobObjectiveMetric": metric,
            "ObjectiveStatus": status,
        }
    )
