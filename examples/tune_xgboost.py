"""
Tune XGBoost on a real data set with plain boto3, and use the best model.

With Luthier: `eval "$(luthier env)"`, then `python examples/tune_xgboost.py`. On AWS: set LUTHIER_ROLE_ARN to a role
that SageMaker may assume and leave AWS_ENDPOINT_URL unset. TRAINING_IMAGE names another image than AWS's XGBoost.
Needs boto3, scikit-learn and xgboost; with rich, a table shows the best training jobs while others run.
"""

import io
import os
import secrets
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Any

import boto3
import numpy as np
import xgboost
from botocore.exceptions import ConnectionError, HTTPClientError
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.model_selection import train_test_split

try:
    from rich.console import Console, Group
    from rich.live import Live
    from rich.table import Table
except ImportError:
    HAS_RICH = False
else:
    HAS_RICH = Console().is_terminal

TRAINING_JOBS = 20
PARALLEL = 4
METRIC = "validation:logloss"  # how surprised the model is by patients it has not seen: lower is better

REGISTRIES = {  # AWS's accounts that hold its XGBoost image
    "us-east-1": "683313688378",
    "us-east-2": "257758044811",
    "us-west-1": "746614075791",
    "us-west-2": "246618743249",
    "eu-central-1": "492215442770",
    "eu-west-1": "141502667606",
    "ap-northeast-1": "354813040037",
}

RANGES: dict[str, list[dict[str, Any]]] = {
    "IntegerParameterRanges": [
        {"Name": "max_depth", "MinValue": "1", "MaxValue": "8"},
        {"Name": "num_round", "MinValue": "20", "MaxValue": "200"},
    ],
    "ContinuousParameterRanges": [
        {"Name": "eta", "MinValue": "0.01", "MaxValue": "0.5", "ScalingType": "Logarithmic"},
        {"Name": "lambda", "MinValue": "0.01", "MaxValue": "100", "ScalingType": "Logarithmic"},
        {"Name": "min_child_weight", "MinValue": "0.1", "MaxValue": "10"},
        {"Name": "subsample", "MinValue": "0.4", "MaxValue": "1"},
    ],
    "CategoricalParameterRanges": [
        {"Name": "tree_method", "Values": ["exact", "approx", "hist"]},
    ],
}

Description = dict[str, Any]


def main() -> int:
    """Tune, and give the exit code."""
    role = os.environ.get("LUTHIER_ROLE_ARN")
    if not role:
        print('No LUTHIER_ROLE_ARN: run eval "$(luthier env)", or set it to a SageMaker role of your AWS account.')
        return 2
    session = boto3.Session()
    s3, sagemaker = session.client("s3"), session.client("sagemaker")
    name = f"xgboost-{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}"

    train, validation, held_back = split_patients()
    bucket = make_bucket(session)
    upload(s3, bucket, f"{name}/train/patients.csv", train)
    upload(s3, bucket, f"{name}/validation/patients.csv", validation)
    print(f"Uploaded {len(train)} rows to train on and {len(validation)} to validate with to s3://{bucket}/{name}/")

    sagemaker.create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name,
        HyperParameterTuningJobConfig=tuning_config(),
        TrainingJobDefinition=training_definition(role, training_image(session.region_name), f"s3://{bucket}/{name}"),
    )
    print(f"Tuning job {name}: {TRAINING_JOBS} training jobs, {PARALLEL} at a time")
    try:
        tuning_job = wait_for(sagemaker, name)
    except KeyboardInterrupt:
        print(f"\nNo longer watching; the tuning job goes on. luthier watch {name}")
        return 130
    status = tuning_job["HyperParameterTuningJobStatus"]
    if status != "Completed" or "BestTrainingJob" not in tuning_job:
        print(f"The tuning job is {status}: {tuning_job.get('FailureReason', 'no training job gave an objective')}")
        return 1

    show_best(tuning_job["BestTrainingJob"])
    show_score(download_model(s3, sagemaker, tuning_job["BestTrainingJob"]["TrainingJobName"]), held_back)
    show_more(name, session.region_name)
    return 0


def split_patients() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the rows to train on, to validate with and to hold back; the label is the first column."""
    features, labels = load_breast_cancer(return_X_y=True)
    rows = np.column_stack([labels, features])
    rest, held_back = train_test_split(rows, test_size=0.2, stratify=labels, random_state=1)
    train, validation = train_test_split(rest, test_size=0.25, stratify=rest[:, 0], random_state=1)
    return train, validation, held_back


def make_bucket(session: boto3.Session) -> str:
    """Make sure that there is a bucket of ours, and give its name."""
    account = session.client("sts").get_caller_identity()["Account"]
    s3: Any = session.client("s3")
    region = session.region_name
    bucket = f"tune-xgboost-{account}-{region}"
    if bucket in [each["Name"] for each in s3.list_buckets()["Buckets"]]:
        return bucket  # of an earlier run
    if region == "us-east-1":  # the one region that must not be named
        s3.create_bucket(Bucket=bucket)
    else:
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
    return bucket


def upload(s3: Any, bucket: str, key: str, rows: np.ndarray) -> None:
    """Store rows as CSV the way SageMaker's XGBoost wants it: the label first, no header."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "rows.csv")
        np.savetxt(file, rows, delimiter=",", fmt="%.9g")
        s3.upload_file(str(file), bucket, key)


def training_image(region: str) -> str:
    """Name AWS's XGBoost image."""
    registry = REGISTRIES.get(region, REGISTRIES["us-east-1"])
    own = f"{registry}.dkr.ecr.{region}.amazonaws.com/sagemaker-xgboost:1.7-1"
    return os.environ.get("TRAINING_IMAGE", own)


def tuning_config() -> Description:
    """Say what is searched, how, and how long."""
    return {
        "Strategy": "Bayesian",
        "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": METRIC},
        "ResourceLimits": {"MaxNumberOfTrainingJobs": TRAINING_JOBS, "MaxParallelTrainingJobs": PARALLEL},
        "ParameterRanges": RANGES,
        "RandomSeed": 1,
    }


def training_definition(role: str, image: str, prefix: str) -> Description:
    """Say what every training job has in common."""
    return {
        "AlgorithmSpecification": {"TrainingImage": image, "TrainingInputMode": "File"},
        "StaticHyperParameters": {"objective": "binary:logistic", "eval_metric": "auc", "seed": "1"},
        "InputDataConfig": [channel(each, f"{prefix}/{each}/") for each in ("train", "validation")],
        "OutputDataConfig": {"S3OutputPath": f"{prefix}/output"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
        "RoleArn": role,
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
    }


def channel(name: str, uri: str) -> Description:
    """Describe one input of the training jobs."""
    source = {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    return {"ChannelName": name, "ContentType": "text/csv", "DataSource": {"S3DataSource": source}}


def wait_for(sagemaker: Any, name: str) -> Description:
    """Show the progress until the tuning job is over, and give its last description."""
    pause_s = 0.5 if "AWS_ENDPOINT_URL" in os.environ else 10
    with Live(refresh_per_second=4) if HAS_RICH else Lines() as live:
        while True:
            try:
                tuning_job: Description = sagemaker.describe_hyper_parameter_tuning_job(
                    HyperParameterTuningJobName=name
                )
                line = progress_line(tuning_job)
                live.update(progress_table(line, best_jobs(sagemaker, name)) if HAS_RICH else line)
                if tuning_job["HyperParameterTuningJobStatus"] in ("Completed", "Failed", "Stopped"):
                    return tuning_job
            except (ConnectionError, HTTPClientError):  # the training jobs go on without the server
                live.update("The server does not answer. The training jobs go on; start it again with: luthier up")
            time.sleep(pause_s)


class Lines:
    """Progress for those who have no rich: a line whenever something changed."""

    shown = ""

    def __enter__(self) -> "Lines":
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End."""

    def update(self, line: str) -> None:
        """Show a line, unless it is shown already."""
        if line != self.shown:
            print(line, flush=True)
        self.shown = line


def best_jobs(sagemaker: Any, name: str) -> list[Description]:
    """List the five best training jobs so far."""
    answer = sagemaker.list_training_jobs_for_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name, SortBy="FinalObjectiveMetricValue", SortOrder="Ascending", MaxResults=100
    )
    jobs = answer["TrainingJobSummaries"]
    return [job for job in jobs if "FinalHyperParameterTuningJobObjectiveMetric" in job][:5]


def progress_line(tuning_job: Description) -> str:
    """Put the progress in one line."""
    counters = tuning_job["TrainingJobStatusCounters"]
    failed = counters.get("NonRetryableError", 0)
    over = sum(counters.get(each, 0) for each in ("Completed", "NonRetryableError", "Stopped"))
    bar = "█" * over + "░" * (TRAINING_JOBS - over)
    line = f"{bar} {over:2} of {TRAINING_JOBS} over, {counters.get('InProgress', 0)} running, {failed} failed"
    best = tuning_job.get("BestTrainingJob")
    return f"{line}, best {objective(best):.5f}" if best else line


def progress_table(line: str, jobs: list[Description]) -> "Group":
    """Put the progress in a line and a table of the best."""
    tuned = [each["Name"] for ranges in RANGES.values() for each in ranges]
    table = Table("best so far", METRIC.partition(":")[2], *tuned)
    for job in jobs:
        values = job["TunedHyperParameters"]
        ordinal = job["TrainingJobName"].split("-")[-2]  # names end in -001-0123abcd
        table.add_row(ordinal, f"{objective(job):.5f}", *(brief(values.get(each, "")) for each in tuned))
    return Group(line, table)


def objective(job: Description) -> float:
    """Give the metric that a training job ended with."""
    return float(job["FinalHyperParameterTuningJobObjectiveMetric"]["Value"])


def brief(value: str) -> str:
    """Shorten a number to four digits; leave a word as it is."""
    try:
        return f"{float(value):.4g}"
    except ValueError:
        return value


def show_best(best: Description) -> None:
    """Print the best training job."""
    print(f"\nBest training job: {best['TrainingJobName']}")
    print(f"  {METRIC} = {objective(best):.5f}")
    for name, value in sorted(best["TunedHyperParameters"].items()):
        print(f"  {name} = {value}")


def download_model(s3: Any, sagemaker: Any, training_job: str) -> xgboost.Booster:
    """Load a training job's model straight from its archive; nothing is unpacked onto the disk."""
    described = sagemaker.describe_training_job(TrainingJobName=training_job)
    uri = described["ModelArtifacts"]["S3ModelArtifacts"]
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    archive = io.BytesIO()
    s3.download_fileobj(bucket, key, archive)
    archive.seek(0)
    with tarfile.open(fileobj=archive, mode="r:gz") as tar:
        member = tar.extractfile("xgboost-model")
        if member is None:
            raise SystemExit(f"{uri} holds no file xgboost-model")
        model = xgboost.Booster()
        model.load_model(bytearray(member.read()))
    print(f"\nLoaded its model from {uri}")
    return model


def show_score(model: xgboost.Booster, held_back: np.ndarray) -> None:
    """Print how the model does on rows that neither training nor tuning has seen."""
    labels, probabilities = held_back[:, 0], model.predict(xgboost.DMatrix(held_back[:, 1:]))
    print(f"On {len(held_back)} held-back rows:")
    print(f"  accuracy = {accuracy_score(labels, probabilities > 0.5):.4f}")
    print(f"  AUC      = {roc_auc_score(labels, probabilities):.4f}")


def show_more(name: str, region: str) -> None:
    """Say how to look further."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    page = f"{endpoint}/" if endpoint else f"https://{region}.console.aws.amazon.com/sagemaker/home#/hyper-tuning-jobs"
    print("\nTo see more:")
    print(f"  in a browser     {page}")
    if endpoint:
        print(f"  in a terminal    luthier watch {name}")
    print("  with AWS's own   aws sagemaker list-training-jobs-for-hyper-parameter-tuning-job \\")
    print(f"                     --hyper-parameter-tuning-job-name {name}")


if __name__ == "__main__":
    sys.exit(main())
