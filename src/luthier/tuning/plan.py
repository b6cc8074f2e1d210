"""What a tuning job needs next."""

from luthier.records.status import TrainingStatus, TuningStatus
from luthier.records.training_job import TrainingJob
from luthier.tuning.completion import is_complete
from luthier.tuning.progress import settled_objective
from luthier.tuning.view import Conclude, Finish, Propose, Step, StopTraining, TuningView

ATTEMPTS = 5  # training jobs without one objective after which SageMaker gives a tuning job up

_NONE_SUCCEEDED = (
    "No training job succeeded after {} attempts. For additional details, please take a look at the training job "
    "failures by listing training jobs for the hyperparameter tuning job."
)
_NO_OBJECTIVE = (
    "No objective metrics found after running {} training jobs. Please ensure that the custom algorithm is emitting "
    "the objective metric as defined by the regular expression provided."
)


def plan(view: TuningView) -> list[Step]:
    """
    Say what the tuning job needs next.

    Everything it may know is in *view*, so any process may ask, at any time, as often as it likes; an empty answer
    means "wait".
    """
    job = view.job
    if job.status.is_over:
        return []
    active = [each for each in view.children if not each.status.is_over]
    if job.stop_requested_at is not None:
        return _stop(active) if active else [Finish(status=TuningStatus.STOPPED)]
    if job.completing_at is not None:
        return _stop(active) if active else [_finished(view)]
    if is_complete(view):
        return [Conclude()] if active else [_finished(view)]
    if _is_hopeless(view):
        return [] if active else [_finished(view)]
    stopped = _stop_losers(view, active)
    left = places_left(view)
    if left == 0:
        return stopped if active else [_finished(view)]
    wanted = min(job.specification.max_parallel - len(active), left)
    return [*stopped, *([Propose(count=wanted)] if wanted > 0 else [])]


def places_left(view: TuningView) -> int:
    """
    Count the training jobs that may still be launched.

    A training job that failed by the service's own fault does not use up the caller's budget, but no tuning job
    launches more than twice as many training jobs as it was allowed, and none when nothing is left to search.
    """
    if view.exhausted.issuperset(each.name for each in view.job.specification.definitions):
        return 0
    budget = view.job.specification.max_jobs
    used = sum(not job.is_retryable for job in view.children)
    return max(0, min(budget - used, 2 * budget - len(view.children)))


def _stop(active: list[TrainingJob]) -> list[Step]:
    return [StopTraining(arn=job.arn) for job in active if job.stop_requested_at is None]


def _stop_losers(view: TuningView, active: list[TrainingJob]) -> list[Step]:
    losing = [job for job in active if job.arn in view.losers and job.stop_requested_at is None]
    return [StopTraining(arn=job.arn, reason=view.losers[job.arn]) for job in losing]


def _is_hopeless(view: TuningView) -> bool:
    """Whether enough training jobs have failed, or completed without an objective; a stopped one tells little."""
    return not _has_objective(view) and sum(not job.is_retryable for job in _tried(view)) >= ATTEMPTS


def _tried(view: TuningView) -> list[TrainingJob]:
    return [job for job in view.children if job.status in (TrainingStatus.FAILED, TrainingStatus.COMPLETED)]


def _has_objective(view: TuningView) -> bool:
    return any(settled_objective(job, view.finals) is not None for job in view.children)


def _finished(view: TuningView) -> Finish:
    tried = _tried(view)
    if tried and all(job.status is TrainingStatus.FAILED for job in view.children):
        return Finish(status=TuningStatus.FAILED, reason=_NONE_SUCCEEDED.format(min(len(tried), ATTEMPTS)))
    if any(job.status is TrainingStatus.COMPLETED for job in tried) and not _has_objective(view):
        return Finish(status=TuningStatus.FAILED, reason=_NO_OBJECTIVE.format(len(tried)))
    return Finish(status=TuningStatus.COMPLETED)
