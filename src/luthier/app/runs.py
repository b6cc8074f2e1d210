"""Training jobs as a forecast sees them, from what the API describes (pure)."""

from collections.abc import Mapping, Sequence
from typing import Any

from luthier.tuning.forecast import Rules, Run

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
