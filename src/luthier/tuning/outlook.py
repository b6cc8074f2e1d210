"""How a stored tuning job will go on: its rows, shown to `forecast` as that sees them (pure)."""

from collections.abc import Sequence

from luthier.records.status import TuningStatus
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningJob
from luthier.tuning.forecast import Forecast, Rules, Run, forecast, past
from luthier.tuning.trials import was_lost


def runs_of(children: Sequence[TrainingJob]) -> tuple[Run, ...]:
    """Show training jobs as far as time goes."""
    return tuple(
        Run(
            created_at=child.created_at,
            started_at=child.started_at,
            ended_at=child.ended_at,
            is_lost=was_lost(child),
            instance_type=child.definition.instance_type,
            instances=child.definition.instance_count,
        )
        for child in children
    )


def outlook(job: TuningJob, runs: Sequence[Run], not_improving: int, now: float) -> Forecast:
    """Foresee the end of *job*, *not_improving* of its training jobs being the last in a row; else what it has used."""
    if job.status is not TuningStatus.IN_PROGRESS:
        return past(runs, now)
    asked = job.specification
    rules = Rules(
        created_at=job.created_at,
        max_jobs=asked.max_jobs,
        max_parallel=asked.max_parallel,
        max_runtime_s=asked.max_runtime_s,
        has_target=asked.target is not None,
        patience=asked.patience,
        completes_on_convergence=asked.completes_on_convergence,
        not_improving=not_improving,
    )
    return forecast(rules, runs, now)


def time_left(job: TuningJob, runs: Sequence[Run], now: float) -> float | None:
    """Estimate the seconds until *job* is over; None where nothing is known, or where it is over or being ended."""
    ends_at = outlook(job, runs, 0, now).ends_at if job.completing_at is None else None
    return None if ends_at is None else max(0.0, ends_at - now)
