"""
How long a tuning job will go on: a simple estimate from the training jobs that have ended (pure).

    mean   = mean of (ended - created) over the training jobs that are over
    work   = mean * (training jobs to come) + sum of max(0, mean - age) over those that run
    left   = work / (how many run at a time), and no longer than MaxRuntimeInSeconds allows

It knows nothing of early stopping to come, of completion criteria, or of training jobs that wait for a place longer
than those before them did.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from luthier.records.status import TuningStatus
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningJob


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What an estimate is made of, as long as no training job changes."""

    mean_s: float | None  # of a training job; None: none has ended
    created: tuple[float, ...]  # when those that run were created
    counted: int  # training jobs that use up MaxNumberOfTrainingJobs


def pace(children: Sequence[TrainingJob]) -> Pace:
    """Look at how long training jobs have taken."""
    lasted = [max(0.0, job.ended_at - job.created_at) for job in children if job.ended_at is not None]
    return Pace(
        mean_s=sum(lasted) / len(lasted) if lasted else None,
        created=tuple(job.created_at for job in children if not job.status.is_over),
        counted=sum(not job.is_retryable for job in children),
    )


def time_left(job: TuningJob, seen: Pace, now: float) -> float | None:
    """Estimate the seconds until *job* is over; None where nothing is known, or where it is over or being ended."""
    if job.status is not TuningStatus.IN_PROGRESS or job.completing_at is not None or seen.mean_s is None:
        return None
    specification = job.specification
    to_come = max(0, specification.max_jobs - seen.counted)
    going_on = [max(0.0, seen.mean_s - (now - created)) for created in seen.created]
    at_a_time = max(1, min(specification.max_parallel, to_come + len(going_on)))
    left = (seen.mean_s * to_come + sum(going_on)) / at_a_time
    if specification.max_runtime_s is None:
        return left
    return min(left, max(0.0, job.created_at + specification.max_runtime_s - now))
