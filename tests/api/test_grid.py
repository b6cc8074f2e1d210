"""Tuning jobs that try every combination."""

from typing import Any

import pytest

from desk import Desk
from luthier.records.names import TuningJobArn
from luthier.records.tuning_job import TuningSpecification
from sample import a_create_request, a_request_for_several

CONFIG = "HyperParameterTuningJobConfig"
MOST = f"{CONFIG}__ResourceLimits__MaxNumberOfTrainingJobs"
BOOSTERS = {"Name": "booster", "Values": ["gbtree", "dart", "gblinear"]}
METHODS = {"Name": "tree_method", "Values": ["hist", "exact"]}
GRID = {
    f"{CONFIG}__Strategy": "Grid",
    f"{CONFIG}__ParameterRanges": {"CategoricalParameterRanges": [BOOSTERS, METHODS]},
    MOST: ...,
}


def created(desk: Desk, **changes: Any) -> TuningSpecification:
    job = desk.store.tuning_jobs.get(TuningJobArn(desk.create(a_create_request(**GRID | changes))))
    assert job is not None
    return job.specification


def message(desk: Desk, **changes: Any) -> str:
    error = desk.refusal_to_create(a_create_request(**GRID | changes))
    assert error.code == "ValidationException"
    return error.message


def test_a_grid_has_as_many_training_jobs_as_combinations(desk: Desk) -> None:
    specification = created(desk)

    assert (specification.strategy, specification.max_jobs) == ("Grid", 6)


def test_describe_shows_how_many_there_will_be(desk: Desk) -> None:
    """Clients read it without asking whether it is there."""
    created(desk)

    described = desk.ask("DescribeHyperParameterTuningJob", HyperParameterTuningJobName="MyTuningJob")

    assert described[CONFIG]["ResourceLimits"]["MaxNumberOfTrainingJobs"] == 6


def test_the_right_number_may_be_given(desk: Desk) -> None:
    assert created(desk, **{MOST: 6}).max_jobs == 6


@pytest.mark.parametrize("count", [5, 7])
def test_another_number_is_refused_with_the_right_one(desk: Desk, count: int) -> None:
    said = message(desk, **{MOST: count})

    assert f"is {count}" in said
    assert "or write 6" in said


def test_ranges_of_numbers_are_refused_by_name(desk: Desk) -> None:
    depths = [{"Name": "max_depth", "MinValue": "1", "MaxValue": "3"}]

    said = message(desk, **{f"{CONFIG}__ParameterRanges__IntegerParameterRanges": depths})

    assert "'max_depth' is a range of numbers" in said


def test_combinations_of_all_definitions_count(desk: Desk) -> None:
    request = a_request_for_several(
        **{
            f"{CONFIG}__Strategy": "Grid",
            MOST: ...,
            "TrainingJobDefinitions__0__HyperParameterRanges": {"CategoricalParameterRanges": [BOOSTERS]},
            "TrainingJobDefinitions__1__HyperParameterRanges": {"CategoricalParameterRanges": [METHODS]},
        }
    )

    job = desk.store.tuning_jobs.get(TuningJobArn(desk.create(request)))

    assert job is not None
    assert job.specification.max_jobs == 5


def test_other_strategies_have_to_be_told_how_many(desk: Desk) -> None:
    assert "is required for the strategy Random" in message(desk, **{f"{CONFIG}__Strategy": "Random"})
