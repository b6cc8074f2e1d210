"""boto3, as a user writes it: a tuning job from its creation to its end."""

import os
import time

import boto3

NAME = "boto3-tuning"
BUCKET = "doctor-boto3"

if __name__ == "__main__":
    s3, sagemaker, logs = boto3.client("s3"), boto3.client("sagemaker"), boto3.client("logs")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="train/rows.csv", Body=b"1,2\n")
    sagemaker.create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=NAME,
        HyperParameterTuningJobConfig={
            "Strategy": "Bayesian",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "loss"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 3, "MaxParallelTrainingJobs": 2},
            "ParameterRanges": {"ContinuousParameterRanges": [{"Name": "x", "MinValue": "0", "MaxValue": "1"}]},
        },
        TrainingJobDefinition={
            "AlgorithmSpecification": {
                "TrainingImage": os.environ["DOCTOR_IMAGE"],
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9.]+)"}],
            },
            "RoleArn": os.environ["LUTHIER_ROLE_ARN"],
            "InputDataConfig": [
                {
                    "ChannelName": "train",
                    "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/train/"}},
                }
            ],
            "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/output"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        },
        Tags=[{"Key": "made-by", "Value": "doctor"}],
    )
    while True:
        job = sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=NAME)
        if job["HyperParameterTuningJobStatus"] not in ("InProgress", "Stopping"):
            break
        time.sleep(0.5)
    assert job["HyperParameterTuningJobStatus"] == "Completed", job.get("FailureReason")
    best = job["BestTrainingJob"]["TrainingJobName"]
    sagemaker.get_waiter("training_job_completed_or_stopped").wait(TrainingJobName=best)
    listed = sagemaker.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job")
    children = listed.paginate(HyperParameterTuningJobName=NAME).build_full_result()["TrainingJobSummaries"]
    assert len(children) == 3, children
    assert sagemaker.list_tags(ResourceArn=job["HyperParameterTuningJobArn"])["Tags"], "no tags"
    lines = logs.filter_log_events(logGroupName="/aws/sagemaker/TrainingJobs", logStreamNamePrefix=f"{best}/")
    assert any("loss=" in line["message"] for line in lines["events"]), lines
    s3.head_object(Bucket=BUCKET, Key=f"output/{best}/output/model.tar.gz")
