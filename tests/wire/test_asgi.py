"""Real AWS clients, and worse ones, at the front door."""

import http.client
import json
import logging
import urllib.error
import urllib.request
from contextlib import closing
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luthier.wire.asgi import LONGEST_BODY
from wire.conftest import KEY, client
from wire.signing import CREDENTIALS, now


@pytest.fixture(scope="module")
def sagemaker(url: str) -> Any:
    return client("sagemaker", url)


def error_of(call: Any, **parameters: Any) -> tuple[str, str, int]:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    response = caught.value.response
    return response["Error"]["Code"], response["Error"]["Message"], response["ResponseMetadata"]["HTTPStatusCode"]


def post(url: str, body: bytes, *, service: str = "sagemaker", **headers: str) -> tuple[int, Any, bytes]:
    """Send a signed POST / and give status, headers and body."""
    request = AWSRequest("POST", f"{url}/", {name.replace("_", "-"): value for name, value in headers.items()}, body)
    SigV4Auth(CREDENTIALS, service, "us-east-1").add_auth(request)
    return raw(url, "POST", "/", body, dict(request.headers.items()))


def raw(url: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    connection.request(method, path, body, headers)
    with connection.getresponse() as answer:
        result = answer.status, answer.headers, answer.read()
    connection.close()
    return result


def test_a_call_is_answered_with_its_account_and_region(sagemaker: Any) -> None:
    """The account is the key's, the region the signature's."""
    answer = sagemaker.describe_training_job(TrainingJobName="a")

    assert answer["TrainingJobArn"] == f"arn:aws:sagemaker:us-east-1:{KEY.principal.account}:training-job/a"
    assert answer["FinalMetricDataList"][0]["Value"] == 2.9148800373077393


def test_an_operation_without_output_has_an_empty_body(url: str) -> None:
    """With its length, or clients would wait for more."""
    status, headers, body = post(url, b'{"TrainingJobName": "a"}', X_Amz_Target="SageMaker.StopTrainingJob")

    assert (status, headers["content-length"], body) == (200, "0", b"")


def test_every_reply_has_the_headers_of_aws(url: str) -> None:
    """One date, one request id, and the type of the body."""
    _, headers, _ = post(url, b'{"TrainingJobName": "a"}', X_Amz_Target="SageMaker.DescribeTrainingJob")

    assert headers["content-type"] == "application/x-amz-json-1.1"
    assert len(headers.get_all("date")) == 1
    assert len(headers["x-amzn-requestid"]) == 36


@pytest.mark.parametrize("name", ["a", "gone", "a_b"])
def test_every_reply_has_the_date_of_now(url: str, name: str) -> None:
    """Errors too: botocore reckons with it when it tries again."""
    body = json.dumps({"TrainingJobName": name}).encode()

    _, headers, _ = post(url, body, X_Amz_Target="SageMaker.DescribeTrainingJob")

    assert abs(parsedate_to_datetime(headers["date"]).timestamp() - now()) < 60


def test_a_connection_carries_one_call_after_another(url: str) -> None:
    """Those with an empty reply among them: a wrong length would make the next one hang."""
    parts, seen = urlsplit(url), []
    with closing(http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)) as connection:
        for operation in ("StopTrainingJob", "DescribeTrainingJob", "StopTrainingJob"):
            body, target = b'{"TrainingJobName": "a"}', {"X-Amz-Target": f"SageMaker.{operation}"}
            request = AWSRequest("POST", f"{url}/", target, body)
            SigV4Auth(CREDENTIALS, "sagemaker", "us-east-1").add_auth(request)
            connection.request("POST", "/", body, dict(request.headers.items()))
            with connection.getresponse() as answer:
                seen.append((answer.status, answer.will_close, bool(answer.read())))

    assert seen == [(200, False, False), (200, False, True), (200, False, False)]


def test_the_caller_is_told_over_the_query_protocol(url: str) -> None:
    """STS speaks XML."""
    answer = client("sts", url).get_caller_identity()

    assert (answer["Account"], answer["UserId"]) == (KEY.principal.account, KEY.access_key)
    assert len(answer["ResponseMetadata"]["RequestId"]) == 36


def test_a_presigned_call_of_the_query_protocol_is_answered(url: str) -> None:
    """As tools send it that prove who they are with a URL."""
    presigned = client("sts", url).generate_presigned_url("get_caller_identity", HttpMethod="GET")

    with urllib.request.urlopen(presigned) as answer:
        assert KEY.principal.account.encode() in answer.read()


def test_an_error_of_the_handler_reaches_the_client(url: str, sagemaker: Any) -> None:
    """By body for botocore, by header for others."""
    with pytest.raises(sagemaker.exceptions.ResourceNotFound):
        sagemaker.describe_training_job(TrainingJobName="gone")
    _, headers, body = post(url, b'{"TrainingJobName": "gone"}', X_Amz_Target="SageMaker.DescribeTrainingJob")

    assert headers["x-amzn-errortype"] == json.loads(body)["__type"] == "ResourceNotFound"


def test_a_fault_of_ours_tells_nothing(sagemaker: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The log has it all."""
    with caplog.at_level(logging.CRITICAL, "luthier.wire.asgi"):
        code, message, status = error_of(sagemaker.describe_training_job, TrainingJobName="bug")

    assert (code, status) == ("InternalFailure", 500)
    assert "secret" not in message


def test_the_model_is_checked_before_the_handler(sagemaker: Any) -> None:
    """botocore itself checks no pattern."""
    code, message, status = error_of(sagemaker.describe_training_job, TrainingJobName="a_b")

    assert (code, status) == ("ValidationException", 400)
    assert message.startswith("1 validation error detected: Value 'a_b' at 'trainingJobName' failed")


def test_an_operation_that_nobody_answers_is_named(sagemaker: Any) -> None:
    """It exists, but not here."""
    assert error_of(sagemaker.list_apps) == (
        "UnknownOperationException",
        "This server does not answer ListApps of the service sagemaker.",
        400,
    )


@pytest.mark.parametrize("target", ["SageMaker.Tune", "SageMaker.", "Elsewhere.DescribeTrainingJob", "", "."])
def test_an_unknown_target_is_an_unknown_operation(url: str, target: str) -> None:
    """Status 400, whatever it is."""
    status, _, body = post(url, b"{}", X_Amz_Target=target)

    assert (status, json.loads(body)["__type"]) == (400, "UnknownOperationException")


@pytest.mark.parametrize(("service", "call"), [("iam", "list_users"), ("ecr", "describe_repositories")])
def test_a_service_that_nobody_answers_is_named(url: str, service: str, call: str) -> None:
    """In its own dialect."""
    code, message, status = error_of(getattr(client(service, url), call))

    assert status == 400
    assert code in ("InvalidAction", "UnknownOperationException")
    assert f"of the service {service}" in message


def test_a_rest_service_that_nobody_answers_is_refused(url: str) -> None:
    """It has neither target nor action."""
    code, _, status = error_of(client("sagemaker-runtime", url).invoke_endpoint, EndpointName="e", Body=b"x")

    assert (code, status) == ("UnknownOperationException", 400)


def test_a_signature_for_another_service_is_refused(url: str) -> None:
    """The scope must name the service that is asked."""
    status, _, body = post(url, b"{}", service="sts", X_Amz_Target="SageMaker.StopTrainingJob")

    assert (status, json.loads(body)["__type"]) == (400, "InvalidSignatureException")


@pytest.mark.parametrize(
    ("service", "call", "code", "status"),
    [
        ("sagemaker", "list_apps", "InvalidSignatureException", 400),
        ("sts", "get_caller_identity", "SignatureDoesNotMatch", 403),
    ],
)
def test_a_wrong_secret_is_refused(url: str, service: str, call: str, code: str, status: int) -> None:
    """With the code of each dialect."""
    assert error_of(getattr(client(service, url, secret_key="guessed"), call))[::2] == (code, status)


def test_an_unknown_key_is_refused(url: str) -> None:
    """In the words that people search for."""
    other = boto3.client("sagemaker", "us-east-1", endpoint_url=url, aws_access_key_id="x", aws_secret_access_key="y")

    assert error_of(other.list_apps)[:2] == (
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
    )


def test_an_unsigned_call_is_refused(url: str) -> None:
    """It has a target, so it is told in JSON."""
    status, _, body = raw(url, "POST", "/", b"{}", {"X-Amz-Target": "SageMaker.ListApps"})

    assert (status, json.loads(body)["__type"]) == (400, "MissingAuthenticationTokenException")


@pytest.mark.parametrize("path", ["/", "/ui/jobs", "/static/a.css"])
def test_a_browser_gets_pages(url: str, path: str) -> None:
    """GET without a signature."""
    assert raw(url, "GET", path, b"", {})[2] == b"a page"


def test_a_form_is_sent_to_the_pages(url: str) -> None:
    """POST without a signature, below /ui/."""
    assert raw(url, "POST", "/ui/jobs/stop", b"token=x", {})[2] == b"a page"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_signed_in_its_address_is_no_page(url: str, method: str) -> None:
    assert raw(url, method, "/ui/key?uploads&X-Amz-Signature=0", b"", {})[2] != b"a page"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/other"), ("POST", "/"), ("POST", "/uix"), ("DELETE", "/ui/jobs"), ("GET", "/uix")]
)
def test_nothing_else_is_a_page(url: str, method: str, path: str) -> None:
    """It would be an object of S3, and is not signed."""
    status, _, body = raw(url, method, path, b"", {})

    assert (status, b"<Code>AccessDenied</Code>" in body) == (403, True)


def test_a_body_that_is_too_long_is_refused(url: str) -> None:
    """By its announced length."""
    status, _, body = raw(url, "POST", "/", b"", {**signed_headers(url), "Content-Length": str(LONGEST_BODY + 1)})

    assert (status, json.loads(body)["__type"]) == (413, "ValidationException")


def signed_headers(url: str) -> dict[str, str]:
    request = AWSRequest("POST", f"{url}/", {"X-Amz-Target": "SageMaker.ListApps"}, b"")
    SigV4Auth(CREDENTIALS, "sagemaker", "us-east-1").add_auth(request)
    return dict(request.headers.items())


header_text = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=40).map(str.strip)
bodies = st.one_of(
    st.binary(max_size=100),
    st.dictionaries(st.text(max_size=20) | st.just("TrainingJobName"), st.none() | st.text() | st.integers())
    .map(json.dumps)
    .map(str.encode),
)
targets = st.sampled_from(["SageMaker.DescribeTrainingJob", "SageMaker.StopTrainingJob", "SageMaker.X"]) | header_text
content_types = st.sampled_from(["application/x-amz-json-1.1", "application/x-www-form-urlencoded"]) | header_text


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=bodies, target=targets, content_type=content_types, service=st.sampled_from(["sagemaker", "sts", "iam"]))
def test_nothing_that_is_signed_makes_the_server_fail(
    url: str, body: bytes, target: str, content_type: str, service: str
) -> None:
    """Whatever the body, target and type."""
    status, _, _ = post(url, body, service=service, X_Amz_Target=target, Content_Type=content_type)

    assert status < 500


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS"]),
    path=st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=60),
    authorization=header_text,
    body=st.binary(max_size=50),
)
def test_nothing_that_is_unsigned_makes_the_server_fail(
    url: str, method: str, path: str, authorization: str, body: bytes
) -> None:
    """Whatever the path and the claim."""
    headers = {"Authorization": f"AWS4-HMAC-SHA256 {authorization}"} if authorization else {}
    status, _, _ = raw(url, method, f"/{path}", body, headers)

    assert status < 500
