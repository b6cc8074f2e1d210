"""
What training jobs on one large data set cost to set up, and what room they take, beside `cp` of the same bytes.

    luthier demo benchmarks/shared_input.py

Twenty training jobs, four at a time, read the first and the last byte of each of 32 objects of 64 MiB.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import boto3

OBJECTS, OBJECT_BYTES = 32, 64 << 20
JOBS, AT_ONCE = 20, 4
IMAGE = "luthier-benchmark-shared:1"
BUCKET = "luthier-benchmark"
SCRIPT = 'for each in /opt/ml/input/data/train/*; do head -c 1 "$each"; tail -c 1 "$each"; done | wc -c'


def main() -> None:
    """Store the data set, run the training jobs, and print what each phase took."""
    data = Path(os.environ.get("LUTHIER_DATA_FOLDER", "~/.luthier")).expanduser()
    subprocess.check_call([os.environ.get("LUTHIER", "luthier"), "images", "add", IMAGE, "--", "/bin/sh", "-c", SCRIPT])
    s3: Any = boto3.client("s3")
    if BUCKET not in [each["Name"] for each in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket=BUCKET)
    stamp = int(time.monotonic() * 1000)
    for number in range(OBJECTS):
        s3.put_object(Bucket=BUCKET, Key=f"shared-{stamp}/{number:02d}", Body=os.urandom(OBJECT_BYTES))
    copied_s = copy_s(data)
    free = shutil.disk_usage(data).free
    jobs = list(run(stamp))
    first, *others = (downloading_s(each) for each in jobs)
    print(f"cp of the same bytes         {copied_s:8.2f} s")
    print(f"first training job's set-up  {first:8.2f} s   ratio to cp {first / copied_s:.2f}")
    print(f"the others', median          {median(others):8.2f} s   ratio to cp {median(others) / copied_s:.3f}")
    print(f"the others', slowest         {max(others):8.2f} s")
    print(f"room taken                   {(free - shutil.disk_usage(data).free) / 1e9:8.2f} GB of {jobs_gb():.0f} GB")


def copy_s(data: Path) -> float:
    """Copy as many bytes on the same disk, and give the seconds."""
    source, target = data / "benchmark-source", data / "benchmark-target"
    with source.open("wb") as file:
        for _ in range(OBJECTS):
            file.write(os.urandom(OBJECT_BYTES))
    begun = time.monotonic()
    subprocess.check_call(["cp", source, target])
    taken = time.monotonic() - begun
    source.unlink()
    target.unlink()
    return taken


def run(stamp: int) -> Iterator[Any]:
    """Run the first training job alone and then the others, and give what Describe says of each."""
    sagemaker: Any = boto3.client("sagemaker")
    names = [f"shared-{stamp}-{number}" for number in range(JOBS)]
    batches = [names[:1], *(names[start : start + AT_ONCE] for start in range(1, JOBS, AT_ONCE))]
    for batch in batches:
        for name in batch:
            create(sagemaker, name, stamp)
        for name in batch:
            waiter = sagemaker.get_waiter("training_job_completed_or_stopped")
            waiter.wait(TrainingJobName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 600})
            yield sagemaker.describe_training_job(TrainingJobName=name)


def create(sagemaker: Any, name: str, stamp: int) -> None:
    """Create one training job."""
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/shared-{stamp}/"}
    sagemaker.create_training_job(
        TrainingJobName=name,
        AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        RoleArn=os.environ["LUTHIER_ROLE_ARN"],
        InputDataConfig=[{"ChannelName": "train", "DataSource": {"S3DataSource": source}}],
        OutputDataConfig={"S3OutputPath": f"s3://{BUCKET}/output"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 20},
        StoppingCondition={"MaxRuntimeInSeconds": 600},
    )


def downloading_s(job: Any) -> float:
    """Say how long a training job's input took to be there."""
    phases = {each["Status"]: each for each in job["SecondaryStatusTransitions"]}
    return float((phases["Training"]["StartTime"] - phases["Downloading"]["StartTime"]).total_seconds())


def jobs_gb() -> float:
    """Say how much all training jobs see together."""
    return JOBS * OBJECTS * OBJECT_BYTES / 1e9


if __name__ == "__main__":
    main()
