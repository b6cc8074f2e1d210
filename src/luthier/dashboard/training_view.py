"""What the pages show of one training job (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from luthier.records.artifacts import MODEL, artifact_uri
from luthier.records.status import SecondaryStatus, TrainingStatus
from luthier.records.training_job import FinalMetric, TrainingJob, Transition
from luthier.records.tuning_job import TuningJob


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A transition, and how long the secondary status lasted or has lasted so far."""

    transition: Transition
    duration_s: float | None  # None: it has no length, as the job is over with it


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingView:
    """All that the page of a training job shows."""

    job: TrainingJob
    tuning_job: TuningJob | None
    metrics: tuple[FinalMetric, ...]
    phases: tuple[Phase, ...]
    duration_s: float
    model_uri: str | None  # None: there is no model (yet)
    log: tuple[str, ...]  # its last lines

    @property
    def objective_metric(self) -> str | None:
        """The metric that the tuning job improves."""
        return self.tuning_job.specification.definition_of(self.job).objective.metric if self.tuning_job else None


def training_view(
    job: TrainingJob,
    tuning_job: TuningJob | None,
    metrics: Sequence[FinalMetric],
    log: Sequence[str],
    now: float,
) -> TrainingView:
    """Lay the page out."""
    until = now if job.ended_at is None else job.ended_at
    return TrainingView(
        job=job,
        tuning_job=tuning_job,
        metrics=tuple(metrics),
        phases=_phases(job, until),
        duration_s=until - job.created_at,
        model_uri=_model_uri(job) if _has_model(job) else None,
        log=tuple(log),
    )


def secondary_status(job: TrainingJob) -> SecondaryStatus:
    """Say what a training job is doing just now, as DescribeTrainingJob does."""
    if job.status is TrainingStatus.STOPPING:
        return SecondaryStatus.STOPPING
    return job.transitions[-1].status if job.transitions else SecondaryStatus.STARTING


def training_job_url(job: TrainingJob) -> str:
    """Give the address of a training job's page."""
    return f"/ui/training-jobs/{job.scope.region}/{job.name}"


def _phases(job: TrainingJob, until: float) -> tuple[Phase, ...]:
    ends = [*(each.at for each in job.transitions[1:]), until]
    lengths = [end - each.at for each, end in zip(job.transitions, ends, strict=False)]
    last = len(job.transitions) - 1
    return tuple(
        Phase(transition=each, duration_s=None if job.status.is_over and place == last else lengths[place])
        for place, each in enumerate(job.transitions)
    )


def _has_model(job: TrainingJob) -> bool:
    """Whether a model was uploaded: a job that was stopped has one too, unless it was stopped too early."""
    if job.status not in (TrainingStatus.COMPLETED, TrainingStatus.STOPPED):
        return False
    return any(each.status is SecondaryStatus.UPLOADING for each in job.transitions)


def _model_uri(job: TrainingJob) -> str:
    return artifact_uri(job.definition, job.name, MODEL)
