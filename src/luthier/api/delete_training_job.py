"""Deleting a training job: its row, metrics, tags and log go, and its name is free; its artifacts stay in S3."""

from luthier.api.desk import Desk
from luthier.api.dry_run import end_dry_run
from luthier.api.training_jobs import find_training_job
from luthier.records.call import ApiError, Call
from luthier.records.status import TrainingStatus
from luthier.records.training_job import TrainingJob


def delete_training_job(desk: Desk, call: Call) -> None:
    """
    Answer DeleteTrainingJob at once; the training job is Deleting until everything of it is gone. Twice is once.

    Raises ResourceInUse for one that is not over, or that its tuning job still learns from.
    """
    job = find_training_job(desk, call)
    if not job.status.is_over:
        raise ApiError(
            "ResourceInUse",
            f"Training job {job.name} is in status {job.status}. Only a training job in a terminal state (Completed, "
            "Failed or Stopped) can be deleted; stop it first.",
        )
    if job.status is not TrainingStatus.DELETING:
        _refuse_needed(desk, job)
    end_dry_run(call)
    if desk.store.training_jobs.request_deletion(job.arn, call.now):
        desk.wake()


def _refuse_needed(desk: Desk, job: TrainingJob) -> None:
    if job.tuning_job is None or job.ordinal is None:
        return
    tuning_job = desk.store.tuning_jobs.get(job.tuning_job)
    if tuning_job is not None and not tuning_job.status.is_over:
        raise ApiError(
            "ResourceInUse",
            f"Training job {job.name} is one of the hyperparameter tuning job {tuning_job.name}, which is in status "
            f"{tuning_job.status} and learns from it; stop that, or wait until it is over.",
        )
