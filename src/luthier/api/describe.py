"""Describing a tuning job."""

from collections.abc import Mapping, Sequence

from luthier.api.definitions import ONE, SEVERAL
from luthier.api.desk import Desk
from luthier.api.members import number, structure
from luthier.api.summaries import child_summary, counters, present
from luthier.api.tuning_jobs import find_tuning_job
from luthier.records.call import Call
from luthier.records.json_value import JsonObject
from luthier.records.names import TrainingJobArn
from luthier.records.training_job import FinalMetric, TrainingJob
from luthier.records.tuning_job import ObjectiveType, TuningJob, WarmStartType
from luthier.tuning.completion import converged_at, not_improving
from luthier.tuning.parents import parents_of
from luthier.tuning.progress import objective_values, progress
from luthier.tuning.view import Parent


def describe_tuning_job(desk: Desk, call: Call) -> JsonObject:
    """Answer DescribeHyperParameterTuningJob from the rows as they are now."""
    job = find_tuning_job(desk, call)
    children = desk.store.training_jobs.of_tuning_job(job.arn)
    finals = desk.store.training_jobs.final_metrics([child.arn for child in children])
    return described_tuning_job(job, children, finals, call.now, parents_of(desk.store, job))


def described_tuning_job(
    job: TuningJob,
    children: Sequence[TrainingJob],
    metrics: Mapping[TrainingJobArn, Sequence[FinalMetric]],
    now: float,
    parents: Sequence[Parent] = (),
) -> JsonObject:
    """Show all there is to tell of a tuning job; *metrics* are the last values that its training jobs reported."""
    finals = objective_values(job.specification, children, metrics)
    seen = progress(job.specification, children, finals)
    best = child_summary(job, seen.best, seen.best_objective) if seen.best else None
    until = now if job.ended_at is None else job.ended_at
    return present(
        {
            "HyperParameterTuningJobName": job.name,
            "HyperParameterTuningJobArn": job.arn,
            "HyperParameterTuningJobConfig": structure(job.request, "HyperParameterTuningJobConfig"),
            ONE: job.request.get(ONE),  # clients look which of the two is there
            SEVERAL: job.request.get(SEVERAL),
            "HyperParameterTuningJobStatus": job.status,
            "CreationTime": job.created_at,
            "HyperParameterTuningEndTime": job.ended_at,
            "LastModifiedTime": job.modified_at,
            **counters(seen),
            "BestTrainingJob": best,
            "OverallBestTrainingJob": _overall_best(job, best, parents),
            "WarmStartConfig": job.request.get("WarmStartConfig"),
            "Autotune": job.request.get("Autotune"),
            "FailureReason": job.failure_reason,
            "TuningJobCompletionDetails": present(
                {
                    "NumberOfTrainingJobsObjectiveNotImproving": not_improving(job, children, finals),
                    "ConvergenceDetectedTime": converged_at(job, children, finals),
                }
            ),
            "ConsumedResources": {"RuntimeInSeconds": max(0, round(until - job.created_at))},
        }
    )


def _overall_best(job: TuningJob, own: JsonObject | None, parents: Sequence[Parent]) -> JsonObject | None:
    """
    Show the best training job of a tuning job and its parents; of equals, the tuning job's own.

    Only what ran the same algorithm on the same data can be compared: None for every other tuning job.
    """
    start = job.specification.warm_start
    if start is None or start.type is not WarmStartType.IDENTICAL_DATA_AND_ALGORITHM:
        return None
    bests = [own] if own else []
    for parent in parents:
        seen = progress(parent.job.specification, parent.children, parent.finals)
        if seen.best:
            bests.append(child_summary(parent.job, seen.best, seen.best_objective))
    sign = -1.0 if job.specification.direction is ObjectiveType.MAXIMIZE else 1.0
    return min(bests, key=lambda each: sign * _objective_of(each), default=None)


def _objective_of(summary: JsonObject) -> float:
    return number(structure(summary, "FinalHyperParameterTuningJobObjectiveMetric"), "Value") or 0.0
