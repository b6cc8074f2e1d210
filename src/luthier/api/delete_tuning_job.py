"""Deleting a tuning job: its training jobs, their artifacts and logs stay."""

from luthier.api.desk import Desk
from luthier.api.dry_run import end_dry_run
from luthier.api.tuning_jobs import find_tuning_job
from luthier.records.call import Call, validation_error
from luthier.records.tuning_job import TuningJob


def delete_tuning_job(desk: Desk, call: Call) -> None:
    """Answer DeleteHyperParameterTuningJob; the name is free again. Raises ApiError for one that is not over."""
    job = _ended(desk, call)
    end_dry_run(call)
    while not desk.store.tuning_jobs.delete(job):
        job = _ended(desk, call)  # another was first: it is gone, or there is a new one of its name


def _ended(desk: Desk, call: Call) -> TuningJob:
    job = find_tuning_job(desk, call)
    if not job.status.is_over:
        raise validation_error(
            f"The request was rejected because the hyperparameter tuning job is in status {job.status}; stop it first."
        )
    return job
