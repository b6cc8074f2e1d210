"""What a tuning job needs next."""

from luthier.records.status import TrainingStatus, TuningStatus
from luthier.records.training_job import TrainingJob
from luthier.tuning.completion import is_complete
from luthier.tuning.view import Conclude, Finish, Propose, Step, StopTraining, TuningView

ATTEMPTS = 5  # failures without one success after which SageMaker gives a tuning job up


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
        return _stop(active) if active else [_finished(view.children)]
    if is_complete(view):
        return [Conclude()] if active else [_finished(view.children)]
    if _is_hopeless(view.children):
        return [] if active else [_failed(view.children)]
    stopped = _stop_losers(view, active)
    left = places_left(view)
    if left == 0:
        return stopped if active else [_finished(view.children)]
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


def _is_hopeless(children: tuple[TrainingJob, ...]) -> bool:
    over = [job for job in children if job.status.is_over]
    failures = [job for job in over if job.status is TrainingStatus.FAILED]
    return len(failures) == len(over) and sum(not job.is_retryable for job in failures) >= ATTEMPTS


def _finished(children: tuple[TrainingJob, ...]) -> Finish:
    if children and all(job.status is TrainingStatus.FAILED for job in children):
        return _failed(children)
    return Finish(status=TuningStatus.COMPLETED)


def _failed(children: tuple[TrainingJob, ...]) -> Finish:
    attempts = min(len(children), ATTEMPTS)
    return Finish(
        status=TuningStatus.FAILED,
        reason=f"No training job succeeded after {attempts} attempts. For additional details, please take a look at "
        "the training job failures by listing training jobs for the hyperparameter tuning job.",
    )
