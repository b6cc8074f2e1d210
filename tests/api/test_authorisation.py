"""What somebody in a role is not allowed, and the roles that SageMaker is told to take on."""

from typing import Any

import pytest

from desk import Desk
from luthier.api.roles import role_of
from luthier.identity.principals import in_role
from luthier.records.call import ApiError, Call
from luthier.records.identity import Principal, Role, a_user, role_arn
from things import SCOPE

TRAINER = role_arn(SCOPE.account, "trainer")
ARNS = "arn:aws:sagemaker:us-east-1:000000000000:"


def a_role(**permissions: Any) -> Role:
    return Role(arn=TRAINER, account=SCOPE.account, name="trainer", **permissions)


def test_a_role_that_allows_the_operation_gets_its_answer(desk: Desk) -> None:
    desk.principal = in_role(a_role(actions=("sagemaker:List*",)), "me")

    assert desk.ask("ListHyperParameterTuningJobs") == {"HyperParameterTuningJobSummaries": []}


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "resource"),
    [
        ("sagemaker", "ListHyperParameterTuningJobs", {}, "*"),
        (
            "sagemaker",
            "DescribeHyperParameterTuningJob",
            {"HyperParameterTuningJobName": "Tune"},
            f"{ARNS}hyper-parameter-tuning-job/tune",
        ),
        ("sagemaker", "StopTrainingJob", {"TrainingJobName": "Train"}, f"{ARNS}training-job/train"),
        ("iam", "GetRole", {"RoleName": "other"}, "arn:aws:iam::000000000000:role/other"),
        (
            "iam",
            "SimulatePrincipalPolicy",
            {"PolicySourceArn": TRAINER, "ActionNames": ["s3:GetObject"]},
            TRAINER,
        ),
        ("sts", "AssumeRole", {"RoleArn": TRAINER, "RoleSessionName": "me"}, TRAINER),
    ],
)
def test_what_a_role_does_not_allow_is_denied_by_name(
    desk: Desk, service: str, operation: str, parameters: dict[str, Any], resource: str
) -> None:
    desk.principal = in_role(a_role(actions=("logs:*",)), "me")

    refusal = desk.refusal(operation, of=service, **parameters)

    assert (refusal.code, refusal.http_status, refusal.message) == (
        "AccessDeniedException",
        400,
        f"User: arn:aws:sts::000000000000:assumed-role/trainer/me is not authorized to perform: {service}:{operation} "
        f"on resource: {resource} because no identity-based policy allows the {service}:{operation} action",
    )


def test_who_may_not_do_something_does_not_learn_what_is_wrong_with_it(desk: Desk) -> None:
    desk.principal = in_role(a_role(actions=()), "me")

    assert (
        desk.refusal_to_create(
            {
                "HyperParameterTuningJobName": "x",
                "HyperParameterTuningJobConfig": {
                    "Strategy": "Bayesian",
                    "ResourceLimits": {"MaxParallelTrainingJobs": 1},
                },
            }
        ).code
        == "AccessDeniedException"
    )


def call_of(principal: Principal) -> Call:
    return Call(
        service="sagemaker", operation="CreateTrainingJob", scope=SCOPE, principal=principal, parameters={}, now=0.0
    )


def passed(desk: Desk, arn: str, principal: Principal | None = None, *, declared_only: bool = False) -> Role:
    desk.declared_roles_only = declared_only
    return role_of(desk.wired(), call_of(principal or a_user(SCOPE.account, "AKIDEXAMPLE")), arn)


def test_a_role_that_nobody_declared_may_do_everything(desk: Desk) -> None:
    assert passed(desk, TRAINER) == a_role()


def test_a_declared_role_may_do_what_was_declared(desk: Desk) -> None:
    desk.store.roles.put(a_role(read=("s3://data",)), 1.0)

    assert passed(desk, TRAINER, declared_only=True) == a_role(read=("s3://data",))


def test_a_path_is_no_way_round_a_declaration(desk: Desk) -> None:
    desk.store.roles.put(a_role(read=("s3://data",)), 1.0)

    assert passed(desk, "arn:aws:iam::000000000000:role/a/path/TRAINER").read == ("s3://data",)


@pytest.mark.parametrize("arn", [role_arn("111122223333", "trainer"), "arn:aws:iam::000000000000:role/", ""])
def test_sagemaker_cannot_take_on_a_role_that_is_not_the_accounts(desk: Desk, arn: str) -> None:
    with pytest.raises(ApiError) as caught:
        passed(desk, arn)

    assert (caught.value.code, caught.value.message) == (
        "ValidationException",
        f"Could not assume role {arn}. Please ensure that the role exists and allows principal "
        "'sagemaker.amazonaws.com' to assume the role.",
    )


def test_where_only_declared_roles_exist_sagemaker_cannot_take_on_another(desk: Desk) -> None:
    with pytest.raises(ApiError, match="Could not assume role"):
        passed(desk, TRAINER, declared_only=True)


def test_who_is_in_a_role_needs_leave_to_pass_one_on(desk: Desk) -> None:
    narrow = in_role(a_role(actions=("sagemaker:*",)), "me")

    with pytest.raises(ApiError) as caught:
        passed(desk, TRAINER, narrow)

    assert (caught.value.code, caught.value.message) == (
        "AccessDeniedException",
        "User: arn:aws:sts::000000000000:assumed-role/trainer/me is not authorized to perform: iam:PassRole on "
        f"resource: {TRAINER} because no identity-based policy allows the iam:PassRole action",
    )


def test_who_is_in_a_role_that_allows_it_may_pass_one_on(desk: Desk) -> None:
    assert passed(desk, TRAINER, in_role(a_role(actions=("iam:PassRole",)), "me")) == a_role()
