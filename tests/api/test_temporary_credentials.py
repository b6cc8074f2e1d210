"""Who the caller is, and how it takes on a role."""

from typing import Any

import pytest

from desk import SESSIONS, Desk
from luthier.api.ledger import REFUSALS
from luthier.identity.principals import in_role, role_id
from luthier.identity.sessions import Session
from luthier.records.identity import Role, role_arn, role_at
from things import SCOPE

TRAINER = role_arn(SCOPE.account, "trainer")


def assume(desk: Desk, arn: str = TRAINER, **parameters: Any) -> dict[str, Any]:
    answer = desk.ask("AssumeRole", of="sts", RoleArn=arn, RoleSessionName="me", **parameters)
    assert isinstance(answer, dict)
    return answer


def session_of(answer: dict[str, Any]) -> Session:
    credentials = answer["Credentials"]
    session = SESSIONS.open(credentials["AccessKeyId"], credentials["SessionToken"])
    assert session is not None
    assert session.secret_key == credentials["SecretAccessKey"]
    return session


def take_on(desk: Desk, **permissions: Any) -> None:
    desk.principal = in_role(Role(arn=TRAINER, account=SCOPE.account, name="trainer", **permissions), "me")


def test_the_caller_is_the_user_luthier_of_its_account(desk: Desk) -> None:
    assert desk.ask("GetCallerIdentity", of="sts") == {
        "UserId": "AKIDEXAMPLE",
        "Account": "000000000000",
        "Arn": "arn:aws:iam::000000000000:user/luthier",
    }


def test_a_caller_in_a_role_is_told_so_whatever_it_may_do(desk: Desk) -> None:
    take_on(desk, actions=())

    assert desk.ask("GetCallerIdentity", of="sts") == {
        "UserId": "AROAMGGS5YK4R2RIGDFE5:me",
        "Account": "000000000000",
        "Arn": "arn:aws:sts::000000000000:assumed-role/trainer/me",
    }


def test_who_takes_on_a_role_gets_credentials_of_it(desk: Desk) -> None:
    session = session_of(assume(desk))

    assert (session.role_arn, session.session_name) == (TRAINER, "me")


def test_who_takes_on_a_role_is_told_who_it_is_then(desk: Desk) -> None:
    role = role_at(TRAINER)
    assert role is not None

    assert assume(desk)["AssumedRoleUser"] == {
        "AssumedRoleId": f"{role_id(role)}:me",
        "Arn": "arn:aws:sts::000000000000:assumed-role/trainer/me",
    }


def test_a_role_with_a_path_can_be_taken_on(desk: Desk) -> None:
    answer = assume(desk, "arn:aws:iam::000000000000:role/service-role/trainer")

    assert answer["AssumedRoleUser"]["Arn"] == "arn:aws:sts::000000000000:assumed-role/trainer/me"


@pytest.mark.parametrize("duration_s", [900, 3600, 43200])
def test_temporary_credentials_are_good_for_as_long_as_was_asked(desk: Desk, duration_s: int) -> None:
    assert session_of(assume(desk, DurationSeconds=duration_s)).expires_at == desk.now + duration_s


def test_temporary_credentials_are_good_for_an_hour_unless_told_otherwise(desk: Desk) -> None:
    assert session_of(assume(desk)).expires_at == desk.now + 3600


def test_the_expiration_that_is_told_is_the_one_that_holds(desk: Desk) -> None:
    answer = assume(desk)

    assert answer["Credentials"]["Expiration"] == session_of(answer).expires_at


@pytest.mark.parametrize("duration_s", [899, 43201])
def test_a_duration_that_iam_does_not_know_is_refused(desk: Desk, duration_s: int) -> None:
    refusal = desk.refusal("AssumeRole", of="sts", RoleArn=TRAINER, RoleSessionName="me", DurationSeconds=duration_s)

    assert "durationSeconds" in refusal.message


def test_who_is_in_a_role_gets_another_for_an_hour(desk: Desk) -> None:
    take_on(desk)

    assert session_of(assume(desk, DurationSeconds=3600)).expires_at == desk.now + 3600


def test_who_is_in_a_role_gets_another_for_no_more_than_an_hour(desk: Desk) -> None:
    take_on(desk)

    refusal = desk.refusal("AssumeRole", of="sts", RoleArn=TRAINER, RoleSessionName="me", DurationSeconds=3601)

    assert (refusal.code, refusal.message) == (
        "ValidationException",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
    )


@pytest.mark.parametrize(
    "arn",
    [
        role_arn("111122223333", "trainer"),
        "arn:aws:iam::000000000000:user/trainer",
        "arn:aws:iam::000000000000:role/a b c",
        "x" * 20,
    ],
)
def test_a_role_that_is_not_the_accounts_cannot_be_taken_on(desk: Desk, arn: str) -> None:
    refusal = desk.refusal("AssumeRole", of="sts", RoleArn=arn, RoleSessionName="me")

    assert (refusal.code, refusal.message) == (
        "AccessDeniedException",
        f"User: arn:aws:iam::000000000000:user/luthier is not authorized to perform: sts:AssumeRole on resource: {arn} "
        "because no identity-based policy allows the sts:AssumeRole action",
    )


def test_where_only_declared_roles_exist_another_cannot_be_taken_on(desk: Desk) -> None:
    desk.declared_roles_only = True

    assert desk.refusal("AssumeRole", of="sts", RoleArn=TRAINER, RoleSessionName="me").code == "AccessDeniedException"


@pytest.mark.parametrize("member", REFUSALS["AssumeRole"])
def test_what_has_no_effect_on_a_session_is_refused_by_name(desk: Desk, member: str) -> None:
    values: dict[str, Any] = {
        "PolicyArns": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
        "Tags": [{"Key": "team", "Value": "red"}],
        "TransitiveTagKeys": ["team"],
        "ProvidedContexts": [{"ContextAssertion": "abcd"}],
        "MinimumSessionTokenSize": 1,
        "TokenCode": "123456",
        "SourceIdentity": "me",
    }

    refusal = desk.refusal(
        "AssumeRole", of="sts", RoleArn=TRAINER, RoleSessionName="me", **{member: values.get(member, "arn:aws:x")}
    )

    assert refusal.message.startswith(f"{member} is not supported")
