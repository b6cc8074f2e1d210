"""The tuning job that AWS's developer guide creates with boto3, with nothing changed but endpoint, role and bucket."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from luthier_server import a_luthier
from sample import a_create_request

pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    with a_luthier(tmp_path_factory.mktemp("luthier")) as server:
        s3 = server.client("s3")
        s3.create_bucket(Bucket="data")
        rng = np.random.default_rng(1)
        for channel, count in (("train", 400), ("validation", 200)):
            features = rng.normal(size=(count, 6))
            labels = features[:, 0] + features[:, 1] ** 2 + rng.normal(size=count) > 1
            rows = "\n".join(",".join(map(str, row)) for row in np.column_stack([labels.astype(int), features]))
            s3.put_object(Bucket="data", Key=f"xgboost/{channel}/{channel}.csv", Body=rows.encode())
        request = a_create_request(HyperParameterTuningJobConfig__ResourceLimits__MaxNumberOfTrainingJobs=6)
        server.client("sagemaker").create_hyper_parameter_tuning_job(**request)
        yield server.wait_for("MyTuningJob")


def test_it_completes(finished: dict[str, Any]) -> None:
    assert finished["HyperParameterTuningJobStatus"] == "Completed", finished.get("FailureReason")
    assert finished["TrainingJobStatusCounters"]["Completed"] == 6


def test_its_best_training_job_beats_chance(finished: dict[str, Any]) -> None:
    assert finished["BestTrainingJob"]["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] > 0.6


def test_it_is_found_whatever_the_case_of_its_name(finished: dict[str, Any]) -> None:
    assert finished["HyperParameterTuningJobArn"].endswith("hyper-parameter-tuning-job/mytuningjob")


def test_the_objective_is_among_the_static_hyperparameters(finished: dict[str, Any]) -> None:
    static = finished["TrainingJobDefinition"]["StaticHyperParameters"]

    assert static["_tuning_objective_metric"] == "validation:auc"
