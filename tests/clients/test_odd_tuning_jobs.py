"""Tuning jobs with too little to search or to learn from: each ends, and says the right thing."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from luthier_server import Luthier, a_luthier

pytestmark = [pytest.mark.slow]

PROGRAMS = Path(__file__).parent.parent / "algorithms"
SMALL = {"allow_small_spaces": "true", "allow_single_value_ranges": "true"}
NO_OBJECTIVE = "No objective metrics found after running"


@pytest.fixture(scope="module")
def luthier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Luthier]:
    """A server that takes spaces of any size."""
    folder = tmp_path_factory.mktemp("luthier")
    (folder / "data").mkdir()
    (folder / "data/luthier.toml").write_text("".join(f"{name} = {value}\n" for name, value in SMALL.items()))
    with a_luthier(folder) as server:
        server.add_image("saying:*", "python", "saying.py", code=PROGRAMS)
        server.client("s3").create_bucket(Bucket="stories")
        yield server


def tune(luthier: Luthier, name: str, says: Sequence[str], jobs: int | None, strategy: str = "Random", **x: str) -> str:
    """Create a tuning job over the words that training jobs report, and over *x* if it is given as low and high."""
    ranges: dict[str, Any] = {"CategoricalParameterRanges": [{"Name": "says", "Values": list(says)}]}
    if x:
        ranges["ContinuousParameterRanges"] = [{"Name": "x", "MinValue": x["low"], "MaxValue": x["high"]}]
    limits = {"MaxParallelTrainingJobs": 2} | ({} if jobs is None else {"MaxNumberOfTrainingJobs": jobs})
    luthier.client("sagemaker").create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name,
        HyperParameterTuningJobConfig={
            "Strategy": strategy,
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "loss"},
            "ResourceLimits": limits,
            "ParameterRanges": ranges,
        },
        TrainingJobDefinition={
            "AlgorithmSpecification": {
                "TrainingImage": "saying:1",
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": "loss", "Regex": r"loss=(\S+)"}],
            },
            "RoleArn": luthier.variables["LUTHIER_ROLE_ARN"],
            "OutputDataConfig": {"S3OutputPath": "s3://stories/output/"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        },
    )
    return name


@pytest.mark.parametrize("strategy", ["Random", "Bayesian"])
def test_an_objective_that_never_comes_fails_the_tuning_job_after_five(luthier: Luthier, strategy: str) -> None:
    job = luthier.wait_for(tune(luthier, f"silent-{strategy}", ["nothing"], 30, strategy, low="0", high="1"))

    assert job["HyperParameterTuningJobStatus"] == "Failed"
    assert job["FailureReason"].startswith(NO_OBJECTIVE)
    assert "BestTrainingJob" not in job
    assert 5 <= job["ObjectiveStatusCounters"]["Failed"] <= 6


def test_what_is_no_number_is_no_objective(luthier: Luthier) -> None:
    job = luthier.wait_for(tune(luthier, "nan", ["nan", "inf", "-inf"], None, "Grid"))

    assert job["HyperParameterTuningJobStatus"] == "Failed"
    assert job["FailureReason"].startswith(f"{NO_OBJECTIVE} 3 training jobs. ")


@pytest.mark.parametrize("strategy", ["Random", "Bayesian"])
def test_numbers_among_what_is_none_count(luthier: Luthier, strategy: str) -> None:
    """A training job that diverges in the end keeps the last number that it reported."""
    job = luthier.wait_for(tune(luthier, f"some-{strategy}", ["nan", "0.5 nan", "1e300", "nothing"], 8, strategy))

    assert job["HyperParameterTuningJobStatus"] == "Completed"
    assert job["BestTrainingJob"]["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] == 0.5
    assert job["ObjectiveStatusCounters"] == {"Succeeded": 2, "Pending": 0, "Failed": 2}


@pytest.mark.parametrize("strategy", ["Random", "Bayesian"])
def test_one_point_is_tried_once(luthier: Luthier, strategy: str) -> None:
    """A category with one value, and a range without width."""
    job = luthier.wait_for(tune(luthier, f"point-{strategy}", ["0.25"], 4, strategy, low="0.5", high="0.5"))

    assert (job["HyperParameterTuningJobStatus"], job["TrainingJobStatusCounters"]["Completed"]) == ("Completed", 1)
    assert job["BestTrainingJob"]["TunedHyperParameters"] == {"says": "0.25", "x": "0.5"}


def test_a_grid_of_another_size_is_refused_with_its_size(luthier: Luthier) -> None:
    with pytest.raises(ClientError, match="2") as caught:
        tune(luthier, "grid", ["1", "2"], 3, "Grid")

    assert caught.value.response["Error"]["Code"] == "ValidationException"


def test_objectives_that_are_all_equal_stop_no_search(luthier: Luthier) -> None:
    job = luthier.wait_for(tune(luthier, "equal", ["1"], 10, "Bayesian", low="0", high="1"))

    assert (job["HyperParameterTuningJobStatus"], job["TrainingJobStatusCounters"]["Completed"]) == ("Completed", 10)
