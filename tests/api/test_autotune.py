"""Tuning jobs that leave their ranges and limits to the service."""

from typing import Any

import pytest

from desk import Desk
from luthier.records.names import TuningJobArn
from luthier.records.search_space import CategoricalRange, ContinuousRange, IntegerRange, ParameterRange
from luthier.records.tuning_job import TuningSpecification
from sample import a_create_request, a_request_for_several

CONFIG = "HyperParameterTuningJobConfig"
RANGES = f"{CONFIG}__ParameterRanges"


def hints(**values: str) -> dict[str, Any]:
    return {"AutoParameters": [{"Name": name, "ValueHint": hint} for name, hint in values.items()]}


def a_request(**changes: Any) -> dict[str, Any]:
    """The sample's tuning job with nothing but a hint, of an image that nothing is known of."""
    plain: dict[str, Any] = {
        RANGES: hints(depth="10"),
        f"{CONFIG}__ResourceLimits": {"MaxParallelTrainingJobs": 2},
        "TrainingJobDefinition__StaticHyperParameters": {"epochs": "7"},
    }
    return a_create_request(**plain | {"Autotune": {"Mode": "Enabled"}} | changes)


def created(desk: Desk, request: dict[str, Any]) -> TuningSpecification:
    job = desk.store.tuning_jobs.get(TuningJobArn(desk.create(request)))
    assert job is not None
    return job.specification


def found(desk: Desk, **values: str) -> tuple[ParameterRange, ...]:
    [definition] = created(desk, a_request(**{RANGES: hints(**values)})).definitions
    return definition.space.ranges


def bounds(desk: Desk, **values: str) -> tuple[float | int, float | int]:
    [only] = found(desk, **values)
    assert isinstance(only, ContinuousRange | IntegerRange)
    return only.low, only.high


@pytest.mark.parametrize(
    ("hint", "kind", "low", "high"),
    [
        ("10", IntegerRange, 3, 40),
        ("1", IntegerRange, 1, 4),
        ("0", IntegerRange, 0, 10),
        ("-8", IntegerRange, -32, -2),
        ("0.125", ContinuousRange, 0.0125, 1.0),
        ("1e-3", ContinuousRange, 1e-4, 1e-2),
        ("0.0", ContinuousRange, 0.0, 1.0),
        ("2.5", ContinuousRange, 0.25, 25.0),
        ("-0.5", ContinuousRange, -5.0, -0.05),
    ],
)
def test_a_hint_becomes_a_range(desk: Desk, hint: str, kind: type, low: float, high: float) -> None:
    [only] = found(desk, x=hint)

    assert isinstance(only, kind)
    assert isinstance(only, ContinuousRange | IntegerRange)
    assert (only.low, only.high) == pytest.approx((low, high))


@pytest.mark.parametrize(("hint", "other"), [("true", "false"), ("False", "True"), ("TRUE", "FALSE")])
def test_a_flag_becomes_both_in_its_own_spelling(desk: Desk, hint: str, other: str) -> None:
    [only] = found(desk, x=hint)

    assert isinstance(only, CategoricalRange)
    assert only.choices == (hint, other)


def test_what_the_algorithm_knows_has_the_range_that_is_recommended(desk: Desk) -> None:
    depth, eta = found(desk, eta="0.2", max_depth="6")  # ranges of whole numbers come first

    assert isinstance(eta, ContinuousRange)
    assert (eta.low, eta.high) == (0.1, 0.5)
    assert isinstance(depth, IntegerRange)


def test_a_recommended_range_is_widened_to_hold_the_hint(desk: Desk) -> None:
    assert bounds(desk, learning_rate="0.01") == (0.01, 0.5)


@pytest.mark.parametrize(
    ("name", "hint"), [("optimizer", "adam"), ("sagemaker_container_log_level", "20"), ("_x", "1")]
)
def test_what_has_no_range_stays_as_it_is(desk: Desk, name: str, hint: str) -> None:
    [definition] = created(desk, a_request(**{RANGES: hints(depth="10", **{name: hint})})).definitions

    assert [each.name for each in definition.space.ranges] == ["depth"]
    assert definition.static_hyperparameters[name] == hint
    assert definition.static_hyperparameters["epochs"] == "7"


def test_what_is_left_out_is_filled_in(desk: Desk) -> None:
    specification = created(desk, a_request())

    assert specification.max_jobs == 20
    assert specification.stops_early
    assert specification.completes_on_convergence
    assert specification.definitions[0].training.max_retries == 1


def test_more_hyperparameters_get_more_training_jobs(desk: Desk) -> None:
    many = hints(**{f"x{place}": "0.5" for place in range(5)})

    assert created(desk, a_request(**{RANGES: many})).max_jobs == 50


def test_there_are_no_more_training_jobs_than_combinations(desk: Desk) -> None:
    assert created(desk, a_request(**{RANGES: hints(x="1", y="true")})).max_jobs == 8


def test_what_is_given_is_kept(desk: Desk) -> None:
    own = {"IntegerParameterRanges": [{"Name": "width", "MinValue": "1", "MaxValue": "9"}]}
    specification = created(
        desk,
        a_request(
            **{
                RANGES: own | hints(depth="10"),
                f"{CONFIG}__ResourceLimits": {"MaxParallelTrainingJobs": 2, "MaxNumberOfTrainingJobs": 7},
                f"{CONFIG}__TrainingJobEarlyStoppingType": "Off",
                f"{CONFIG}__TuningJobCompletionCriteria": {
                    "ConvergenceDetected": {"CompleteOnConvergence": "Disabled"}
                },
                "TrainingJobDefinition__RetryStrategy": {"MaximumRetryAttempts": 3},
            }
        ),
    )

    assert (specification.max_jobs, specification.stops_early) == (7, False)
    assert not specification.completes_on_convergence
    assert specification.definitions[0].training.max_retries == 3
    assert [each.name for each in specification.definitions[0].space.ranges] == ["width", "depth"]


def test_describe_shows_what_was_chosen(desk: Desk) -> None:
    desk.create(a_request())

    described = desk.ask("DescribeHyperParameterTuningJob", HyperParameterTuningJobName="MyTuningJob")

    assert described["Autotune"] == {"Mode": "Enabled"}
    assert described[CONFIG]["ParameterRanges"]["AutoParameters"] == [{"Name": "depth", "ValueHint": "10"}]
    assert described[CONFIG]["ParameterRanges"]["IntegerParameterRanges"] == [
        {"Name": "depth", "MinValue": "3", "MaxValue": "40", "ScalingType": "Auto"}
    ]
    assert described[CONFIG]["ResourceLimits"]["MaxNumberOfTrainingJobs"] == 20


def test_several_definitions_have_hints_of_their_own(desk: Desk) -> None:
    request = a_request_for_several(
        Autotune={"Mode": "Enabled"}, TrainingJobDefinitions__0__HyperParameterRanges=hints(depth="10")
    )

    first = created(desk, request).definitions[0]

    assert [each.name for each in first.space.ranges] == ["depth"]


def refused(desk: Desk, **changes: Any) -> str:
    error = desk.refusal_to_create(a_request(**changes))
    assert error.code == "ValidationException"
    return error.message


def test_hints_without_autotune_are_refused(desk: Desk) -> None:
    request = a_request()
    del request["Autotune"]

    assert "AutoParameters, 'depth', need Autotune" in desk.refusal_to_create(request).message


def test_a_hint_for_what_is_given_elsewhere_is_refused(desk: Desk) -> None:
    assert "'epochs' is given elsewhere too" in refused(desk, **{RANGES: hints(epochs="10")})


def test_what_is_wrong_with_one_of_several_is_told_with_its_place(desk: Desk) -> None:
    request = a_request_for_several(
        Autotune={"Mode": "Enabled"}, TrainingJobDefinitions__1__HyperParameterRanges=hints(optimizer="adam")
    )

    said = desk.refusal_to_create(request).message

    assert "give at least 1" in said
    assert said.count("(in TrainingJobDefinitions[1]") == 1


def test_nothing_to_tune_is_refused(desk: Desk) -> None:
    assert "give at least 1" in refused(desk, **{RANGES: hints(optimizer="adam")})
