"""Stories of the SageMaker Python SDK, version 2: `sdk_v2.py STORY FACTS` writes down what it saw."""

import json
import sys
from pathlib import Path

import pandas as pd
import sagemaker
from botocore.exceptions import ClientError
from sagemaker.analytics import TrainingJobAnalytics
from sagemaker.estimator import Estimator
from sagemaker.tuner import (
    CategoricalParameter,
    ContinuousParameter,
    HyperbandStrategyConfig,
    HyperparameterTuner,
    IntegerParameter,
    StrategyConfig,
)

METRICS = [{"Name": "loss", "Regex": "loss=([0-9.]+)"}]


def session():
    return sagemaker.Session()


def inputs(of):
    uri = of.upload_string_as_file_body("1,2\n3,4\n", of.default_bucket(), "rows/rows.csv")
    return {"train": uri.rpartition("/")[0] + "/"}


def estimator(of, **changes):
    plain = {
        "image_uri": "recorder:1",
        "instance_count": 1,
        "instance_type": "ml.m5.large",
        "volume_size": 1,
        "sagemaker_session": of,
        "hyperparameters": {"rounds": 7},
        "environment": {"COLOUR": "blue"},
    }
    return Estimator(**{**plain, **changes})


def tuner(of, **changes):
    plain = {
        "estimator": estimator(of),
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
        "tags": [{"Key": "team", "Value": "north"}],
    }
    return HyperparameterTuner(**{**plain, **changes})


def fit():
    one = session()
    made = tuner(one)
    made.fit(inputs(one), wait=True, job_name="v2-fit")
    frame = made.analytics().dataframe()
    return {
        "status": made.describe()["HyperParameterTuningJobStatus"],
        "best": made.best_training_job(),
        "columns": sorted(frame.columns),
        "rows": len(frame),
        "lowest": frame.sort_values("FinalObjectiveValue").iloc[0]["TrainingJobName"],
        "ranges": made.analytics().tuning_ranges,
    }


def best_estimator():
    one = session()
    made = tuner(one)
    made.fit(inputs(one), job_name="v2-best")
    best = made.best_estimator()
    return {
        "best": made.best_training_job(),
        "model_data": best.model_data,
        "hyperparameters": best.hyperparameters(),
        "tags": best.tags,
    }


def attach():
    one = session()
    tuner(one).fit(inputs(one), job_name="v2-attach")
    attached = HyperparameterTuner.attach("v2-attach", sagemaker_session=one)
    attached.wait()
    return {
        "best": attached.best_training_job(),
        "static": attached.estimator.hyperparameters(),
        "ranges": sorted(attached.hyperparameter_ranges()["ContinuousParameterRanges"][0]),
        "image": attached.estimator.image_uri,
    }


def stop():
    one = session()
    made = tuner(one, max_jobs=50, max_parallel_jobs=1)
    made.fit(inputs(one), wait=False, job_name="v2-stop")
    made.stop_tuning_job()
    at_once = made.describe()["HyperParameterTuningJobStatus"]
    made.wait()
    made.stop_tuning_job()  # the SDK swallows the refusal
    return {"at_once": at_once, "status": made.describe()["HyperParameterTuningJobStatus"]}


def several():
    one = session()
    made = HyperparameterTuner.create(
        estimator_dict={"first": estimator(one), "second": estimator(one, hyperparameters={"rounds": 8})},
        objective_metric_name_dict={"first": "loss", "second": "loss"},
        hyperparameter_ranges_dict={
            "first": {"x": ContinuousParameter(0, 1)},
            "second": {"x": ContinuousParameter(0, 1)},
        },
        metric_definitions_dict={"first": METRICS, "second": METRICS},
        objective_type="Minimize",
        max_jobs=4,
        max_parallel_jobs=2,
    )
    given = {"first": inputs(one), "second": inputs(one)}
    made.fit(given, job_name="v2-several", include_cls_metadata={})
    frame = made.analytics().dataframe()
    return {
        "names": sorted(frame["TrainingJobDefinitionName"]),
        "best": made.best_training_job(),
        "rounds": made.best_estimator().hyperparameters()["rounds"],
    }


def hyperband():
    one = session()
    config = StrategyConfig(HyperbandStrategyConfig(max_resource=3, min_resource=1))
    made = tuner(one, strategy="Hyperband", strategy_config=config)
    made.fit(inputs(one), job_name="v2-hyperband")
    inferring = tuner(one, estimator=estimator(one, hyperparameters={"epochs": 3}), strategy="Hyperband")
    inferring.fit(inputs(one), job_name="v2-epochs")
    lacking = tuner(one, strategy="Hyperband")
    return {
        "refused": complaint(lambda: lacking.fit(inputs(one), job_name="v2-lacking")),
        "sent": config.to_input_req(),
        **{each.latest_tuning_job.name: each.describe() for each in (made, inferring)},
    }


def logs():
    one = session()
    made = estimator(one, metric_definitions=METRICS)
    made.fit(inputs(one), logs="All", job_name="v2-logs")
    frame = TrainingJobAnalytics("v2-logs", ["loss"], sagemaker_session=one).dataframe()
    again = Estimator.attach("v2-logs", sagemaker_session=one)
    return {
        "model_data": made.model_data,
        "attached": again.model_data,
        "metrics": [] if frame.empty else list(frame["metric_name"]),
        "hyperparameters": again.hyperparameters(),
    }


def complaint(of):
    try:
        of()
    except ClientError as error:
        return error.response["Error"]
    raise AssertionError("nothing was refused")


def warm_start():
    one = session()
    parent = tuner(one)
    parent.fit(inputs(one), job_name="v2-parent")
    identical = parent.identical_dataset_and_algorithm_tuner()
    refused = complaint(lambda: identical.fit(inputs(one), job_name="v2-forgotten"))
    identical.metric_definitions = METRICS  # the SDK's helper forgets them
    identical.fit(inputs(one), job_name="v2-identical")
    uri = one.upload_string_as_file_body("5,6\n", one.default_bucket(), "others/rows.csv")
    attached = HyperparameterTuner.attach("v2-identical", sagemaker_session=one)
    transfer = attached.transfer_learning_tuner(additional_parents={"v2-parent"}, estimator=estimator(one))
    transfer.metric_definitions = METRICS
    transfer.fit({"train": uri.rpartition("/")[0] + "/"}, job_name="v2-transfer")
    return {
        "refused": refused,
        **{each.latest_tuning_job.name: each.describe() for each in (parent, identical, transfer)},
    }


STORIES = [fit, best_estimator, attach, stop, several, hyperband, logs, warm_start]

if __name__ == "__main__":
    pd.set_option("display.width", 200)
    story = {each.__name__: each for each in STORIES}[sys.argv[1]]
    Path(sys.argv[2]).write_text(json.dumps(story(), default=str))
