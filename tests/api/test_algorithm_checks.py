"""What an algorithm resource supports, held against what training jobs ask for: every rule, on both sides."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from algorithm_sample import an_algorithm
from luthier.api.algorithm_checks import check_against
from luthier.api.algorithm_definition import supported_definition, supported_members
from luthier.api.algorithm_support import completed_support, parse_support
from luthier.api.definitions import GivenDefinition
from luthier.records.algorithm_resource import TrainingSupport
from luthier.records.call import ApiError
from luthier.records.search_space import (
    CategoricalRange,
    ContinuousRange,
    IntegerRange,
    ParameterRange,
    SearchSpace,
)
from luthier.records.tuning_job import Objective, ObjectiveType

LOSS = Objective(type=ObjectiveType.MINIMIZE, metric="loss")
TRAIN = {"ChannelName": "train", "ContentType": "text/csv"}


def support(**changes: Any) -> TrainingSupport:
    return parse_support(completed_support(an_algorithm(**changes)["TrainingSpecification"]))


def checked(known: TrainingSupport | None = None, *ranges: ParameterRange, **changes: Any) -> Mapping[str, str]:
    """Give the static hyperparameters of a training job, or of a tuning job where there are ranges."""
    asked: dict[str, Any] = {
        "static": {"rounds": "5"},
        "space": SearchSpace(ranges=ranges) if ranges else None,
        "instance_types": ["ml.m5.large"],
        "instance_count": 1,
        "channels": [TRAIN],
        "input_mode": "File",
        "objective": LOSS if ranges else None,
    }
    return check_against(known or support(), **{**asked, **changes})


def refusal(known: TrainingSupport | None = None, *ranges: ParameterRange, **changes: Any) -> str:
    with pytest.raises(ApiError) as caught:
        checked(known, *ranges, **changes)
    assert caught.value.code == "ValidationException"
    return caught.value.message


def static(**values: str) -> dict[str, Any]:
    return {"static": {"rounds": "5", **values}}


def whole(low: int, high: int, name: str = "depth") -> IntegerRange:
    return IntegerRange(name=name, low=low, high=high)


def real(low: float, high: float, name: str = "eta") -> ContinuousRange:
    return ContinuousRange(name=name, low=low, high=high)


def test_defaults_fill_in_what_was_left_out() -> None:
    assert checked() == {"rounds": "5", "eta": "0.5", "booster": "tree"}


def test_what_is_given_wins_over_the_default() -> None:
    assert checked(**static(eta="0.7"))["eta"] == "0.7"


def test_what_is_tuned_gets_no_default() -> None:
    assert "eta" not in checked(None, real(0.2, 0.3))


def test_a_required_hyperparameter_must_be_given() -> None:
    assert "'rounds' is required by the algorithm and not given" in refusal(static={})


def test_a_required_hyperparameter_may_be_tuned_instead() -> None:
    known = support(TrainingSpecification__SupportedHyperParameters__1__IsRequired=True)

    assert "depth" not in checked(known, whole(1, 2))
    assert "'depth' is required" in refusal(known)


def test_a_required_hyperparameter_with_a_default_gets_it() -> None:
    known = support(TrainingSpecification__SupportedHyperParameters__3__DefaultValue="9")

    assert checked(known, static={})["rounds"] == "9"


def test_an_unknown_hyperparameter_is_refused() -> None:
    assert refusal(**static(speed="3")).startswith("The hyperparameter 'speed' is not supported by the algorithm")
    assert "'speed' is not supported" in refusal(None, whole(1, 2, "speed"))


def test_an_algorithm_without_hyperparameters_takes_none() -> None:
    known = support(TrainingSpecification__SupportedHyperParameters=...)

    assert checked(known, static={}) == {}
    assert "'eta' is not supported" in refusal(known, static={"eta": "0.5"})


def test_the_objectives_hyperparameter_is_the_services_own() -> None:
    assert checked(**static(_tuning_objective_metric="loss"))["_tuning_objective_metric"] == "loss"


@pytest.mark.parametrize(
    "values",
    [{"depth": "1"}, {"depth": "10"}, {"eta": "0.1"}, {"eta": "9e-1"}, {"booster": "line"}, {"rounds": "-3"}],
)
def test_a_value_within_the_algorithms_range_is_taken(values: dict[str, str]) -> None:
    assert checked(**static(**values)).items() >= values.items()


@pytest.mark.parametrize(
    ("values", "remedy"),
    [
        ({"depth": "0"}, "write a whole number from 1 to 10"),
        ({"depth": "11"}, "write a whole number from 1 to 10"),
        ({"eta": "0.09"}, "write a number from 0.1 to 0.9"),
        ({"eta": "0.91"}, "write a number from 0.1 to 0.9"),
        ({"booster": "Tree"}, "write one of ['tree', 'line']"),
    ],
)
def test_a_value_must_lie_in_the_algorithms_range(values: dict[str, str], remedy: str) -> None:
    ((name, value),) = values.items()

    message = refusal(**static(**values))

    assert message == f"The hyperparameter {name!r} is {value!r}, which the algorithm does not support; {remedy}."


@pytest.mark.parametrize(
    "values",
    [{"depth": "2.0"}, {"depth": ""}, {"depth": " 2"}, {"rounds": "many"}, {"eta": "nan"}, {"eta": "half"}],
)
def test_a_value_must_be_of_the_algorithms_type(values: dict[str, str]) -> None:
    assert "which the algorithm does not support; write a" in refusal(**static(**values))


@pytest.mark.parametrize("value", ["", "nan", "\0", "字", "9" * 2500])
def test_free_text_is_any_text(value: str) -> None:
    assert checked(**static(note=value))["note"] == value


def test_a_number_as_long_as_the_wire_allows_is_read() -> None:
    assert checked(static={"rounds": "9" * 2500})["rounds"] == "9" * 2500


@pytest.mark.parametrize("asked", [whole(1, 10), whole(9, 10), real(0.1, 0.9), real(0.1, 0.2)])
def test_a_range_within_the_algorithms_is_searched(asked: ParameterRange) -> None:
    assert asked.name not in checked(None, asked)


@pytest.mark.parametrize("asked", [whole(0, 10), whole(1, 11), real(0.09, 0.9), real(0.1, 0.91)])
def test_a_range_beyond_the_algorithms_is_refused(asked: ParameterRange) -> None:
    message = refusal(None, asked)

    assert f"ParameterRanges tunes the hyperparameter {asked.name!r}" in message
    assert "beyond what the algorithm supports; keep within a" in message


def test_any_range_of_its_type_will_do_where_the_algorithm_has_none() -> None:
    known = support(TrainingSpecification__SupportedHyperParameters__1__Range=...)

    assert "depth" not in checked(known, whole(-500, 500))


def test_categories_must_be_the_algorithms() -> None:
    known = support(TrainingSpecification__SupportedHyperParameters__2__IsTunable=True)

    assert "booster" not in checked(known, CategoricalRange(name="booster", choices=("line", "tree")))
    assert "over ['bush']" in refusal(known, CategoricalRange(name="booster", choices=("line", "bush")))


def test_only_what_is_tunable_can_be_tuned() -> None:
    assert "which the algorithm does not let be tuned" in refusal(None, whole(1, 9, "rounds"), static={})


@pytest.mark.parametrize(
    "asked",
    [real(1.0, 2.0, "depth"), whole(0, 1, "eta"), CategoricalRange(name="depth", choices=("1", "2"))],
)
def test_a_range_must_be_of_the_algorithms_type(asked: ParameterRange) -> None:
    assert "give a range of that type" in refusal(None, asked)


@pytest.mark.parametrize(
    "objective",
    [Objective(type=ObjectiveType.MAXIMIZE, metric="loss"), Objective(type=ObjectiveType.MINIMIZE, metric="Loss")],
)
def test_the_objective_must_be_supported_with_its_direction(objective: Objective) -> None:
    message = refusal(None, whole(1, 2), objective=objective)

    assert "is not among the SupportedTuningJobObjectiveMetrics of the algorithm" in message
    assert "choose one of ['Minimize loss']" in message


def test_an_algorithm_without_objectives_is_not_tuned() -> None:
    known = support(TrainingSpecification__SupportedTuningJobObjectiveMetrics=...)

    assert checked(known)
    assert "SupportedTuningJobObjectiveMetrics" in refusal(known, whole(1, 2))


def test_the_instance_type_must_be_supported() -> None:
    assert checked(instance_types=["ml.m5.large", "ml.c5.xlarge"])
    assert "The InstanceType ml.c4.xlarge is not supported" in refusal(instance_types=["ml.m5.large", "ml.c4.xlarge"])


def test_several_instances_need_support_for_distributed_training() -> None:
    distributed = support(TrainingSpecification__SupportsDistributedTraining=True)

    assert checked(distributed, instance_count=2)
    assert "InstanceCount is 2" in refusal(instance_count=2)


def test_an_unknown_channel_is_refused() -> None:
    assert "the channel 'test' is not supported" in refusal(channels=[TRAIN, {"ChannelName": "test"}])


def test_a_required_channel_must_be_given() -> None:
    assert checked(channels=[TRAIN])
    assert "the channel 'train' is required by the algorithm; add it" in refusal(channels=[])


def test_a_channels_content_type_must_be_supported() -> None:
    other = {**TRAIN, "ContentType": "text/csv;header=0"}

    assert "the ContentType 'text/csv;header=0'" in refusal(channels=[other])


@pytest.mark.parametrize(
    "channel", [{"ChannelName": "train"}, {"ChannelName": "train", "ContentType": ""}, {**TRAIN, "InputMode": "File"}]
)
def test_a_channel_need_not_say_its_content_type(channel: dict[str, str]) -> None:
    assert checked(channels=[channel])


def test_a_channel_without_content_types_takes_any() -> None:
    assert checked(channels=[TRAIN, {"ChannelName": "validation", "ContentType": "image/png"}])


def test_a_channels_compression_must_be_supported() -> None:
    """None is no compression, which the list of compression types is not about."""
    plain = {"ChannelName": "validation", "CompressionType": "None"}

    assert checked(channels=[{**TRAIN, "CompressionType": "Gzip"}, plain])
    assert "the CompressionType 'Gzip'" in refusal(channels=[TRAIN, {**plain, "CompressionType": "Gzip"}])


def test_a_channels_input_mode_must_be_supported() -> None:
    piped = {"ChannelName": "validation", "InputMode": "Pipe"}

    assert checked(channels=[TRAIN, piped])
    assert "the channel 'train' has the InputMode 'Pipe'" in refusal(channels=[{**TRAIN, "InputMode": "Pipe"}])
    assert "the channel 'train' has the InputMode 'Pipe'" in refusal(input_mode="Pipe")


def test_there_is_room_for_the_objectives_hyperparameter() -> None:
    known = support()
    more = {f"n{place}": replace(known.hyperparameters["booster"], name=f"n{place}") for place in range(95)}
    roomy = replace(known, hyperparameters={**known.hyperparameters, **more})
    full = replace(roomy, hyperparameters={**roomy.hyperparameters, "note": replace(more["n0"], name="note")})

    assert len(checked(roomy, whole(1, 2))) == 98
    assert "would get 101 hyperparameters" in refusal(full, whole(1, 2))
    assert len(checked(full, **static(depth="3"))) == 100


@pytest.mark.parametrize(
    ("resources", "complaint"),
    [
        ({"ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1}}, None),
        ({"ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 2}}, "InstanceCount is 2"),
        ({"ResourceConfig": {"InstanceType": "ml.c4.xlarge", "InstanceCount": 1}}, "InstanceType ml.c4.xlarge"),
        ({"HyperParameterTuningResourceConfig": {"InstanceType": "ml.c4.xlarge"}}, "InstanceType ml.c4.xlarge"),
        (
            {
                "HyperParameterTuningResourceConfig": {
                    "InstanceConfigs": [{"InstanceType": "ml.m5.large", "InstanceCount": 3}]
                }
            },
            "InstanceCount is 3",
        ),
        (
            {"ResourceConfig": {"InstanceGroups": [{"InstanceType": "ml.m5.large", "InstanceCount": 1}] * 2}},
            "InstanceCount is 2",
        ),
    ],
)
def test_all_ways_of_asking_for_instances_are_seen(resources: dict[str, Any], complaint: str | None) -> None:
    definition = {
        "AlgorithmSpecification": {"AlgorithmName": "forest", "TrainingInputMode": "File"},
        "HyperParameters": {"rounds": "1"},
        "InputDataConfig": [TRAIN],
        **resources,
    }

    if complaint is None:
        assert supported_definition(support(), definition, "HyperParameters")["HyperParameters"]
    else:
        with pytest.raises(ApiError, match=complaint):
            supported_definition(support(), definition, "HyperParameters")


def test_an_image_by_itself_takes_anything() -> None:
    definition = {"StaticHyperParameters": {"what": "ever"}}

    assert supported_definition(None, definition, "StaticHyperParameters") is definition


def test_it_is_told_which_of_several_definitions_is_wrong() -> None:
    given = GivenDefinition(
        members={"DefinitionName": "second", "AlgorithmSpecification": {"TrainingInputMode": "File"}},
        objective={"Type": "Minimize", "MetricName": "loss"},
        ranges={"IntegerParameterRanges": [{"Name": "depth", "MinValue": "1", "MaxValue": "11"}]},
        place=1,
    )

    with pytest.raises(ApiError, match=r"keep within .* \(in TrainingJobDefinitions\[1\], 'second'\)"):
        supported_members(support(), given, allows_single_values=False)


@pytest.mark.parametrize("allowed", [True, False])
def test_a_range_of_one_value_is_a_matter_of_the_setting(*, allowed: bool) -> None:
    given = GivenDefinition(
        members={
            "AlgorithmSpecification": {"TrainingInputMode": "File"},
            "StaticHyperParameters": {"rounds": "1"},
            "ResourceConfig": {"InstanceType": "ml.m5.large"},
            "InputDataConfig": [TRAIN],
        },
        objective={"Type": "Minimize", "MetricName": "loss"},
        ranges={"IntegerParameterRanges": [{"Name": "depth", "MinValue": "10", "MaxValue": "10"}]},
        place=None,
    )

    if allowed:
        assert supported_members(support(), given, allows_single_values=True)["StaticHyperParameters"]
    else:
        with pytest.raises(ApiError, match="must be less than"):
            supported_members(support(), given, allows_single_values=False)
