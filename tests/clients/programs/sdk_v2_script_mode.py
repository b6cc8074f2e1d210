"""Scripts of users with the SageMaker Python SDK, version 2: `sdk_v2_script_mode.py STORY FACTS`."""

import io
import json
import sys
import tarfile
from contextlib import redirect_stdout
from pathlib import Path

import sagemaker
from botocore.exceptions import ClientError
from sagemaker.exceptions import UnexpectedStatusException
from sagemaker.pytorch import PyTorch
from sagemaker.s3 import S3Downloader
from sagemaker.sklearn import SKLearn
from sagemaker.tuner import ContinuousParameter, HyperparameterTuner
from sources import a_source_folder

METRICS = [{"Name": "loss", "Regex": "loss=([0-9.]+)"}]
ON = {"instance_count": 1, "instance_type": "ml.m5.large", "volume_size": 1}


def inputs(of):
    uri = of.upload_string_as_file_body("1,2\n3,4\n5,6\n", of.default_bucket(), "scripted/rows.csv")
    return {"training": uri.rpartition("/")[0] + "/"}


def sklearn(of, **changes):
    return SKLearn(
        entry_point="train.py",
        source_dir=a_source_folder(),
        framework_version="1.2-1",
        hyperparameters={"rounds": 3, "kind": "a b"},
        environment={"COLOUR": "blue"},
        sagemaker_session=of,
        **ON,
        **changes,
    )


def model_files(uri):
    S3Downloader.download(uri, "model")
    with tarfile.open(Path("model") / "model.tar.gz") as packed:
        return sorted(packed.getnames())


def fit():
    one = sagemaker.Session()
    made = sklearn(one)
    made.fit(inputs(one), logs="All", job_name="v2-sklearn")
    again = io.StringIO()
    with redirect_stdout(again):
        made.logs()
    described = made.latest_training_job.describe()
    return {
        "image": described["AlgorithmSpecification"]["TrainingImage"],
        "hyperparameters": described["HyperParameters"],
        "bucket": one.default_bucket(),
        "model_data": made.model_data,
        "model_files": model_files(made.model_data),
        "logs": again.getvalue(),
    }


def tune():
    one = sagemaker.Session()
    tuner = HyperparameterTuner(
        sklearn(one),
        "loss",
        {"rate": ContinuousParameter(0, 1)},
        METRICS,
        objective_type="Minimize",
        max_jobs=2,
        max_parallel_jobs=2,
    )
    tuner.fit(inputs(one), job_name="v2-scripts")
    attached = HyperparameterTuner.attach("v2-scripts", sagemaker_session=one)
    best = attached.best_estimator()
    return {
        "best": tuner.best_training_job(),
        "rows": len(tuner.analytics().dataframe()),
        "kind": type(best).__name__,
        "entry_point": best.entry_point,
        "hyperparameters": best.hyperparameters(),
        "model_files": model_files(best.model_data),
    }


def pytorch(of, version):
    return PyTorch("train.py", source_dir="source", framework_version=version, py_version="py311", **ON)


def without_torch():
    """The image of version 2.3 is the shipped one; that of 2.4 is an environment of the user's."""
    one = sagemaker.Session()
    a_source_folder()
    told = {}
    try:
        pytorch(one, "2.3").fit(inputs(one), job_name="v2-torch-refused")
    except ClientError as error:
        told["refused"] = error.response["Error"]
    try:
        pytorch(one, "2.4").fit(inputs(one), logs=False, job_name="v2-torch-failed")
    except UnexpectedStatusException as error:
        told["raised"] = str(error)
    job = one.describe_training_job("v2-torch-failed")
    return {**told, "status": job["TrainingJobStatus"], "reason": job["FailureReason"]}


STORIES = [fit, tune, without_torch]

if __name__ == "__main__":
    story = {each.__name__: each for each in STORIES}[sys.argv[1]]
    Path(sys.argv[2]).write_text(json.dumps(story(), default=str))
