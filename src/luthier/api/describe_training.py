"""Describing a training job."""

from collections.abc import Sequence

from luthier.api.desk import Desk
from luthier.api.members import structure
from luthier.api.summaries import present
from luthier.api.training_jobs import find_training_job
from luthier.records.artifacts import MODEL, artifact_uri
from luthier.records.call import Call
from luthier.records.json_value import JsonObject, JsonValue
from luthier.records.status import SecondaryStatus, TrainingStatus
from luthier.records.training_job import FinalMetric, TrainingJob, Transition

# Members of a training job definition that DescribeTrainingJob shows under the same name.
SAME_MEMBERS = (
    "AlgorithmSpecification",
    "RoleArn",
    "InputDataConfig",
    "ResourceConfig",
    "StoppingCondition",
    "RetryStrategy",
    "VpcConfig",
    "CheckpointConfig",
    "EnableNetworkIsolation",
    "EnableInterContainerTrafficEncryption",
    "EnableManagedSpotTraining",
    "Environment",
    "DebugHookConfig",
    "DebugRuleConfigurations",
    "ProfilerConfig",
    "ProfilerRuleConfigurations",
    "RemoteDebugConfig",
    "InfraCheckConfig",
)


def describe_training_job(desk: Desk, call: Call) -> JsonObject:
    """Answer DescribeTrainingJob."""
    job = find_training_job(desk, call)
    return described_training_job(job, desk.store.training_jobs.final_metrics([job.arn]).get(job.arn, ()))


def described_training_job(job: TrainingJob, finals: Sequence[FinalMetric]) -> JsonObject:
    """Show all there is to tell of a training job, with the last values of its metrics."""
    same = {name: job.request[name] for name in SAME_MEMBERS if name in job.request}
    return present(
        {
            "TrainingJobName": job.name,
            "TrainingJobArn": job.arn,
            "TuningJobArn": job.tuning_job,
            "ModelArtifacts": {"S3ModelArtifacts": _model_uri(job)},
            "TrainingJobStatus": job.status,
            "SecondaryStatus": secondary_status(job),
            "FailureReason": job.failure_reason,
            "HyperParameters": dict(job.hyperparameters),
            **same,
            "OutputDataConfig": {"KmsKeyId": "", **structure(job.request, "OutputDataConfig")},
            "CreationTime": job.created_at,
            "TrainingStartTime": job.started_at,
            "TrainingEndTime": job.ended_at,
            "LastModifiedTime": job.modified_at,
            "SecondaryStatusTransitions": _transitions(job),
            "FinalMetricDataList": [
                {"MetricName": each.name, "Value": each.value, "Timestamp": each.at} for each in finals
            ]
            or None,
            "TrainingTimeInSeconds": _training_time_s(job),
            "BillableTimeInSeconds": _training_time_s(job),
        }
    )


def _model_uri(job: TrainingJob) -> str:
    return artifact_uri(job.definition, job.name, MODEL)


def secondary_status(job: TrainingJob) -> SecondaryStatus:
    """Say what a training job is doing just now."""
    if job.status is TrainingStatus.STOPPING:
        return SecondaryStatus.STOPPING
    return job.transitions[-1].status if job.transitions else SecondaryStatus.STARTING


def _transitions(job: TrainingJob) -> list[JsonValue]:
    """Show the transitions without a gap: each ends as the next begins, the last when the job is over."""
    ends = [*(each.at for each in job.transitions[1:]), job.ended_at]
    return [_transition(each, end) for each, end in zip(job.transitions, ends, strict=False)]


def _transition(transition: Transition, end: float | None) -> JsonObject:
    return present(
        {
            "Status": transition.status,
            "StartTime": transition.at,
            "EndTime": end,
            "StatusMessage": transition.message,
        }
    )


def _training_time_s(job: TrainingJob) -> int | None:
    if job.started_at is None or job.ended_at is None:
        return None
    return max(1, round(job.ended_at - job.started_at))
