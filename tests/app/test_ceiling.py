"""The most that a request can use and cost."""

from typing import Any

from luthier.app.ceiling import ceiling
from luthier.records.prices import Prices

CREATE = "CreateHyperParameterTuningJob"


def a_definition(name: str = "only", instances: int = 2) -> dict[str, Any]:
    return {
        "DefinitionName": name,
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": instances, "VolumeSizeInGB": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 1800},
    }


def a_request(**limits: int) -> dict[str, Any]:
    resources = {"MaxNumberOfTrainingJobs": 10, "MaxParallelTrainingJobs": 2, **limits}
    return {
        "HyperParameterTuningJobConfig": {"ResourceLimits": resources},
        "TrainingJobDefinition": a_definition(),
    }


def test_every_training_job_may_run_to_its_limit_on_all_its_instances() -> None:
    assert ceiling(CREATE, a_request(), None) == ["At most: 10 of ml.m5.large instance hours"]


def test_the_tuning_jobs_own_time_is_a_limit_too() -> None:
    """An hour, two at a time, on two instances each."""
    assert ceiling(CREATE, a_request(MaxRuntimeInSeconds=3600), None) == ["At most: 4 of ml.m5.large instance hours"]


def test_prices_make_it_a_cost() -> None:
    prices = Prices(per_hour={"ml.m5.large": 0.25}, currency="USD")

    assert ceiling(CREATE, a_request(), prices) == ["At most: 10 of ml.m5.large instance hours, 2.50 USD on AWS"]


def test_each_of_several_definitions_may_have_all_training_jobs() -> None:
    request = {**a_request(), "TrainingJobDefinitions": [a_definition("one", 1), a_definition("two", 2)]}

    assert ceiling(CREATE, request, None) == [
        "At most, if all are of one: 5 of ml.m5.large instance hours",
        "At most, if all are of two: 10 of ml.m5.large instance hours",
    ]


def test_a_training_job_on_its_own_is_one() -> None:
    assert ceiling("CreateTrainingJob", a_definition(), None) == ["At most: 1 of ml.m5.large instance hours"]


def test_nothing_is_said_of_what_uses_nothing() -> None:
    assert ceiling("StopTrainingJob", {"TrainingJobName": "t"}, None) == []


def test_a_grid_has_as_many_training_jobs_as_combinations() -> None:
    request = a_request()
    config = request["HyperParameterTuningJobConfig"]
    del config["ResourceLimits"]["MaxNumberOfTrainingJobs"]
    config["Strategy"] = "Grid"
    config["ParameterRanges"] = {"CategoricalParameterRanges": [{"Name": "kind", "Values": ["a", "b", "c"]}]}

    assert ceiling(CREATE, request, None) == ["At most: 3 of ml.m5.large instance hours"]
