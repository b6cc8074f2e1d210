"""The AWS CLI, as a user types it: create from a JSON file, describe, list, tags, stop."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

NAME = "cli-tuning"
BUCKET = "doctor-cli"


def aws(*words: str) -> Any:
    """Run one command of the AWS CLI and give its JSON output."""
    done = subprocess.run([sys.argv[1], *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"aws {' '.join(words)}: {done.stderr.strip()}"
    return json.loads(done.stdout) if done.stdout.strip().startswith(("{", "[")) else done.stdout


def request() -> dict[str, Any]:
    """Give what is written into the JSON file."""
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/train/"}}
    return {
        "HyperParameterTuningJobName": NAME,
        "HyperParameterTuningJobConfig": {
            "Strategy": "Random",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "loss"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 2, "MaxParallelTrainingJobs": 2},
            "ParameterRanges": {"ContinuousParameterRanges": [{"Name": "x", "MinValue": "0", "MaxValue": "1"}]},
        },
        "TrainingJobDefinition": {
            "AlgorithmSpecification": {
                "TrainingImage": os.environ["DOCTOR_IMAGE"],
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9.]+)"}],
            },
            "RoleArn": os.environ["LUTHIER_ROLE_ARN"],
            "InputDataConfig": [{"ChannelName": "train", "DataSource": source}],
            "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/output"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        },
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        rows, definition = Path(folder) / "rows.csv", Path(folder) / "tuning.json"
        rows.write_text("1,2\n", encoding="utf-8")
        definition.write_text(json.dumps(request()), encoding="utf-8")
        aws("s3", "mb", f"s3://{BUCKET}")
        aws("s3", "cp", str(rows), f"s3://{BUCKET}/train/rows.csv")
        made = aws("sagemaker", "create-hyper-parameter-tuning-job", "--cli-input-json", f"file://{definition}")
    described = ["sagemaker", "describe-hyper-parameter-tuning-job", "--hyper-parameter-tuning-job-name", NAME]
    while (job := aws(*described))["HyperParameterTuningJobStatus"] in ("InProgress", "Stopping"):
        time.sleep(0.5)
    assert job["HyperParameterTuningJobStatus"] == "Completed", job.get("FailureReason")
    best = job["BestTrainingJob"]["TrainingJobName"]
    aws("sagemaker", "wait", "training-job-completed-or-stopped", "--training-job-name", best)
    found = aws("sagemaker", "list-hyper-parameter-tuning-jobs", "--name-contains", "cli")
    assert [each["HyperParameterTuningJobName"] for each in found["HyperParameterTuningJobSummaries"]] == [NAME]
    arn = made["HyperParameterTuningJobArn"]
    aws("sagemaker", "add-tags", "--resource-arn", arn, "--tags", "Key=made-by,Value=doctor")
    assert aws("sagemaker", "list-tags", "--resource-arn", arn)["Tags"] == [{"Key": "made-by", "Value": "doctor"}]
    aws("s3", "ls", f"s3://{BUCKET}/output/{best}/output/model.tar.gz")
