"""One tuning job through the service: the rows in S3, the request, the wait, and what became of each training job."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.end_to_end.datasets import CHANNELS, Dataset
from benchmarks.end_to_end.ranges import parameter_ranges, static
from benchmarks.end_to_end.server import Clients
from benchmarks.search.runs import Plan

BUCKET = "end-to-end"
IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"  # of the catalogue's shipped entries
PAUSE_S = 1.0
DECIMALS = 5  # that the program's log has; the wire has single precision, as AWS's
OVER = ("Completed", "Failed", "Stopped")


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """One training job that has ended; times are seconds since its tuning job's creation."""

    tuned: Mapping[str, str]  # its hyperparameters that were searched
    objective: float
    created_s: float
    ended_s: float
    training_s: float  # the part of it in which the program ran: SageMaker's secondary status Training


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """A tuning job that has ended."""

    trainings: tuple[Training, ...]  # in the order in which they ended
    wall_s: float  # from its creation to its end


def store(s3: Any, dataset: Dataset, rows: Path) -> None:
    """Put the channels of a data set into the bucket, which is made if need be."""
    if BUCKET not in [each["Name"] for each in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket=BUCKET)
    for channel in CHANNELS:
        s3.upload_file(str(rows / channel / "rows.csv"), BUCKET, f"{dataset.name}/{channel}/rows.csv")


def tune(clients: Clients, dataset: Dataset, plan: Plan) -> Tuning:
    """Run the tuning job of a plan to its end; raises RuntimeError if it, or one of its training jobs, fails."""
    name = f"{dataset.name.replace('_', '-')}-{plan.parallel}-{plan.seed}"[:32]
    clients.sagemaker.create_hyper_parameter_tuning_job(**request(name, dataset, plan, clients.role))
    while True:
        told = clients.sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
        if told["HyperParameterTuningJobStatus"] in OVER:
            break
        time.sleep(PAUSE_S)
    pages = clients.sagemaker.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job")
    jobs = pages.paginate(HyperParameterTuningJobName=name).build_full_result()["TrainingJobSummaries"]
    if told["HyperParameterTuningJobStatus"] != "Completed" or len(jobs) != plan.budget:
        reason = told.get("FailureReason", "no reason was given")
        raise RuntimeError(f"{name}: {told['HyperParameterTuningJobStatus']} after {len(jobs)} training jobs: {reason}")
    described = [clients.sagemaker.describe_training_job(TrainingJobName=each["TrainingJobName"]) for each in jobs]
    return account(told, jobs, {each["TrainingJobName"]: training_s(each) for each in described})


def request(name: str, dataset: Dataset, plan: Plan, role: str) -> dict[str, Any]:
    """Give the members of CreateHyperParameterTuningJob."""
    return {
        "HyperParameterTuningJobName": name,
        "HyperParameterTuningJobConfig": {
            "Strategy": "Bayesian",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": dataset.tuned},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": plan.budget, "MaxParallelTrainingJobs": plan.parallel},
            "ParameterRanges": parameter_ranges(),
            "RandomSeed": plan.seed,
        },
        "TrainingJobDefinition": {
            "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
            "StaticHyperParameters": static(dataset),
            "InputDataConfig": [_channel(dataset, channel) for channel in CHANNELS],
            "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/{dataset.name}/output"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            "RoleArn": role,
            "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        },
    }


def account(told: Mapping[str, Any], jobs: Sequence[Mapping[str, Any]], phases_s: Mapping[str, float]) -> Tuning:
    """Make the account of a tuning job from what was described and listed, and each training job's `training_s`."""
    beginning = told["CreationTime"]
    trainings = [_training(each, beginning, phases_s[each["TrainingJobName"]]) for each in sorted(jobs, key=_end)]
    wall_s = (told["HyperParameterTuningEndTime"] - beginning).total_seconds()
    return Tuning(trainings=tuple(trainings), wall_s=wall_s)


def training_s(job: Mapping[str, Any]) -> float:
    """Give the seconds for which the program of a described training job ran."""
    (phase,) = (each for each in job["SecondaryStatusTransitions"] if each["Status"] == "Training")
    return float((phase["EndTime"] - phase["StartTime"]).total_seconds())


def _end(job: Mapping[str, Any]) -> Any:
    if "FinalHyperParameterTuningJobObjectiveMetric" not in job:
        status, reason = job["TrainingJobStatus"], job.get("FailureReason", "it has no objective")
        raise RuntimeError(f"{job['TrainingJobName']}: {status}: {reason}")
    return job["TrainingEndTime"]


def _training(job: Mapping[str, Any], beginning: Any, phase_s: float) -> Training:
    return Training(
        tuned=job["TunedHyperParameters"],
        objective=round(job["FinalHyperParameterTuningJobObjectiveMetric"]["Value"], DECIMALS),
        created_s=(job["CreationTime"] - beginning).total_seconds(),
        ended_s=(job["TrainingEndTime"] - beginning).total_seconds(),
        training_s=phase_s,
    )


def _channel(dataset: Dataset, channel: str) -> dict[str, Any]:
    source = {
        "S3DataType": "S3Prefix",
        "S3Uri": f"s3://{BUCKET}/{dataset.name}/{channel}/",
        "S3DataDistributionType": "FullyReplicated",
    }
    return {"ChannelName": channel, "ContentType": "text/csv", "DataSource": {"S3DataSource": source}}
