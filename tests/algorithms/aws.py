"""Works with AWS from inside a training job, with boto3 as it comes: nothing is configured but by the environment."""

import json
import os
import sys
import time
from pathlib import Path

import boto3

hyperparameters = json.loads(Path("/opt/ml/input/config/hyperparameters.json").read_text())
s3 = boto3.client("s3")
before = boto3.Session().get_credentials().get_frozen_credentials()
found = {
    "arn": boto3.client("sts").get_caller_identity()["Arn"],
    "read": s3.get_object(Bucket="jobs", Key="data/x")["Body"].read().decode(),
    "region": boto3.Session().region_name,
    "token": os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"],
    "url": os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"],
}
s3.put_object(Bucket="jobs", Key="written", Body=b"by the job")
Path("/opt/ml/model/found.json").write_text(json.dumps(found))
sys.stdout.write("ready\n")
sys.stdout.flush()
time.sleep(float(hyperparameters.get("pause", "0")))
