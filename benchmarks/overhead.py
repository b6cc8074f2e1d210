"""
What a training job costs beside the training: training jobs that do nothing, one at a time, from row to Completed.

    luthier demo benchmarks/overhead.py

The ratio is to the peer that everybody has: starting a bare Python in the same run, on the same machine.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import boto3

JOBS = 30
IMAGE = "luthier-benchmark-nothing:1"
BUCKET = "luthier-benchmark"


def main() -> None:
    """Run a tuning job of training jobs that do nothing, and print what each took."""
    program = Path(sys.executable).with_name("luthier")
    subprocess.check_call([program, "images", "add", IMAGE, "--", "/bin/sh", "-c", "echo loss=0.5"])
    s3: Any = boto3.client("s3")
    if BUCKET not in [each["Name"] for each in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket=BUCKET)
    sagemaker: Any = boto3.client("sagemaker")
    name = f"overhead-{int(time.monotonic() * 1000)}"
    create(sagemaker, name)
    while sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)[
        "HyperParameterTuningJobStatus"
    ] not in ("Completed", "Failed", "Stopped"):
        time.sleep(0.5)
    report(sagemaker, name)


def create(sagemaker: Any, name: str) -> None:
    """Create the tuning job."""
    sagemaker.create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name,
        HyperParameterTuningJobConfig={
            "Strategy": "Bayesian",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "loss"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": JOBS, "MaxParallelTrainingJobs": 1},
            "ParameterRanges": {"ContinuousParameterRanges": [{"Name": "x", "MinValue": "0", "MaxValue": "1"}]},
        },
        TrainingJobDefinition={
            "AlgorithmSpecification": {
                "TrainingImage": IMAGE,
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9.]+)"}],
            },
            "RoleArn": os.environ["LUTHIER_ROLE_ARN"],
            "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/output"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        },
    )


def report(sagemaker: Any, name: str) -> None:
    """Print seconds from a row's creation to its end, and from one end to the next."""
    pages = sagemaker.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job")
    jobs = pages.paginate(HyperParameterTuningJobName=name).build_full_result()["TrainingJobSummaries"]
    took = [(each["TrainingEndTime"] - each["CreationTime"]).total_seconds() for each in jobs]
    ends = sorted(each["TrainingEndTime"] for each in jobs)
    cadence = (ends[-1] - ends[0]).total_seconds() / (len(ends) - 1)
    bare = statistics.median(seconds_of_a_bare_python() for _ in range(10))
    median = statistics.median(took)
    print(f"{len(jobs)} training jobs that do nothing, one at a time")
    print(f"  from row to Completed  median {median:.3f} s, worst {max(took):.3f} s")
    print(f"  from end to end        {cadence:.3f} s")
    print(f"  a bare `python -c pass` takes {bare:.3f} s: ratio {median / bare:.0f}")


def seconds_of_a_bare_python() -> float:
    """Time the peer."""
    begun = time.perf_counter()
    subprocess.check_call([sys.executable, "-c", "pass"])
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
