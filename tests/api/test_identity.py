"""What a role is, as IAM tells it."""

import json
from typing import Any
from urllib.parse import unquote

import pytest

from desk import Desk
from luthier.api.ledger import REFUSALS
from luthier.records.identity import AccessKey, Role, role_arn
from things import SCOPE

TRAINER = role_arn(SCOPE.account, "trainer")
FOREIGN = role_arn("111122223333", "trainer")


def declare(desk: Desk, name: str = "trainer", **permissions: Any) -> None:
    role = Role(arn=role_arn(SCOPE.account, name), account=SCOPE.account, name=name, **permissions)
    desk.store.roles.put(role, 1234.0)


def simulate(desk: Desk, *actions: str, of: str = TRAINER, **parameters: Any) -> dict[str, Any]:
    answer = desk.ask("SimulatePrincipalPolicy", of="iam", PolicySourceArn=of, ActionNames=actions, **parameters)
    assert isinstance(answer, dict)
    return answer


def decisions(desk: Desk, *actions: str, of: str = TRAINER, **parameters: Any) -> list[str]:
    return [each["EvalDecision"] for each in simulate(desk, *actions, of=of, **parameters)["EvaluationResults"]]


def test_a_role_of_the_account_is_described(desk: Desk) -> None:
    described = desk.ask("GetRole", of="iam", RoleName="trainer")["Role"]

    described.pop("AssumeRolePolicyDocument")
    assert described == {
        "Path": "/",
        "RoleName": "trainer",
        "RoleId": "AROAMGGS5YK4R2RIGDFE5",
        "Arn": TRAINER,
        "CreateDate": 0,
        "MaxSessionDuration": 43200,
    }


def test_a_declared_role_was_created_when_it_was_declared(desk: Desk) -> None:
    declare(desk)

    assert desk.ask("GetRole", of="iam", RoleName="trainer")["Role"]["CreateDate"] == 1234


def test_a_role_is_described_under_the_name_it_was_declared_with(desk: Desk) -> None:
    declare(desk, "Trainer")

    assert desk.ask("GetRole", of="iam", RoleName="TRAINER")["Role"]["Arn"] == role_arn(SCOPE.account, "Trainer")


def test_a_role_trusts_sagemaker_and_its_account(desk: Desk) -> None:
    document = desk.ask("GetRole", of="iam", RoleName="trainer")["Role"]["AssumeRolePolicyDocument"]

    assert json.loads(unquote(document))["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "sagemaker.amazonaws.com", "AWS": "arn:aws:iam::000000000000:root"},
            "Action": "sts:AssumeRole",
        }
    ]


def test_where_only_declared_roles_exist_another_is_not_found(desk: Desk) -> None:
    desk.declared_roles_only = True

    refusal = desk.refusal("GetRole", of="iam", RoleName="trainer")

    assert (refusal.code, refusal.http_status, refusal.message) == (
        "NoSuchEntity",
        404,
        "The role with name trainer cannot be found.",
    )


def test_where_only_declared_roles_exist_a_declared_one_is_found(desk: Desk) -> None:
    desk.declared_roles_only = True
    declare(desk)

    assert desk.ask("GetRole", of="iam", RoleName="trainer")["Role"]["Arn"] == TRAINER


def test_a_simulation_judges_each_action(desk: Desk) -> None:
    declare(desk, actions=("sagemaker:Describe*",))

    answer = simulate(desk, "sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob")

    assert answer == {
        "EvaluationResults": [
            {
                "EvalActionName": action,
                "EvalResourceName": "*",
                "EvalDecision": decision,
                "MatchedStatements": [],
                "MissingContextValues": [],
            }
            for action, decision in [
                ("sagemaker:DescribeTrainingJob", "allowed"),
                ("sagemaker:StopTrainingJob", "implicitDeny"),
            ]
        ],
        "IsTruncated": False,
    }


def test_a_simulation_is_of_the_role_that_is_named(desk: Desk) -> None:
    declare(desk, actions=())

    other = role_arn(SCOPE.account, "other")
    assert decisions(desk, "logs:GetLogEvents") + decisions(desk, "logs:GetLogEvents", of=other) == [
        "implicitDeny",
        "allowed",
    ]


@pytest.mark.parametrize(
    ("action", "resource", "decision"),
    [
        ("s3:GetObject", "arn:aws:s3:::data/in/a.csv", "allowed"),
        ("s3:GetObject", "arn:aws:s3:::data/in/*", "allowed"),
        ("S3:ListBucket", "arn:aws:s3:::data/in/?", "allowed"),
        ("s3:GetObject", "arn:aws:s3:::data/*", "implicitDeny"),
        ("s3:GetObject", "arn:aws:s3:::data*", "implicitDeny"),
        ("s3:GetObject", "arn:aws:s3:::data", "implicitDeny"),
        ("s3:GetObject", "arn:aws:s3:::elsewhere/in/a", "implicitDeny"),
        ("s3:GetObject", "*", "implicitDeny"),
        ("s3:PutObject", "arn:aws:s3:::data/in/a.csv", "implicitDeny"),
        ("s3:PutObject", "arn:aws:s3:::models", "allowed"),
        ("s3:DeleteObject", "arn:aws:s3:::models/a\nb", "allowed"),
        ("s3:GetObject", "arn:aws:s3:::models/a", "implicitDeny"),
    ],
)
def test_a_simulation_judges_s3_by_its_place(desk: Desk, action: str, resource: str, decision: str) -> None:
    declare(desk, read=("s3://data/in/",), write=("s3://models",))

    assert decisions(desk, action, ResourceArns=[resource]) == [decision]


def test_a_role_without_prefixes_may_use_s3_everywhere(desk: Desk) -> None:
    assert decisions(desk, "s3:GetObject", "s3:PutObject") == ["allowed", "allowed"]


def test_a_simulation_comes_in_pages(desk: Desk) -> None:
    actions = [f"sagemaker:Act{number}" for number in range(3)]
    resources = [f"arn:aws:sagemaker:us-east-1:000000000000:training-job/{number}" for number in range(3)]
    found, marker, sizes = [], {}, []
    while True:
        page = simulate(desk, *actions, ResourceArns=resources, MaxItems=4, **marker)
        found += [(each["EvalActionName"], each["EvalResourceName"]) for each in page["EvaluationResults"]]
        sizes.append(len(page["EvaluationResults"]))
        if not page["IsTruncated"]:
            break
        marker = {"Marker": page["Marker"]}

    assert sizes == [4, 4, 1]
    assert found == [(action, resource) for action in actions for resource in resources]


def test_a_page_of_a_simulation_has_a_hundred_results_unless_told_otherwise(desk: Desk) -> None:
    page = simulate(desk, *(f"sagemaker:Act{number}" for number in range(101)))

    assert (len(page["EvaluationResults"]), page["IsTruncated"], page["Marker"]) == (100, True, "100")


@pytest.mark.parametrize("marker", ["x", "-1", "1.5", "٣", "1" * 10])
def test_a_made_up_marker_is_refused(desk: Desk, marker: str) -> None:
    refusal = desk.refusal(
        "SimulatePrincipalPolicy",
        of="iam",
        PolicySourceArn=TRAINER,
        ActionNames=["s3:GetObject"],
        Marker=marker,
    )

    assert refusal.code == "ValidationException"


def test_a_marker_beyond_the_end_gives_an_empty_page(desk: Desk) -> None:
    assert simulate(desk, "s3:GetObject", Marker="999") == {"EvaluationResults": [], "IsTruncated": False}


@pytest.mark.parametrize("user", ["luthier", "alice", "team/alice"])
def test_a_user_may_do_everything(desk: Desk, user: str) -> None:
    desk.store.access_keys.add(AccessKey(access_key="AKIA", account=SCOPE.account, user="alice", created_at=1.0))

    assert decisions(desk, "sagemaker:StopTrainingJob", of=f"arn:aws:iam::000000000000:user/{user}") == ["allowed"]


@pytest.mark.parametrize(
    ("source", "code", "message"),
    [
        ("arn:aws:iam::000000000000:user/bob", "NoSuchEntity", "The user with name bob cannot be found."),
        ("arn:aws:iam::111122223333:user/luthier", "NoSuchEntity", "The user with name luthier cannot be found."),
        (FOREIGN, "NoSuchEntity", "The role with name trainer cannot be found."),
        (
            "arn:aws:sts::000000000000:assumed-role/trainer/me",
            "InvalidInput",
            "Invalid Entity Arn: arn:aws:sts::000000000000:assumed-role/trainer/me does not clearly define entity type "
            "and name.",
        ),
    ],
)
def test_a_simulation_needs_a_user_or_role_of_the_account(desk: Desk, source: str, code: str, message: str) -> None:
    refusal = desk.refusal(
        "SimulatePrincipalPolicy", of="iam", PolicySourceArn=source, ActionNames=["sagemaker:StopTrainingJob"]
    )

    assert (refusal.code, refusal.message) == (code, message)


def test_where_only_declared_roles_exist_another_cannot_be_simulated(desk: Desk) -> None:
    desk.declared_roles_only = True

    refusal = desk.refusal("SimulatePrincipalPolicy", of="iam", PolicySourceArn=TRAINER, ActionNames=["s3:GetObject"])

    assert (refusal.code, refusal.http_status) == ("NoSuchEntity", 404)


@pytest.mark.parametrize("action", ["sagemaker", "sagemaker:", "sagemaker:*", "sage maker:X", "a:b:c", "s3:Get\n"])
def test_a_simulated_action_names_a_service_and_an_action(desk: Desk, action: str) -> None:
    refusal = desk.refusal("SimulatePrincipalPolicy", of="iam", PolicySourceArn=TRAINER, ActionNames=[action])

    assert refusal.code == "InvalidInput"


@pytest.mark.parametrize("member", REFUSALS["SimulatePrincipalPolicy"])
def test_what_a_simulation_cannot_take_into_account_is_refused_by_name(desk: Desk, member: str) -> None:
    values: dict[str, Any] = {
        "PolicyExclusionList": [{"PolicyType": "scp"}],
        "ContextEntries": [{"ContextKeyName": "aws:SourceIp"}],
    }
    value = values.get(member, ["{}"] if member.endswith("List") else "{}")

    refusal = desk.refusal(
        "SimulatePrincipalPolicy", of="iam", PolicySourceArn=TRAINER, ActionNames=["s3:GetObject"], **{member: value}
    )

    assert refusal.message.startswith(f"{member} is not supported")
