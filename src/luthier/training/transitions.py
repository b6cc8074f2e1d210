"""
What journal entries make of a training job: the table of its statuses.

| entry                   | TrainingJobStatus      | SecondaryStatus                                         |
|-------------------------|------------------------|---------------------------------------------------------|
| PhaseEntered            | as it was              | Starting, DownloadingTrainingImage, Downloading,        |
|                         |                        | Training, Uploading, Stopping, or Restarting after the  |
|                         |                        | loss of its hosts                                       |
| MetricSeen, UsageSeen   | as it was              | as it was                                               |
| Ended, by outcome:      |                        |                                                         |
| Completed               | Completed              | Completed                                               |
| Failed                  | Failed                 | Failed                                                  |
| Stopped                 | Stopped                | Stopped                                                 |
| MaxRuntimeExceeded      | Stopped                | MaxRuntimeExceeded                                      |

AWS: SecondaryStatusTransition, Amazon SageMaker API Reference.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from luthier.records.journal import Ended, JournalEntry, MetricSeen, Outcome, PhaseEntered
from luthier.records.status import SecondaryStatus, TrainingStatus
from luthier.records.training_job import MetricPoint, TrainingJob, Transition
from luthier.records.usage import UsageSeen

ENDS = {
    Outcome.COMPLETED: (TrainingStatus.COMPLETED, SecondaryStatus.COMPLETED, "Training job completed"),
    Outcome.FAILED: (TrainingStatus.FAILED, SecondaryStatus.FAILED, "Training job failed"),
    Outcome.STOPPED: (TrainingStatus.STOPPED, SecondaryStatus.STOPPED, "Training job stopped"),
    Outcome.MAX_RUNTIME_EXCEEDED: (
        TrainingStatus.STOPPED,
        SecondaryStatus.MAX_RUNTIME_EXCEEDED,
        "Training job runtime exceeded MaxRuntimeInSeconds provided",
    ),
}

ON_INSTANCES = (SecondaryStatus.DOWNLOADING_IMAGE, SecondaryStatus.DOWNLOADING, SecondaryStatus.TRAINING)
"""TrainingStartTime is when the first of these begins."""


def take_in(job: TrainingJob, entries: Sequence[JournalEntry]) -> tuple[TrainingJob, list[MetricPoint]]:
    """Give the training job as it is after *entries*, and the metric points among them."""
    points = []
    for entry in entries:
        job = replace(job, journal_read=job.journal_read + 1)
        match entry:
            case PhaseEntered():
                job = _enter(job, entry)
            case MetricSeen():
                points.append(MetricPoint(name=entry.name, value=entry.value, at=entry.at, sequence=job.journal_read))
            case UsageSeen():
                continue  # see `usage_in`
            case Ended():
                job = _end(job, entry)
            case _:
                assert_never(entry)
    return job, points


def usage_in(job: TrainingJob, entries: Sequence[JournalEntry]) -> dict[int, UsageSeen]:
    """Give what hosts have used, by the numbers of the journal's lines; *job* is as it was before *entries*."""
    numbered = enumerate(entries, start=job.journal_read + 1)
    return {number: entry for number, entry in numbered if isinstance(entry, UsageSeen)}


def wait(job: TrainingJob, message: str, now: float) -> TrainingJob:
    """Give a training job whose present secondary status says what it waits for; there is no transition for it."""
    if not job.transitions:
        return job
    latest = replace(job.transitions[-1], message=message)
    return replace(job, transitions=(*job.transitions[:-1], latest), modified_at=now)


def _enter(job: TrainingJob, entry: PhaseEntered) -> TrainingJob:
    started = entry.at if job.started_at is None and entry.status in ON_INSTANCES else job.started_at
    return replace(
        job,
        transitions=(*job.transitions, Transition(status=entry.status, at=entry.at, message=entry.message)),
        started_at=started,
        modified_at=entry.at,
    )


def _end(job: TrainingJob, entry: Ended) -> TrainingJob:
    status, secondary, message = ENDS[entry.outcome]
    if entry.outcome is Outcome.STOPPED and job.stop_reason is not None:
        message = f"{message} early: {job.stop_reason}"
    last = Transition(status=secondary, at=entry.at, message=entry.reason or message)
    return replace(
        job,
        status=status,
        transitions=(*job.transitions, last),
        ended_at=entry.at,
        modified_at=entry.at,
        failure_reason=entry.reason if status is TrainingStatus.FAILED else None,
        is_retryable=entry.is_retryable,
    )
