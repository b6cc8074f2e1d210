"""Stories of the SageMaker Python SDK, version 3: `sdk_v3.py STORY FACTS` writes down what it saw."""

import json
import logging
import sys
from pathlib import Path

import boto3
from botocore.exceptions import ClientError
from sagemaker.core import image_uris
from sagemaker.core.helper.session_helper import Session
from sagemaker.core.parameter import CategoricalParameter, ContinuousParameter, IntegerParameter
from sagemaker.core.resources import HyperParameterTuningJob, TrainingJob
from sagemaker.core.shapes import (
    HyperbandStrategyConfig,
    HyperParameterTuningJobStrategyConfig,
    HyperParameterTuningJobWarmStartConfig,
    ParentHyperParameterTuningJob,
)
from sagemaker.core.training.configs import Compute, InputData, SourceCode
from sagemaker.train import ModelTrainer
from sagemaker.train.tuner import HyperparameterTuner
from sources import a_source_folder

METRICS = [{"Name": "loss", "Regex": "loss=([0-9.]+)"}]


def session():
    return Session()


def inputs(of, channel="train"):
    bucket = of.default_bucket()
    boto3.client("s3").put_object(Bucket=bucket, Key="rows/rows.csv", Body=b"1,2\n3,4\n")
    return [InputData(channel_name=channel, data_source=f"s3://{bucket}/rows/")]


def trainer(of, **changes):
    plain = {
        "training_image": "recorder:1",
        "sagemaker_session": of,
        "compute": Compute(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=1),
        "hyperparameters": {"rounds": "7"},
        "environment": {"COLOUR": "blue"},
        "base_job_name": "v3",
    }
    return ModelTrainer(**{**plain, **changes})


def tuner(of, **changes):
    plain = {
        "model_trainer": trainer(of),
        "objective_metric_name": "loss",
        "hyperparameter_ranges": {
            "x": ContinuousParameter(0, 1),
            "depth": IntegerParameter(1, 9),
            "kind": CategoricalParameter(["good", "bad"]),
        },
        "metric_definitions": METRICS,
        "objective_type": "Minimize",
        "max_jobs": 3,
        "max_parallel_jobs": 2,
    }
    return HyperparameterTuner(**{**plain, **changes})


def tune():
    one = session()
    made = tuner(one)
    made.tune(inputs(one), wait=True, job_name="v3-tune")
    frame = made.analytics().dataframe()
    return {
        "status": made.describe().hyper_parameter_tuning_job_status,
        "best": made.best_training_job(),
        "rows": len(frame),
        "lowest": frame.sort_values("FinalObjectiveValue").iloc[0]["TrainingJobName"],
    }


def stop():
    one = session()
    made = tuner(one, max_jobs=50, max_parallel_jobs=1)
    made.tune(inputs(one), wait=False, job_name="v3-stop")
    made.stop_tuning_job()
    job = HyperParameterTuningJob.get("v3-stop")
    at_once = job.hyper_parameter_tuning_job_status
    job.wait()
    try:
        made.stop_tuning_job()
        refusal = ""
    except ClientError as error:
        refusal = str(error)
    return {"at_once": at_once, "status": job.refresh().hyper_parameter_tuning_job_status, "refusal": refusal}


def train():
    logging.basicConfig(level=logging.INFO)  # the SDK shows a training job's log through its logger
    one = session()
    made = trainer(one)
    made.train(input_data_config=inputs(one), wait=True, logs=True)
    job = TrainingJob.get(made._latest_training_job.training_job_name)
    return {
        "name": job.training_job_name,
        "status": job.training_job_status,
        "model": job.model_artifacts.s3_model_artifacts,
    }


def source_code():
    logging.basicConfig(level=logging.INFO)
    one = session()
    source = SourceCode(source_dir=a_source_folder(), entry_script="train.py", requirements="requirements.txt")
    made = trainer(one, source_code=source, hyperparameters={"rounds": 3, "kind": "a b"}, base_job_name="v3-source")
    made.train(input_data_config=inputs(one, "training"), wait=True, logs=True)
    job = TrainingJob.get(made._latest_training_job.training_job_name)
    return {"status": job.training_job_status, "name": job.training_job_name}


def tune_source_code():
    """A tuning job has no entrypoint, so the SDK counts on a framework's image to run the script."""
    one = session()
    image = image_uris.retrieve("sklearn", one.boto_region_name, version="1.2-1", instance_type="ml.m5.large")
    source = SourceCode(source_dir=a_source_folder(), entry_script="train.py", requirements="requirements.txt")
    given = {"rounds": 3, "kind": "a b"}
    made = tuner(
        one,
        model_trainer=trainer(one, training_image=image, source_code=source, hyperparameters=given),
        hyperparameter_ranges={"rate": ContinuousParameter(0, 1)},
        max_jobs=2,
    )
    made.tune(inputs(one, "training"), wait=True, job_name="v3-scripts")
    return {"status": made.describe().hyper_parameter_tuning_job_status, "best": made.best_training_job()}


def described(name):
    return boto3.client("sagemaker").describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)


def hyperband():
    one = session()
    bounds = HyperbandStrategyConfig(min_resource=1, max_resource=3)
    config = HyperParameterTuningJobStrategyConfig(hyperband_strategy_config=bounds)
    tuner(one, strategy="Hyperband", strategy_config=config).tune(inputs(one), wait=True, job_name="v3-hyperband")
    counted = trainer(one, hyperparameters={"epochs": "3"})
    tuner(one, model_trainer=counted, strategy="Hyperband").tune(inputs(one), wait=True, job_name="v3-epochs")
    try:
        tuner(one, strategy="Hyperband").tune(inputs(one), wait=True, job_name="v3-lacking")
        refusal = ""
    except ClientError as error:
        refusal = str(error)
    return {"refusal": refusal, **{each: described(each) for each in ("v3-hyperband", "v3-epochs")}}


def warm_start():
    """The SDK's helpers name a member that their class does not have, so the configuration is the caller's."""
    one = session()
    tuner(one).tune(inputs(one), wait=True, job_name="v3-parent")
    config = HyperParameterTuningJobWarmStartConfig(
        warm_start_type="IdenticalDataAndAlgorithm",
        parent_hyper_parameter_tuning_jobs=[ParentHyperParameterTuningJob(hyper_parameter_tuning_job_name="v3-parent")],
    )
    tuner(one, warm_start_config=config).tune(inputs(one), wait=True, job_name="v3-warm")
    return {each: described(each) for each in ("v3-parent", "v3-warm")}


def resources():
    one = session()
    made = tuner(one)
    made.tune(inputs(one), wait=True, job_name="v3-resources")
    names = [each.hyper_parameter_tuning_job_name for each in HyperParameterTuningJob.get_all(name_contains="v3-res")]
    job = HyperParameterTuningJob.get("v3-resources")
    children = [each.training_job_name for each in job.get_all_training_jobs()]
    job.delete()
    left = [each.hyper_parameter_tuning_job_name for each in HyperParameterTuningJob.get_all(name_contains="v3-res")]
    return {"names": names, "children": children, "left": left, "child": TrainingJob.get(children[0]).training_job_name}


STORIES = [tune, stop, train, source_code, tune_source_code, hyperband, warm_start, resources]

if __name__ == "__main__":
    story = {each.__name__: each for each in STORIES}[sys.argv[1]]
    Path(sys.argv[2]).write_text(json.dumps(story(), default=str))
