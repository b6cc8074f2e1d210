"""What a training job needs next."""

from luthier.records.instance_type import INSTANCE_TYPES
from luthier.records.journal import ClusterSpec, Ended, Outcome, Presence
from luthier.records.status import TrainingStatus
from luthier.records.training_job import TrainingJob
from luthier.training.view import Forget, Record, Remove, Start, Step, Stop, Tell, TrainingView

PENDING_TOO_LONG = "Training job pending time exceeded MaxPendingTimeInSeconds provided"


def plan(view: TrainingView) -> list[Step]:
    """
    Say what the training job needs next; an empty answer means "wait".

    The journal is the only witness of an end, also for a training job that was stopped before it started: the cluster
    then marks the name so that it never starts, and its journal says so. A late start by a slower process is therefore
    harmless.
    """
    job, seen = view.job, view.observation
    if job.status is TrainingStatus.DELETING:
        return [Forget(arn=job.arn)]
    if job.is_released:
        return []
    if job.status.is_over:
        return [Remove(arn=job.arn)]
    if seen.entries:
        return [Record(entries=seen.entries)]
    if _is_gone(view):
        return [Record(entries=(_lost(view.now),))]
    if job.stop_requested_at is not None:
        return [] if seen.is_stopping else [Stop(arn=job.arn)]
    if seen.waiting is not None:
        return _waiting(view, seen.waiting)
    has_begun = job.journal_read > 0 and not seen.awaits_restart
    return [] if has_begun else [Start(spec=cluster_spec(job))]


def _waiting(view: TrainingView, reason: str) -> list[Step]:
    """
    Say what a training job needs that waits for a place: to be asked again it need not.

    After MaxPendingTimeInSeconds it is stopped, which is for accelerated instance types alone. AWS: StoppingCondition,
    Amazon SageMaker API Reference.
    """
    job, limit = view.job, view.job.definition.max_pending_s
    if limit is not None and _is_accelerated(job) and view.now >= job.created_at + limit:
        return [Tell(message=f"{PENDING_TOO_LONG}, {limit} seconds. {reason}"), Stop(arn=job.arn)]
    is_told = bool(job.transitions) and job.transitions[-1].message == reason
    return [] if is_told else [Tell(message=reason)]


def _is_accelerated(job: TrainingJob) -> bool:
    kind = INSTANCE_TYPES.get(job.definition.instance_type)
    return kind is not None and kind.accelerators > 0


def _is_gone(view: TrainingView) -> bool:
    return view.observation.presence is Presence.ABSENT and view.job.journal_read > 0


def _lost(now: float) -> Ended:
    reason = "InternalServerError: the training host's workspace is gone, and all that it knew with it."
    return Ended(outcome=Outcome.FAILED, at=now, reason=reason, is_retryable=True)


def cluster_spec(job: TrainingJob) -> ClusterSpec:
    """Tell a cluster all that it needs to know of a training job."""
    return ClusterSpec(
        arn=job.arn,
        name=job.name,
        tuning_job=job.tuning_job,
        hyperparameters=tuple(sorted(job.hyperparameters.items())),
        definition=job.definition,
        asked_at=job.created_at,
    )
