"""Training jobs as a forecast sees them, from what the API describes and from rows (pure)."""

from collections.abc import Mapping, Sequence
from typing import Any

from luthier.records.status import TuningStatus
from luthier.records.training_job import TrainingJob
from luthier.tuning.completion import not_improving
from luthier.tuning.forecast import Forecast, Rules, Run, forecast, past
from luthier.tuning.history import History
from luthier.tuning.trials import was_lost

Description = Mapping[str, Any]  # an answer of the API, as boto3 gives it


def runs_of(job: Description, children: Sequence[Description]) -> tuple[Run, ...]:
    """
    Read training jobs of a described tuning job.

    The API does not say which failed ones the service lost: of as many as the counter says, the last are taken.
    """
    retried = job["TrainingJobStatusCounters"]["RetryableError"]
    failed = [child["TrainingJobName"] for child in children if child["TrainingJobStatus"] == "Failed"]
    lost = set(failed[len(failed) - retried :])
    several = {each["DefinitionName"]: each for each in job.get("TrainingJobDefinitions", ())}
    return tuple(
        _run(child, several.get(child.get("TrainingJobDefinitionName", ""), job.get("TrainingJobDefinition")), lost)
        for child in children
    )


def rules_of(job: Description) -> Rules:
    """Read the completion rules of a described tuning job."""
    config = job["HyperParameterTuningJobConfig"]
    limits, criteria = config["ResourceLimits"], config.get("TuningJobCompletionCriteria", {})
    convergence = criteria.get("ConvergenceDetected", {}).get("CompleteOnConvergence")
    return Rules(
        created_at=job["CreationTime"].timestamp(),
        max_jobs=limits["MaxNumberOfTrainingJobs"],
        max_parallel=limits["MaxParallelTrainingJobs"],
        max_runtime_s=limits.get("MaxRuntimeInSeconds"),
        has_target="TargetObjectiveMetricValue" in criteria,
        patience=criteria.get("BestObjectiveNotImproving", {}).get("MaxNumberOfTrainingJobsNotImproving"),
        completes_on_convergence=convergence == "Enabled",
        not_improving=job["TuningJobCompletionDetails"]["NumberOfTrainingJobsObjectiveNotImproving"],
    )


def stored_forecast(history: History, now: float) -> Forecast:
    """Foresee the end of a stored tuning job; of one that is over or to stop, say only what it has used."""
    runs = tuple(_stored(child) for child in history.children)
    if history.job.status is not TuningStatus.IN_PROGRESS:
        return past(runs, now)
    asked = history.job.specification
    rules = Rules(
        created_at=history.job.created_at,
        max_jobs=asked.max_jobs,
        max_parallel=asked.max_parallel,
        max_runtime_s=asked.max_runtime_s,
        has_target=asked.target is not None,
        patience=asked.patience,
        completes_on_convergence=asked.completes_on_convergence,
        not_improving=not_improving(history.job, history.children, history.finals),
    )
    return forecast(rules, runs, now)


def _stored(child: TrainingJob) -> Run:
    return Run(
        created_at=child.created_at,
        started_at=child.started_at,
        ended_at=child.ended_at,
        is_lost=was_lost(child),
        instance_type=child.definition.instance_type,
        instances=child.definition.instance_count,
    )


def _run(child: Description, definition: Description | None, lost: set[str]) -> Run:
    resources = (definition or {}).get("ResourceConfig") or {}
    started, ended = child.get("TrainingStartTime"), child.get("TrainingEndTime")
    return Run(
        created_at=child["CreationTime"].timestamp(),
        started_at=started and started.timestamp(),
        ended_at=ended and ended.timestamp(),
        is_lost=child["TrainingJobName"] in lost,
        instance_type=resources.get("InstanceType", "an unknown type"),
        instances=resources.get("InstanceCount", 1),
    )
