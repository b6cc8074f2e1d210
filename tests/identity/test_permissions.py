"""What a principal may do."""

import fnmatch
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luthier.identity.permissions import may_call, may_use
from luthier.identity.principals import in_role, role_id
from luthier.records.identity import Principal, Role, a_user, role_at

USER = a_user("000000000000", "AKIDEXAMPLE")


def in_a_role(**permissions: Any) -> Principal:
    arn = "arn:aws:iam::000000000000:role/trainer"
    return in_role(Role(arn=arn, account="000000000000", name="trainer", **permissions), "me")


def test_a_user_may_do_everything() -> None:
    assert may_call(USER, "sagemaker:CreateTrainingJob")


def test_a_role_that_nobody_narrowed_may_do_everything() -> None:
    assert may_call(in_a_role(), "sagemaker:CreateTrainingJob")


@pytest.mark.parametrize(
    "pattern",
    [
        "*",
        "sagemaker:*",
        "sagemaker:CreateTrainingJob",
        "SageMaker:createtrainingjob",
        "sagemaker:Create*",
        "sagemaker:*Job",
        "*Training*",
        "sagemaker:CreateTraining???",
        "sagemaker:C*T*J?b",
        "sagemaker:CreateTrainingJob*",
        "**",
    ],
)
def test_an_action_is_allowed_by_a_pattern(pattern: str) -> None:
    assert may_call(in_a_role(actions=("logs:None", pattern)), "sagemaker:CreateTrainingJob")


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "logs:*",
        "sagemaker:Create",
        "CreateTrainingJob",
        "sagemaker:CreateTrainingJob?",
        "sagemaker:[C]reateTrainingJob",
        "sagemaker.CreateTrainingJob",
        "*Jo",
    ],
)
def test_an_action_is_not_allowed_by_another_pattern(pattern: str) -> None:
    assert not may_call(in_a_role(actions=(pattern,)), "sagemaker:CreateTrainingJob")


def test_without_actions_nothing_is_allowed() -> None:
    assert not may_call(in_a_role(actions=()), "sagemaker:CreateTrainingJob")


def test_a_pattern_of_many_stars_is_matched_at_once() -> None:
    assert not may_call(in_a_role(actions=("*a" * 200 + "b",)), "a" * 2000)


@given(st.text("ab*?", max_size=6), st.text("ab", max_size=6))
def test_stars_and_question_marks_mean_what_they_do_in_a_shell(pattern: str, text: str) -> None:
    assert may_call(in_a_role(actions=(pattern,)), text) == fnmatch.fnmatchcase(text, pattern)


def test_a_user_may_use_every_place() -> None:
    assert may_use(USER, "s3://data/key", writes=True)


@pytest.mark.parametrize("writes", [True, False])
def test_a_role_without_prefixes_may_use_every_place(*, writes: bool) -> None:
    assert may_use(in_a_role(), "s3://data/key", writes=writes)


@pytest.mark.parametrize("prefix", ["s3://data", "s3://data/", "s3://data/k", "s3://data/key"])
def test_a_place_below_a_prefix_may_be_read(prefix: str) -> None:
    assert may_use(in_a_role(read=("s3://other", prefix)), "s3://data/key", writes=False)


@pytest.mark.parametrize("prefix", ["s3://dat", "s3://data/key/", "s3://data/keys", "s3://other", "s3://DATA/key"])
def test_a_place_elsewhere_may_not_be_read(prefix: str) -> None:
    assert not may_use(in_a_role(read=(prefix,)), "s3://data/key", writes=False)


def test_reading_does_not_allow_writing() -> None:
    assert not may_use(in_a_role(read=("s3://data",), write=()), "s3://data/key", writes=True)


def test_writing_does_not_allow_reading() -> None:
    assert not may_use(in_a_role(read=(), write=("s3://data",)), "s3://data/key", writes=False)


@pytest.mark.parametrize("place", ["s3://data", "s3://data/"])
def test_a_bucket_itself_is_below_its_own_name(place: str) -> None:
    assert may_use(in_a_role(read=("s3://data",)), place, writes=False)


@pytest.mark.parametrize("place", ["s3://data/mine/../yours", "s3://data/mine/./x", "s3://data/mine/.."])
def test_a_key_with_dots_between_slashes_is_below_no_prefix(place: str) -> None:
    assert not may_use(in_a_role(read=("s3://data/mine/",)), place, writes=False)


def test_somebody_in_a_role_is_named_by_role_and_session() -> None:
    role = role_at("arn:aws:iam::000000000000:role/service-role/trainer")
    assert role is not None

    principal = in_role(role, "me")

    assert (principal.arn, principal.user_id) == (
        "arn:aws:sts::000000000000:assumed-role/trainer/me",
        f"{role_id(role)}:me",
    )


@pytest.mark.parametrize(
    "arn",
    [
        "",
        "trainer",
        "arn:aws:iam::000000000000:user/trainer",
        "arn:aws:iam::00000000000:role/trainer",
        "arn:aws:iam::000000000000:role/",
        "arn:aws:iam::000000000000:role/a/",
        "arn:aws:iam::000000000000:roletrainer",
        "arn:aws:iam::000000000000:role/trainer\n",
        "arn:aws:iam::000000000000:role/" + "x" * 65,
        "arn:aws:iam::٠٠٠٠٠٠٠٠٠٠٠٠:role/trainer",
    ],
)
def test_what_is_no_roles_arn_names_no_role(arn: str) -> None:
    assert role_at(arn) is None
