"""Stopping training jobs."""

from luthier.api.desk import Desk
from luthier.api.dry_run import end_dry_run
from luthier.api.members import text
from luthier.records.call import Call, validation_error
from luthier.records.names import training_job_arn
from luthier.records.training_job import TrainingJob


def stop_training_job(desk: Desk, call: Call) -> None:
    """Answer StopTrainingJob at once; the algorithm gets its SIGTERM later. Twice is once."""
    job = find_training_job(desk, call)
    _refuse_over(job)
    end_dry_run(call)
    if desk.store.training_jobs.request_stop(job.arn, call.now):
        desk.wake()
        return
    _refuse_over(find_training_job(desk, call))


def find_training_job(desk: Desk, call: Call) -> TrainingJob:
    """
    Get the training job that the call names; capitals do not matter.

    Raises a ValidationException where there is none: the service model says ResourceNotFound, but this is what the
    real service answers, and what botocore's waiter for training jobs is built upon.
    """
    name = text(call.parameters, "TrainingJobName")
    job = desk.store.training_jobs.get(training_job_arn(call.scope, name))
    if job is None:
        raise validation_error("Requested resource not found.")
    return job


def _refuse_over(job: TrainingJob) -> None:
    if job.status.is_over:
        raise validation_error(f"The request was rejected because the training job is in status {job.status}.")
