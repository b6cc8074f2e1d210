"""A story of the SageMaker Python SDK, version 2: `sdk_v2_algorithm.py ALGORITHM_ARN FACTS` tunes an algorithm."""

import json
import sys
from pathlib import Path

import sagemaker
from sagemaker import AlgorithmEstimator
from sagemaker.tuner import ContinuousParameter, HyperparameterTuner


def complaint(of):
    try:
        of()
    except ValueError as error:
        return str(error)
    raise AssertionError("nothing was refused")


def tell(arn):
    session = sagemaker.Session()
    uri = session.upload_string_as_file_body("1,2\n", session.default_bucket(), "forest/rows.csv")
    estimator = AlgorithmEstimator(
        algorithm_arn=arn,
        instance_count=1,
        instance_type="ml.m5.large",
        volume_size=1,
        sagemaker_session=session,
        hyperparameters={"rounds": 7, "x": 0.5},
    )
    tuner = HyperparameterTuner(
        estimator=estimator,
        objective_metric_name="loss",
        objective_type="Minimize",
        hyperparameter_ranges={"x": ContinuousParameter(0.2, 0.4)},
        max_jobs=2,
        max_parallel_jobs=2,
    )
    tuner.fit({"train": uri}, job_name="v2-algorithm")
    specification = tuner.describe()["TrainingJobDefinition"]["AlgorithmSpecification"]
    return {
        "out_of_range": complaint(lambda: estimator.set_hyperparameters(x=1.5)),
        "unknown_channel": complaint(lambda: estimator.fit({"test": uri})),
        "names": {name: specification[name] for name in specification if name in ("AlgorithmName", "TrainingImage")},
        "best": tuner.best_training_job(),
    }


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(tell(sys.argv[1])), encoding="utf-8")
