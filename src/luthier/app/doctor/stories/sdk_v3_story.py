"""The SageMaker Python SDK, version 3: a model trainer, a tuner, its analytics."""

import os

import boto3
from sagemaker.core.helper.session_helper import Session
from sagemaker.core.parameter import ContinuousParameter
from sagemaker.core.training.configs import Compute, InputData
from sagemaker.train import ModelTrainer
from sagemaker.train.tuner import HyperparameterTuner

if __name__ == "__main__":
    session = Session()
    bucket = session.default_bucket()
    boto3.client("s3").put_object(Bucket=bucket, Key="doctor-v3/rows.csv", Body=b"1,2\n")
    inputs = [InputData(channel_name="train", data_source=f"s3://{bucket}/doctor-v3/")]
    trainer = ModelTrainer(
        training_image=os.environ["DOCTOR_IMAGE"],
        sagemaker_session=session,
        compute=Compute(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=1),
        base_job_name="doctor-v3",
    )
    tuner = HyperparameterTuner(
        trainer,
        "loss",
        {"x": ContinuousParameter(0, 1)},
        metric_definitions=[{"Name": "loss", "Regex": "loss=([0-9.]+)"}],
        objective_type="Minimize",
        max_jobs=3,
        max_parallel_jobs=2,
    )
    tuner.tune(inputs, wait=True)
    assert len(tuner.analytics().dataframe()) == 3
    assert tuner.best_training_job()
    trainer.train(input_data_config=inputs, wait=True, logs=True)
