"""boto3 as several accounts, users and roles against a real front door over a real store."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from desk import SESSIONS, Desk
from luthier.app.credentials import find_credential
from luthier.app.keys import Key
from luthier.records.identity import AccessKey, Role, role_arn
from luthier.store.engine import Store
from luthier.wire.asgi import make_app
from luthier_server import Luthier, a_luthier
from sample import a_create_request
from serving import serving

OWN = Key(access_key="AKIAOWNOWNOWNOWNOWN2", secret_key="the own secret", account="000000000000")
OTHER = "111122223333"
INVALID = "The security token included in the request is invalid."
now = time.time  # noqa: TID251  # clients sign at the present time

Secret = tuple[str, str, str | None]  # access key, secret key, session token


@dataclass(frozen=True)
class Site:
    """A running front door, and the store behind it."""

    url: str
    store: Store

    def client(self, service: str, secret: Secret, region: str = "us-east-1") -> Any:
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=region,
            aws_access_key_id=secret[0],
            aws_secret_access_key=secret[1],
            aws_session_token=secret[2],
            config=Config(retries={"total_max_attempts": 1}),
        )

    def a_key(self, account: str = OTHER, access_key: str = "AKIAOTHER") -> Secret:
        self.store.access_keys.add(AccessKey(access_key=access_key, account=account, user="alice", created_at=1.0))
        return access_key, SESSIONS.secret_of(access_key), None

    def taken_on(self, role: str = "trainer", secret: Secret | None = None) -> Secret:
        sts = self.client("sts", secret or own())
        account = sts.get_caller_identity()["Account"]
        given = sts.assume_role(RoleArn=role_arn(account, role), RoleSessionName="me")["Credentials"]
        return given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]

    def declare(self, **permissions: Any) -> None:
        arn = role_arn(OWN.account, "trainer")
        self.store.roles.put(Role(arn=arn, account=OWN.account, name="trainer", **permissions), 1.0)


def own() -> Secret:
    return OWN.access_key, OWN.secret_key, None


def error_of(caught: pytest.ExceptionInfo[ClientError]) -> tuple[str, int, str]:
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Message"]


def names(sagemaker: Any) -> list[str]:
    pages = sagemaker.get_paginator("list_hyper_parameter_tuning_jobs").paginate(PaginationConfig={"PageSize": 1})
    found = pages.build_full_result()["HyperParameterTuningJobSummaries"]
    return [each["HyperParameterTuningJobName"] for each in found]


def create(sagemaker: Any, account: str, *jobs: str) -> None:
    for name in jobs:
        request = a_create_request(name, TrainingJobDefinition__RoleArn=role_arn(account, "trainer"))
        sagemaker.create_hyper_parameter_tuning_job(**request)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    store = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    app = make_app(
        handlers=Desk(store).handlers(),
        keys=find_credential(OWN, store, SESSIONS, declared_only=False),
        s3=None,
        pages=None,
        clock=now,
    )
    with serving(app) as url:
        yield Site(url, store)
    store.close()


def test_each_account_lists_its_own_tuning_jobs_alone(site: Site) -> None:
    mine, theirs = site.client("sagemaker", own()), site.client("sagemaker", site.a_key())

    create(mine, OWN.account, "mine-1", "mine-2", "shared")
    create(theirs, OTHER, "shared", "theirs")

    assert (names(mine), names(theirs)) == (["mine-1", "mine-2", "shared"], ["shared", "theirs"])


def test_each_account_describes_its_own_tuning_job_of_a_name(site: Site) -> None:
    mine, theirs = site.client("sagemaker", own()), site.client("sagemaker", site.a_key())
    create(mine, OWN.account, "shared")
    create(theirs, OTHER, "shared")

    arns = [
        each.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName="shared")["HyperParameterTuningJobArn"]
        for each in (mine, theirs)
    ]

    assert [arn.split(":")[4] for arn in arns] == [OWN.account, OTHER]


@pytest.mark.parametrize("operation", ["describe_hyper_parameter_tuning_job", "stop_hyper_parameter_tuning_job"])
def test_a_tuning_job_of_another_account_is_not_there(site: Site, operation: str) -> None:
    create(site.client("sagemaker", own()), OWN.account, "mine")
    theirs = site.client("sagemaker", site.a_key())

    with pytest.raises(ClientError) as caught:
        getattr(theirs, operation)(HyperParameterTuningJobName="mine")

    assert error_of(caught)[0] == "ResourceNotFound"


def test_training_jobs_of_another_account_are_not_listed(site: Site) -> None:
    create(site.client("sagemaker", own()), OWN.account, "mine")
    theirs = site.client("sagemaker", site.a_key())

    with pytest.raises(ClientError, match="ResourceNotFound"):
        theirs.list_training_jobs_for_hyper_parameter_tuning_job(HyperParameterTuningJobName="mine")


def test_a_tuning_job_of_another_region_is_not_there(site: Site) -> None:
    create(site.client("sagemaker", own()), OWN.account, "mine")

    assert names(site.client("sagemaker", own(), "eu-west-1")) == []


def test_a_key_names_its_user(site: Site) -> None:
    identity = site.client("sts", site.a_key()).get_caller_identity()

    assert (identity["Account"], identity["Arn"], identity["UserId"]) == (
        OTHER,
        f"arn:aws:iam::{OTHER}:user/alice",
        "AKIAOTHER",
    )


def test_a_removed_key_stops_working_at_once(site: Site) -> None:
    sagemaker = site.client("sagemaker", site.a_key())
    names(sagemaker)

    site.store.access_keys.remove("AKIAOTHER")

    with pytest.raises(ClientError) as caught:
        names(sagemaker)
    assert error_of(caught) == ("UnrecognizedClientException", 400, INVALID)


def test_the_session_is_named_in_the_callers_arn(site: Site) -> None:
    identity = site.client("sts", site.taken_on()).get_caller_identity()

    assert identity["Arn"] == "arn:aws:sts::000000000000:assumed-role/trainer/me"


def test_temporary_credentials_see_what_their_account_does(site: Site) -> None:
    create(site.client("sagemaker", site.taken_on()), OWN.account, "mine")

    assert names(site.client("sagemaker", own())) == ["mine"]


def test_temporary_credentials_of_another_account_see_what_it_does(site: Site) -> None:
    create(site.client("sagemaker", own()), OWN.account, "mine")

    assert names(site.client("sagemaker", site.taken_on(secret=site.a_key()))) == []


def test_a_role_that_is_taken_on_narrows(site: Site) -> None:
    site.declare(actions=("sagemaker:List*",))
    sagemaker = site.client("sagemaker", site.taken_on())

    with pytest.raises(ClientError) as caught:
        sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName="Tune")

    assert names(sagemaker) == []
    assert error_of(caught) == (
        "AccessDeniedException",
        400,
        "User: arn:aws:sts::000000000000:assumed-role/trainer/me is not authorized to perform: "
        "sagemaker:DescribeHyperParameterTuningJob on resource: "
        "arn:aws:sagemaker:us-east-1:000000000000:hyper-parameter-tuning-job/tune because no identity-based policy "
        "allows the sagemaker:DescribeHyperParameterTuningJob action",
    )


def test_a_session_under_way_is_narrowed_with_its_role(site: Site) -> None:
    sagemaker = site.client("sagemaker", site.taken_on())
    names(sagemaker)

    site.declare(actions=())

    with pytest.raises(ClientError, match="AccessDeniedException"):
        names(sagemaker)


def test_iam_denies_in_the_words_of_query_services(site: Site) -> None:
    site.declare(actions=("sagemaker:*",))
    iam = site.client("iam", site.taken_on())

    with pytest.raises(ClientError) as caught:
        iam.get_role(RoleName="trainer")

    assert error_of(caught)[:2] == ("AccessDenied", 403)


def test_who_may_do_nothing_may_still_ask_who_it_is(site: Site) -> None:
    site.declare(actions=())

    assert site.client("sts", site.taken_on()).get_caller_identity()["Account"] == OWN.account


@pytest.mark.parametrize("kept", [0, 1, 100, -1])
def test_a_truncated_token_is_refused(site: Site, kept: int) -> None:
    key, secret, token = site.taken_on()
    assert token is not None

    with pytest.raises(ClientError) as caught:
        names(site.client("sagemaker", (key, secret, token[:kept] or None)))

    assert error_of(caught) == ("UnrecognizedClientException", 400, INVALID)


def test_a_forged_token_is_refused(site: Site) -> None:
    key, secret, token = site.taken_on()
    assert token is not None

    with pytest.raises(ClientError) as caught:
        names(site.client("sagemaker", (key, secret, token.swapcase())))

    assert error_of(caught) == ("UnrecognizedClientException", 400, INVALID)


def test_the_token_of_another_session_is_refused(site: Site) -> None:
    key, secret, _ = site.taken_on()

    with pytest.raises(ClientError) as caught:
        site.client("sts", (key, secret, site.taken_on()[2])).get_caller_identity()

    assert error_of(caught) == ("InvalidClientTokenId", 403, INVALID)


def test_a_users_key_with_a_token_is_refused(site: Site) -> None:
    with pytest.raises(ClientError) as caught:
        names(site.client("sagemaker", (OWN.access_key, OWN.secret_key, "IQoJb3JpZ2luX2Vj")))

    assert error_of(caught) == ("UnrecognizedClientException", 400, INVALID)


def test_the_secret_of_another_session_does_not_sign(site: Site) -> None:
    key, _, token = site.taken_on()

    with pytest.raises(ClientError) as caught:
        names(site.client("sagemaker", (key, site.taken_on()[1], token)))

    assert error_of(caught)[0] == "InvalidSignatureException"


@pytest.mark.parametrize(
    ("service", "operation", "code", "status"),
    [
        ("sagemaker", "list_hyper_parameter_tuning_jobs", "ExpiredTokenException", 400),
        ("sts", "get_caller_identity", "ExpiredToken", 403),
        ("s3", "list_buckets", "ExpiredToken", 400),
    ],
)
def test_expired_credentials_are_refused(site: Site, service: str, operation: str, code: str, status: int) -> None:
    session = SESSIONS.mint(role_arn=role_arn(OWN.account, "trainer"), session_name="me", expires_at=now() - 1)
    client = site.client(service, (session.access_key, session.secret_key, session.token))

    with pytest.raises(ClientError) as caught:
        getattr(client, operation)()

    assert error_of(caught)[:2] == (code, status)


def test_s3_refuses_a_wrong_token_in_its_own_words(site: Site) -> None:
    key, secret, _ = site.taken_on()

    with pytest.raises(ClientError) as caught:
        site.client("s3", (key, secret, "forged")).list_buckets()

    assert error_of(caught) == ("InvalidToken", 400, "The provided token is malformed or otherwise invalid.")


def test_boto3_reads_a_roles_trust_policy(site: Site) -> None:
    role = site.client("iam", own()).get_role(RoleName="trainer")["Role"]

    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"] == "sagemaker.amazonaws.com"
    assert role["CreateDate"].timestamp() == 0


def test_boto3_learns_that_a_role_is_not_there(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    desk = Desk(store, declared_roles_only=True)
    keys = find_credential(OWN, store, SESSIONS, declared_only=True)

    with serving(make_app(handlers=desk.handlers(), keys=keys, s3=None, pages=None, clock=now)) as url:
        iam = Site(url, store).client("iam", own())
        with pytest.raises(iam.exceptions.NoSuchEntityException) as caught:
            iam.get_role(RoleName="trainer")

    assert error_of(caught) == ("NoSuchEntity", 404, "The role with name trainer cannot be found.")


def test_boto3_pages_through_a_simulation(site: Site) -> None:
    pages = site.client("iam", own()).get_paginator("simulate_principal_policy")
    actions = [f"sagemaker:Act{number}" for number in range(250)]

    found = pages.paginate(PolicySourceArn=role_arn(OWN.account, "trainer"), ActionNames=actions).build_full_result()

    assert [(each["EvalActionName"], each["EvalDecision"]) for each in found["EvaluationResults"]] == [
        (action, "allowed") for action in actions
    ]


def test_wrong_members_are_told_in_the_words_of_query_services(site: Site) -> None:
    with pytest.raises(ClientError) as caught:
        site.client("sts", own()).assume_role(
            RoleArn=role_arn(OWN.account, "trainer"), RoleSessionName="me", ExternalId="ours"
        )

    code, status, message = error_of(caught)
    assert (code, status) == ("ValidationError", 400)
    assert message.startswith("ExternalId is not supported")


@pytest.mark.slow
def test_keys_of_the_command_line_and_sessions_outlive_a_server_that_is_killed(tmp_path: Path) -> None:
    with a_luthier(tmp_path) as luthier:
        added = command(luthier, "keys", "add", "--account", OTHER)
        variables = dict(line.removeprefix("export ").split("=", 1) for line in added.splitlines()[1:])
        site = Site(variables["AWS_ENDPOINT_URL"], Store.open(f"sqlite:///{luthier.folder / 'luthier.db'}"))
        key = variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"], None
        session = site.taken_on(secret=key)
        luthier.kill()
        luthier.start()

        accounts = [site.client("sts", each).get_caller_identity()["Account"] for each in (key, session)]

        assert accounts == [OTHER, OTHER]
        command(luthier, "keys", "remove", key[0])
        with pytest.raises(ClientError, match="InvalidClientTokenId"):
            site.client("sts", key).get_caller_identity()
        site.store.close()


def command(luthier: Luthier, *arguments: str) -> str:
    """Run a command of Luthier's over the folder of a server."""
    whole = [sys.executable, "-m", "luthier.cli", *arguments, "--data-folder", str(luthier.folder)]
    return subprocess.check_output(whole, text=True, env={**os.environ, "LUTHIER_PORT": str(luthier.port)})
