"""What an event tells of a job: what Describe would have said when the change was made, times in milliseconds."""

from dataclasses import replace

from luthier.api.describe import described_tuning_job
from luthier.api.describe_training import described_training_job
from luthier.api.summaries import present
from luthier.records.json_value import JsonObject, JsonValue
from luthier.records.names import TrainingJobArn, TuningJobArn
from luthier.records.state_change import JobKind, StateChange
from luthier.records.status import TrainingStatus, TuningStatus
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningJob
from luthier.store.engine import Store
from luthier.tuning.parents import parents_of

TUNING, TRAINING = "HyperParameterTuningJob", "TrainingJob"


def detail_of(store: Store, change: StateChange) -> JsonObject:
    """
    Tell of a job as it was after *change*; its counters, its best training job and its metrics are those of now.

    Of a job that is not there any more, there is left to tell what the change itself knows.
    """
    told = _of_tuning(store, change) if change.kind is JobKind.TUNING else _of_training(store, change)
    detail = in_milliseconds(told or _all_that_is_left(change))
    assert isinstance(detail, dict)
    return {**detail, "Tags": dict(store.tags.of(change.arn)) if told else {}}


def in_milliseconds(value: JsonValue, name: str = "") -> JsonValue:
    """Give times as events have them, wherever they stand; a caller's own members are text, and stay as they are."""
    if isinstance(value, dict):
        return {key: in_milliseconds(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [in_milliseconds(each, name) for each in value]
    is_time = name.endswith("Time") or name == "Timestamp"
    return round(value * 1000) if is_time and isinstance(value, float) else value


def _of_tuning(store: Store, change: StateChange) -> JsonObject | None:
    job = store.tuning_jobs.get(TuningJobArn(change.arn))
    if job is None or job.created_at != change.created_at:
        return None
    children = store.training_jobs.of_tuning_job(job.arn)
    finals = store.training_jobs.final_metrics([each.arn for each in children])
    return described_tuning_job(_tuning_then(job, change), children, finals, change.at, parents_of(store, job))


def _of_training(store: Store, change: StateChange) -> JsonObject | None:
    arn = TrainingJobArn(change.arn)
    job = store.training_jobs.get(arn)
    if job is None or job.created_at != change.created_at:
        return None
    return described_training_job(_training_then(job, change), store.training_jobs.final_metrics([arn])[arn])


def _tuning_then(job: TuningJob, change: StateChange) -> TuningJob:
    status = TuningStatus(change.status)
    return replace(
        job,
        status=status,
        ended_at=job.ended_at if status.is_over else None,
        modified_at=change.at,
        failure_reason=change.reason,
    )


def _training_then(job: TrainingJob, change: StateChange) -> TrainingJob:
    status = TrainingStatus(change.status)
    has_started = job.started_at is not None and job.started_at <= change.at
    return replace(
        job,
        status=status,
        transitions=job.transitions[: change.transitions],
        started_at=job.started_at if has_started else None,
        ended_at=job.ended_at if status.is_over else None,
        modified_at=change.at,
        failure_reason=change.reason,
    )


def _all_that_is_left(change: StateChange) -> JsonObject:
    noun = TUNING if change.kind is JobKind.TUNING else TRAINING
    return present(
        {
            f"{noun}Name": change.name,
            f"{noun}Arn": change.arn,
            f"{noun}Status": change.status,
            "SecondaryStatus": change.secondary,
            "FailureReason": change.reason,
            "CreationTime": change.created_at,
            "LastModifiedTime": change.at,
        }
    )
