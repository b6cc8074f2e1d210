"""Tuning jobs of an algorithm resource: what they run, what they are given, and what is refused."""

from typing import Any

import pytest

from algorithm_sample import a_tuning_of, an_algorithm
from desk import BROKEN, OWN_IMAGE, Desk
from luthier.records.names import training_job_arn, tuning_job_arn
from luthier.records.tuning_job import TuningDefinition
from sample import IMAGE, put
from things import SCOPE

ARN = "arn:aws:sagemaker:us-east-1:000000000000:algorithm/forest"
ALGORITHM = "TrainingJobDefinition__AlgorithmSpecification"
STATIC = "TrainingJobDefinition__StaticHyperParameters"


@pytest.fixture(autouse=True)
def _forest(desk: Desk) -> None:
    desk.ask("CreateAlgorithm", **an_algorithm("Forest"))


def described(desk: Desk, request: dict[str, Any]) -> Any:
    desk.create(request)
    name = request["HyperParameterTuningJobName"]
    return desk.ask("DescribeHyperParameterTuningJob", HyperParameterTuningJobName=name)["TrainingJobDefinition"]


def stored(desk: Desk, request: dict[str, Any]) -> TuningDefinition:
    desk.create(request)
    job = desk.store.tuning_jobs.get(tuning_job_arn(SCOPE, request["HyperParameterTuningJobName"]))
    assert job is not None
    return job.specification.definitions[0]


def refusal(desk: Desk, request: dict[str, Any]) -> str:
    error = desk.refusal_to_create(request)
    assert error.code == "ValidationException"
    return error.message


@pytest.mark.parametrize("named", ["Forest", "forest", ARN])
def test_an_algorithm_runs_its_image(desk: Desk, named: str) -> None:
    assert stored(desk, a_tuning_of(named)).training.image == OWN_IMAGE


def test_the_metric_definitions_are_the_algorithms(desk: Desk) -> None:
    specification = described(desk, a_tuning_of())["AlgorithmSpecification"]

    assert specification["MetricDefinitions"] == [{"Name": "loss", "Regex": "loss=([0-9.]+)"}]


@pytest.mark.parametrize("named", ["Forest", ARN])
def test_describe_names_the_algorithm_as_the_caller_did(desk: Desk, named: str) -> None:
    specification = described(desk, a_tuning_of(named))["AlgorithmSpecification"]

    assert specification["AlgorithmName"] == named
    assert "TrainingImage" not in specification


def test_describe_shows_the_defaults(desk: Desk) -> None:
    assert described(desk, a_tuning_of())["StaticHyperParameters"] == {
        "rounds": "5",
        "booster": "tree",
        "_tuning_objective_metric": "loss",
    }


def test_training_jobs_get_the_defaults(desk: Desk) -> None:
    assert stored(desk, a_tuning_of()).static_hyperparameters["booster"] == "tree"


def test_an_image_with_metrics_of_its_own_keeps_them(desk: Desk) -> None:
    boosted = an_algorithm(
        "boosted",
        TrainingSpecification__TrainingImage=IMAGE,
        TrainingSpecification__SupportedTuningJobObjectiveMetrics=[
            {"Type": "Maximize", "MetricName": "validation:auc"}
        ],
    )
    desk.ask("CreateAlgorithm", **boosted)

    objective = {"Type": "Maximize", "MetricName": "validation:auc"}
    request = a_tuning_of("boosted", HyperParameterTuningJobConfig__HyperParameterTuningJobObjective=objective)

    names = {each["Name"] for each in described(desk, request)["AlgorithmSpecification"]["MetricDefinitions"]}
    assert {"loss", "validation:auc", "ObjectiveMetric"} <= names


def test_an_algorithm_that_is_not_there_is_not_tuned(desk: Desk) -> None:
    missing = ARN.replace("forest", "oak")

    assert refusal(desk, a_tuning_of("Oak")) == f"Algorithm {missing} does not exist."


def test_an_image_and_an_algorithm_are_too_much(desk: Desk) -> None:
    message = refusal(desk, a_tuning_of(**{f"{ALGORITHM}__TrainingImage": OWN_IMAGE}))

    assert message.startswith("You must specify either the algorithm name to the AlgorithmName parameter or the image")
    assert "and not both" in message


def test_neither_an_image_nor_an_algorithm_is_too_little(desk: Desk) -> None:
    message = refusal(desk, a_tuning_of(**{f"{ALGORITHM}__AlgorithmName": ...}))

    assert message.startswith("You must specify either the algorithm name to the AlgorithmName parameter or the image")


def test_an_algorithms_metric_definitions_are_not_overridden(desk: Desk) -> None:
    own = [{"Name": "loss", "Regex": "(.*)"}]

    message = refusal(desk, a_tuning_of(**{f"{ALGORITHM}__MetricDefinitions": own}))

    assert "Please retry the request without specifying metric definitions." in message


def test_no_metric_definitions_override_nothing(desk: Desk) -> None:
    assert described(desk, a_tuning_of(**{f"{ALGORITHM}__MetricDefinitions": []}))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({STATIC: {}}, "'rounds' is required"),
        ({f"{STATIC}__depth": "5"}, "both in ParameterRanges and in StaticHyperParameters"),
        ({f"{STATIC}__speed": "5"}, "'speed' is not supported"),
        ({"TrainingJobDefinition__ResourceConfig__InstanceType": "ml.c4.2xlarge"}, "InstanceType ml.c4.2xlarge"),
        ({"TrainingJobDefinition__InputDataConfig__0__ContentType": "csv"}, "the ContentType 'csv'"),
        (
            {"HyperParameterTuningJobConfig__HyperParameterTuningJobObjective__Type": "Maximize"},
            "choose one of ['Minimize loss']",
        ),
        (
            {"HyperParameterTuningJobConfig__ParameterRanges__IntegerParameterRanges__0__MaxValue": "11"},
            "from 1 to 11, beyond what the algorithm supports",
        ),
    ],
)
def test_a_tuning_job_keeps_to_its_algorithm(desk: Desk, change: dict[str, Any], complaint: str) -> None:
    message = refusal(desk, a_tuning_of(**change))

    assert complaint in message
    assert desk.ask("ListHyperParameterTuningJobs")["HyperParameterTuningJobSummaries"] == []


def test_an_image_that_cannot_be_run_makes_no_algorithm(desk: Desk) -> None:
    error = desk.refusal("CreateAlgorithm", **an_algorithm(TrainingSpecification__TrainingImage="x/broken:1"))

    assert (error.code, str(BROKEN.problem) in error.message) == ("ValidationException", True)


def a_training_of(algorithm: str = "forest", **changes: Any) -> dict[str, Any]:
    """Give a CreateTrainingJob request that gives depth, and leaves eta and booster to their defaults."""
    definition = a_tuning_of(algorithm)["TrainingJobDefinition"]
    del definition["StaticHyperParameters"]
    request = {**definition, "TrainingJobName": "train", "HyperParameters": {"rounds": "5", "depth": "2"}}
    for path, value in changes.items():
        put(request, path.replace("__", "."), value)
    return request


def test_a_training_job_gets_the_defaults(desk: Desk) -> None:
    desk.ask("CreateTrainingJob", **a_training_of())

    told = desk.ask("DescribeTrainingJob", TrainingJobName="train")

    assert told["HyperParameters"] == {"rounds": "5", "depth": "2", "eta": "0.5", "booster": "tree"}
    assert told["AlgorithmSpecification"]["AlgorithmName"] == "forest"
    assert told["AlgorithmSpecification"]["MetricDefinitions"] == [{"Name": "loss", "Regex": "loss=([0-9.]+)"}]


def test_a_training_job_runs_the_algorithms_image(desk: Desk) -> None:
    desk.ask("CreateTrainingJob", **a_training_of())

    job = desk.store.training_jobs.get(training_job_arn(SCOPE, "train"))

    assert job is not None
    assert job.definition.image == OWN_IMAGE


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"HyperParameters": {}}, "'rounds' is required"),
        ({"HyperParameters__depth": "11"}, "write a whole number from 1 to 10"),
        ({"ResourceConfig__InstanceType": "ml.c4.2xlarge"}, "InstanceType ml.c4.2xlarge"),
        ({"AlgorithmSpecification__TrainingImage": OWN_IMAGE}, "and not both"),
        ({"AlgorithmSpecification__MetricDefinitions": [{"Name": "a", "Regex": "(.)"}]}, "You can't override"),
    ],
)
def test_a_training_job_keeps_to_its_algorithm(desk: Desk, change: dict[str, Any], complaint: str) -> None:
    error = desk.refusal("CreateTrainingJob", **a_training_of(**change))

    assert (error.code, complaint in error.message) == ("ValidationException", True)


def test_an_algorithm_of_a_training_job_is_in_use(desk: Desk) -> None:
    desk.ask("CreateTrainingJob", **a_training_of(ARN))

    assert desk.refusal("DeleteAlgorithm", AlgorithmName="forest").code == "ConflictException"


def test_a_search_knows_the_defaults_of_the_algorithm(desk: Desk) -> None:
    """Of what is tuned; the others fill in what was left out."""
    assert stored(desk, a_tuning_of()).space.defaults == {"eta": 0.5}
