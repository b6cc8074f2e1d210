"""The model's constraints, told in AWS's words."""

from typing import Any

import pytest
from botocore.model import ShapeResolver, StructureShape

from luthier.records.call import ApiError
from luthier.wire.constraints import check
from luthier.wire.model import operation

CREATE = operation("sagemaker", "CreateHyperParameterTuningJob").input
STOP = operation("sagemaker", "StopHyperParameterTuningJob").input
LIST = operation("sagemaker", "ListHyperParameterTuningJobs").input
TAGS = operation("sagemaker", "AddTags").input


def message(parameters: dict[str, Any], shape: StructureShape | None) -> str:
    with pytest.raises(ApiError) as caught:
        check(parameters, shape)
    assert caught.value.code == "ValidationException"
    return caught.value.message


def test_what_satisfies_the_model_passes() -> None:
    """Nothing is raised."""
    check({"HyperParameterTuningJobName": "a-good-name"}, STOP)


def test_a_pattern_is_matched_with_the_whole_text() -> None:
    """The model's patterns have no `$`."""
    assert message({"HyperParameterTuningJobName": "under_score"}, STOP) == (
        "1 validation error detected: Value 'under_score' at 'hyperParameterTuningJobName' failed to satisfy "
        "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}"
    )


def test_all_violations_are_told_at_once() -> None:
    """Length and pattern of the same name, each with the value."""
    text = message({"HyperParameterTuningJobName": "_" * 33}, STOP)

    assert text.startswith("2 validation errors detected: Value '____")
    assert "; Value '____" in text
    assert "Member must have length less than or equal to 32" in text


def test_a_missing_member_is_null() -> None:
    """Without quotes."""
    assert message({}, STOP) == (
        "1 validation error detected: Value null at 'hyperParameterTuningJobName' failed to satisfy constraint: "
        "Member must not be null"
    )


def test_numbers_have_values_and_enumerations_have_sets() -> None:
    """Also what botocore checks in the client."""
    text = message({"MaxResults": 101, "SortOrder": "Sideways"}, LIST)

    assert "Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal" in text
    assert "at 'sortOrder' failed to satisfy constraint: Member must satisfy enum value set: [Ascending, Desc" in text


def test_positions_in_lists_count_from_one() -> None:
    """Coral's way of naming them."""
    tags = [{"Key": "a", "Value": ""}, {"Key": "", "Value": ""}]

    assert "at 'tags.2.member.key' failed" in message({"ResourceArn": "arn:aws:sagemaker:::x/y", "Tags": tags}, TAGS)


def test_a_list_of_plain_values_is_told_as_a_whole() -> None:
    """With every constraint of its members."""
    text = message(
        {"TrainingJobDefinition": {"VpcConfig": {"SecurityGroupIds": ["sg-1", "!"], "Subnets": ["s"]}}}, CREATE
    )

    assert (
        "Value '[sg-1, !]' at 'trainingJobDefinition.vpcConfig.securityGroupIds' failed to satisfy constraint: Member "
        "must satisfy constraint: [Member must have length less than or equal to 32, "
    ) in text


def test_a_map_is_told_as_a_whole() -> None:
    """Values as Java prints them."""
    values = {"a": "1", "b": "x" * 2501}
    text = message({"TrainingJobDefinition": {"StaticHyperParameters": values}}, CREATE)

    assert "Value '{a=1, b=xxx" in text
    assert "Map value must satisfy constraint: [Member must have length less than or equal to 2500, " in text


def test_a_map_key_is_told_likewise() -> None:
    """With the constraints of keys."""
    text = message({"TrainingJobDefinition": {"StaticHyperParameters": {"k" * 257: "1"}}}, CREATE)

    assert "Map keys must satisfy constraint: [Member must have length less than or equal to 256, " in text


def test_a_map_with_too_many_entries_is_too_long() -> None:
    """Maps have a length, in AWS's words."""
    values = {f"k{index}": "1" for index in range(101)}
    text = message({"TrainingJobDefinition": {"StaticHyperParameters": values}}, CREATE)

    assert "Member must have length less than or equal to 100" in text


def test_null_in_a_list_is_a_violation() -> None:
    """It cannot be absent there."""
    text = message({"ResourceArn": "arn:aws:sagemaker:::x/y", "Tags": [None]}, TAGS)

    assert "Value null at 'tags.1.member' failed to satisfy constraint: Member must not be null" in text


def test_hostile_values_do_not_fill_the_message() -> None:
    """Values are cut, and only so many violations are told."""
    tags = [{"Key": "!" * 100_000, "Value": "!"} for _ in range(300)]
    text = message({"ResourceArn": "arn:aws:sagemaker:::x/y", "Tags": tags}, TAGS)

    assert text.startswith("100 validation errors detected")
    assert len(text) < 200_000


def test_a_sensitive_value_is_not_shown() -> None:
    """As AWS leaves it out."""
    shapes = {"S": {"type": "structure", "members": {"Word": {"shape": "W"}}}}
    shapes["W"] = {"type": "string", "max": 3, "sensitive": True}  # type: ignore[dict-item]
    shape = ShapeResolver(shapes).get_shape_by_name("S")

    assert "Value at 'word' failed" in message({"Word": "secret"}, shape)
