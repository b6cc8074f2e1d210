"""The shape of an event, and its signature."""

import base64
import hashlib
import hmac
import json

import pytest

from luthier.records.state_change import JobKind, StateChange
from luthier.watching.events import event_of, headers_of, key_of
from things import SCOPE

ARN = "arn:aws:sagemaker:us-east-1:000000000000:training-job/tune-001"
CHANGE = StateChange(
    id="7f1c",
    kind=JobKind.TRAINING,
    arn=ARN,
    name="tune-001",
    scope=SCOPE,
    created_at=1.0,
    at=1538833573.9,
    status="Failed",
)


def test_an_event_has_the_shape_of_eventbridge() -> None:
    assert json.loads(event_of(CHANGE, {"TrainingJobName": "tune-001"})) == {
        "version": "0",
        "id": "7f1c",
        "detail-type": "SageMaker Training Job State Change",
        "source": "aws.sagemaker",
        "account": "000000000000",
        "time": "2018-10-06T13:46:13Z",
        "region": "us-east-1",
        "resources": [ARN],
        "detail": {"TrainingJobName": "tune-001"},
    }


def test_hostile_text_stays_within_its_json_string() -> None:
    text = 'a"}\n\x1b[2J\u2028'

    body = event_of(CHANGE, {"FailureReason": text})

    assert body.isascii()
    assert b"\n" not in body
    assert json.loads(body)["detail"]["FailureReason"] == text


def test_an_event_is_signed_as_standard_webhooks_has_it() -> None:
    """The vector of that specification's own libraries."""
    body = b'{"test": 2432232314}'
    secret, identifier = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"

    headers = headers_of(identifier, body, secret, 1614265330.7)

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == (identifier, "1614265330")


def test_a_secret_that_is_no_base64_is_the_key_itself() -> None:
    headers = headers_of("id", b"{}", "plain secret", 5.0)

    signed = hmac.digest(b"plain secret", b"id.5.{}", hashlib.sha256)
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(signed).decode()}"


@pytest.mark.parametrize("secret", ["whsec_not base64", "whsec_a"])
def test_a_prefix_alone_makes_no_base64(secret: str) -> None:
    assert key_of(secret) == secret.encode()


def test_without_a_secret_nothing_is_signed() -> None:
    assert "webhook-signature" not in headers_of("id", b"{}", "", 5.0)
