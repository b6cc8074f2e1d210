"""What the pages show of one training job (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from luthier.dashboard.curves import Across, Curve, curves
from luthier.dashboard.remedies import remedy
from luthier.dashboard.usage_view import UsageView, usage_view
from luthier.records.artifacts import MODEL, OUTPUT, Artifact, artifact_uri
from luthier.records.status import SecondaryStatus, TrainingStatus
from luthier.records.training_job import MetricPoint, TrainingJob, Transition
from luthier.records.tuning_job import TuningJob
from luthier.records.usage import UsageSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A transition, and how long the secondary status lasted or has lasted so far."""

    transition: Transition
    duration_s: float | None  # None: it has no length, as the job is over with it
    start: float = 0.0  # where its piece of the timeline begins, and how long that is, in thousandths of the whole
    length: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingView:
    """All that the page of a training job shows."""

    job: TrainingJob
    tuning_job: TuningJob | None
    curves: tuple[Curve, ...]
    across: Across  # what the curves are drawn over
    phases: tuple[Phase, ...]
    duration_s: float
    waited_s: float  # from its creation until its first secondary status, or until now
    model_uri: str | None  # None: there is no model (yet)
    output_uri: str | None  # likewise, of what it wrote beside the model, which may be nothing
    usage: UsageView
    remedy: str | None  # what to do about its failure
    log: tuple[str, ...]  # its last lines

    @property
    def objective_metric(self) -> str | None:
        """The metric that the tuning job improves."""
        return self.tuning_job.specification.definition_of(self.job).objective.metric if self.tuning_job else None


def training_view(
    job: TrainingJob,
    tuning_job: TuningJob | None,
    points: Sequence[MetricPoint],
    stretches: Sequence[UsageSeen],
    log: Sequence[str],
    now: float,
    *,
    across: Across,
) -> TrainingView:
    """Lay the page out; *points* and *stretches* are all that it has reported, in that order."""
    until = now if job.ended_at is None else job.ended_at
    return TrainingView(
        job=job,
        tuning_job=tuning_job,
        curves=curves(points, across, job.created_at),
        across=across,
        phases=_phases(job, until),
        duration_s=until - job.created_at,
        waited_s=(job.transitions[0].at if job.transitions else until) - job.created_at,
        model_uri=_uri(job, MODEL),
        output_uri=_uri(job, OUTPUT),
        usage=usage_view(stretches, job.created_at),
        remedy=remedy(job.failure_reason) if job.failure_reason else None,
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
    if not job.transitions:
        return ()
    begun = job.transitions[0].at
    ends = [*(each.at for each in job.transitions[1:]), until]
    scale = 1000.0 / max(until - begun, 1e-9)
    last = len(job.transitions) - 1
    return tuple(
        Phase(
            transition=each,
            duration_s=None if job.status.is_over and place == last else end - each.at,
            start=round(min(1000.0, max(0.0, (each.at - begun) * scale)), 2),
            length=round(min(1000.0, max(0.0, (end - each.at) * scale)), 2),
        )
        for place, (each, end) in enumerate(zip(job.transitions, ends, strict=True))
    )


def _uri(job: TrainingJob, artifact: Artifact) -> str | None:
    return artifact_uri(job.definition, job.name, artifact) if _has_artifacts(job) else None


def _has_artifacts(job: TrainingJob) -> bool:
    """Whether artifacts were uploaded: a job that was stopped has them too, unless it was stopped too early."""
    if job.status not in (TrainingStatus.COMPLETED, TrainingStatus.STOPPED):
        return False
    return any(each.status is SecondaryStatus.UPLOADING for each in job.transitions)
