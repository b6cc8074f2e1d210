"""The endpoint from which AWS clients inside a training job fetch the credentials of its role."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from botocore.credentials import ContainerProvider

from luthier.identity.sessions import Session, Sessions
from luthier.records.call import ApiError
from luthier.wire.asgi import make_app
from serving import serving
from wire.conftest import HANDLERS
from wire.signing import now

ROLE = "arn:aws:iam::123456789012:role/trainer"
SESSION = Sessions(b"secret").mint(role_arn=ROLE, session_name="SageMaker", expires_at=1_900_000_000.75)


def lend(token: str) -> Session:
    if token == "bug":
        raise RuntimeError("the server's secret")
    if token != "right":
        raise ApiError("AccessDenied", "the training job is over", http_status=403)
    return SESSION


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    app = make_app(handlers=HANDLERS, keys=lambda *_: None, s3=None, pages=None, clock=now, lend=lend)
    with serving(app) as url:
        yield f"{url}/v2/credentials"


def asked(url: str, method: str = "GET", **headers: str) -> tuple[int, str, bytes]:
    """Give status, content type and body."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers, method=method)) as answer:
            return answer.status, answer.headers["content-type"], answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["content-type"], error.read()


@pytest.mark.parametrize("header", ["right", "Bearer right", "bearer  right "])
def test_the_token_gets_the_credentials(url: str, header: str) -> None:
    status, kind, body = asked(url, Authorization=header)

    assert (status, kind) == (200, "application/json")
    assert json.loads(body) == {
        "AccessKeyId": SESSION.access_key,
        "SecretAccessKey": SESSION.secret_key,
        "Token": SESSION.token,
        "Expiration": "2030-03-17T17:46:40Z",
        "RoleArn": ROLE,
    }


def test_botocore_reads_it_by_itself(url: str) -> None:
    environment = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": url, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "right"}

    credentials = ContainerProvider(environment).load()

    assert credentials is not None
    assert credentials.get_frozen_credentials()[:3] == (SESSION.access_key, SESSION.secret_key, SESSION.token)


def test_credentials_are_kept_by_nobody_on_the_way(url: str) -> None:
    request = urllib.request.Request(url, headers={"Authorization": "right"})

    with urllib.request.urlopen(request) as answer:
        assert answer.headers["cache-control"] == "no-store"


def test_a_refusal_has_a_code_and_a_message(url: str) -> None:
    status, kind, body = asked(url, Authorization="wrong")

    assert (status, kind) == (403, "application/json")
    assert json.loads(body) == {"code": "AccessDenied", "message": "the training job is over"}


def test_no_header_is_no_token(url: str) -> None:
    assert asked(url)[0] == 403


def test_a_fault_of_ours_tells_nothing(url: str) -> None:
    status, _, body = asked(url, Authorization="bug")

    assert status == 500
    assert b"secret" not in body


def test_an_object_of_that_name_in_a_bucket_that_the_host_names_is_s3s(url: str) -> None:
    signed = "AWS4-HMAC-SHA256 Credential=A/20261123/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"

    status, kind, _ = asked(url, Authorization=signed)

    assert kind == "application/xml"
    assert status != 200


@pytest.mark.parametrize(
    ("method", "suffix"), [("POST", ""), ("GET", "/"), ("GET", "?X-Amz-Algorithm=x"), ("GET", "x")]
)
def test_nothing_else_is_answered_without_a_signature(url: str, method: str, suffix: str) -> None:
    assert asked(url + suffix, method)[0] in (400, 403)


def test_without_a_lender_there_is_no_such_endpoint() -> None:
    app = make_app(handlers=HANDLERS, keys=lambda *_: None, s3=None, pages=None, clock=now)

    with serving(app) as url:
        assert asked(f"{url}/v2/credentials", Authorization="right")[0] == 400
