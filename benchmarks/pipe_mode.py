"""
How fast a channel in Pipe mode is read, beside `cat` of the same bytes from a file on the same disk.

    luthier demo benchmarks/pipe_mode.py

One training job reads its channel's first two epochs, and then a channel in File mode with the same objects.
"""

import os
import subprocess
import tarfile
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3

OBJECTS, OBJECT_BYTES = 16, 64 << 20
IMAGE = "luthier-benchmark-pipe:1"
BUCKET = "luthier-benchmark"
SCRIPT = r"""
for from in /opt/ml/input/data/piped_0 /opt/ml/input/data/piped_1 "/opt/ml/input/data/files/*"; do
    start=$(date +%s.%N); bytes=$(cat $from | wc -c); end=$(date +%s.%N)
    echo "$bytes $start $end" >> /opt/ml/model/read
done
"""


def main() -> None:
    """Store the data set, read it both ways, and print the throughput of each."""
    program = Path(os.environ.get("LUTHIER", "luthier"))
    subprocess.check_call([program, "images", "add", IMAGE, "--", "/bin/sh", "-c", SCRIPT])
    s3: Any = boto3.client("s3")
    if BUCKET not in [each["Name"] for each in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket=BUCKET)
    content = os.urandom(OBJECT_BYTES)
    for number in range(OBJECTS):
        s3.put_object(Bucket=BUCKET, Key=f"pipe/{number:02d}", Body=content)
    lines = read(s3)
    rates = [int(size) / (float(end) - float(start)) for size, start, end in map(str.split, lines)]
    for name, rate in zip(("pipe, epoch 0", "pipe, epoch 1", "cat of files"), rates, strict=True):
        print(f"{name:14} {rate / 1e6:8.0f} MB/s   ratio to cat {rate / rates[-1]:.2f}")


def read(s3: Any) -> list[str]:
    """Run the training job, and give what it measured."""
    sagemaker: Any = boto3.client("sagemaker")
    name = f"pipe-{int(time.monotonic() * 1000)}"
    sagemaker.create_training_job(
        TrainingJobName=name,
        AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        RoleArn=os.environ["LUTHIER_ROLE_ARN"],
        InputDataConfig=[channel("piped", "Pipe"), channel("files", "File")],
        OutputDataConfig={"S3OutputPath": f"s3://{BUCKET}/output"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 20},
        StoppingCondition={"MaxRuntimeInSeconds": 600},
    )
    waiter = sagemaker.get_waiter("training_job_completed_or_stopped")
    waiter.wait(TrainingJobName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 600})
    with TemporaryDirectory() as folder:
        archive = Path(folder) / "model.tar.gz"
        s3.download_file(BUCKET, f"output/{name}/output/model.tar.gz", str(archive))
        with tarfile.open(archive) as files:
            found = files.extractfile("read")
            assert found is not None
            return found.read().decode().splitlines()


def channel(name: str, mode: str) -> dict[str, Any]:
    """Give a channel with all objects."""
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/pipe/"}
    return {"ChannelName": name, "InputMode": mode, "DataSource": {"S3DataSource": source}}


if __name__ == "__main__":
    main()
