"""The SageMaker Python SDK, version 2, as its own documentation has it: an estimator, a tuner, its analytics."""

import os

import boto3
import sagemaker
from sagemaker.estimator import Estimator
from sagemaker.tuner import ContinuousParameter, HyperparameterTuner

if __name__ == "__main__":
    session = sagemaker.Session()
    inputs = session.upload_string_as_file_body("1,2\n", session.default_bucket(), "doctor-v2/rows.csv")
    estimator = Estimator(
        image_uri=os.environ["DOCTOR_IMAGE"],
        instance_count=1,
        instance_type="ml.m5.large",
        volume_size=1,
        sagemaker_session=session,
    )
    tuner = HyperparameterTuner(
        estimator,
        "loss",
        {"x": ContinuousParameter(0, 1)},
        metric_definitions=[{"Name": "loss", "Regex": "loss=([0-9.]+)"}],
        objective_type="Minimize",
        max_jobs=3,
        max_parallel_jobs=2,
    )
    tuner.fit({"train": inputs.rpartition("/")[0] + "/"})
    assert len(tuner.analytics().dataframe()) == 3
    best = tuner.best_estimator()
    assert best.model_data.endswith("/output/model.tar.gz"), best.model_data
    assert HyperparameterTuner.attach(tuner.latest_tuning_job.name).best_training_job() == tuner.best_training_job()
    estimator.fit({"train": inputs.rpartition("/")[0] + "/"}, logs=True)
    bucket, _, key = estimator.model_data.removeprefix("s3://").partition("/")
    boto3.client("s3").head_object(Bucket=bucket, Key=key)
