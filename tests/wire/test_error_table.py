"""The errors of the contract as they go over the wire: code, status and text, in the body and in the header."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from answering import KEY, Answer, answering, ask, send, signed
from desk import Desk
from luthier.api.limits import Limits
from luthier.store.engine import Store
from sample import a_create_request
from things import SCOPE

CREATE = "CreateHyperParameterTuningJob"
DESCRIBE = "DescribeHyperParameterTuningJob"
NOBODY = {"HyperParameterTuningJobName": "nobody"}
JSON = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"SageMaker.{DESCRIBE}"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
IDENTITY = b"Action=GetCallerIdentity&Version=2011-06-15"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('errors') / 'luthier.db'}")
    desk = Desk(store, limits=Limits(max_tuning_jobs=1, max_instances=5))
    desk.create(a_create_request("taken"))
    desk.complete(*desk.launch("taken", 1), 0.5)
    yield desk
    store.close()


@pytest.fixture(scope="module")
def url(desk: Desk) -> Iterator[str]:
    with answering(desk) as url:
        yield url


def told(answer: Answer) -> tuple[int, str, str]:
    """Give status, code and message of an error of a JSON protocol; body and header must agree on the code."""
    document = answer.document
    assert set(document) == {"__type", "message"}
    assert answer.headers["x-amzn-errortype"] == document["__type"]
    assert re.fullmatch("[0-9a-f-]{36}", answer.headers["x-amzn-requestid"])
    return answer.status, document["__type"], document["message"]


def told_in_xml(answer: Answer) -> tuple[int, str, str]:
    """Likewise of the query protocol."""
    error = ET.fromstring(answer.body).find("{*}Error")
    assert error is not None
    code, message = (error.findtext(f"{{*}}{name}") for name in ("Code", "Message"))
    assert answer.headers["x-amzn-errortype"] == code
    return answer.status, str(code), str(message)


def signed_by(
    url: str, access_key: str, secret_key: str, body: bytes, headers: dict[str, str], of: str
) -> dict[str, str]:
    """Sign as somebody else."""
    request = AWSRequest("POST", f"{url}/", headers, body)
    SigV4Auth(Credentials(access_key, secret_key), of, SCOPE.region).add_auth(request)
    return dict(request.headers.items())


@pytest.mark.parametrize(
    ("operation", "request_", "code", "text"),
    [
        (
            CREATE,
            a_create_request("taken"),
            "ResourceInUse",
            "A hyperparameter tuning job with the name, taken, already exists. Choose a different name.",
        ),
        (
            CREATE,
            a_create_request("one-too-many"),
            "ResourceLimitExceeded",
            "The account-level service limit 'Number of concurrent hyperparameter tuning jobs' is 1, with current "
            "utilization of 1 and a request delta of 1. Please use AWS Service Quotas to request an increase for this "
            "quota. If AWS Service Quotas is not available, contact AWS support to request an increase for this quota.",
        ),
        (
            DESCRIBE,
            NOBODY,
            "ResourceNotFound",
            "Amazon SageMaker can't find a tuning job called nobody. Type another name.",
        ),
        (
            "StopHyperParameterTuningJob",
            NOBODY,
            "ResourceNotFound",
            "Amazon SageMaker can't find a tuning job called nobody. Type another name.",
        ),
        (
            "ListTrainingJobsForHyperParameterTuningJob",
            NOBODY,
            "ResourceNotFound",
            "Amazon SageMaker can't find a tuning job called nobody. Type another name.",
        ),
        (
            "DescribeTrainingJob",
            {"TrainingJobName": "nobody"},
            "ValidationException",
            "Requested resource not found.",
        ),
        (
            DESCRIBE,
            {},
            "ValidationException",
            "1 validation error detected: Value null at 'hyperParameterTuningJobName' failed to satisfy constraint: "
            "Member must not be null",
        ),
        (
            DESCRIBE,
            {"HyperParameterTuningJobName": 5},
            "SerializationException",
            "NUMBER_VALUE can not be converted to a String at 'hyperParameterTuningJobName'",
        ),
    ],
)
def test_an_error_of_an_operation(url: str, operation: str, request_: Any, code: str, text: str) -> None:
    assert told(ask(url, operation, json.dumps(request_).encode())) == (400, code, text)


def test_a_training_job_that_is_over_cannot_be_stopped(url: str, desk: Desk) -> None:
    (job,) = desk.ask("ListTrainingJobsForHyperParameterTuningJob", HyperParameterTuningJobName="taken")[
        "TrainingJobSummaries"
    ]

    answer = ask(url, "StopTrainingJob", json.dumps({"TrainingJobName": job["TrainingJobName"]}).encode())

    assert told(answer) == (
        400,
        "ValidationException",
        "The request was rejected because the training job is in status Completed.",
    )


def test_a_dry_run_says_that_it_was_one(url: str) -> None:
    body = json.dumps({"HyperParameterTuningJobName": "taken"}).encode()

    answer = ask(url, "StopHyperParameterTuningJob", body, **{"x-luthier-dry-run": "true"})

    assert told(answer) == (
        412,
        "DryRunOperation",
        "Request would have succeeded, but DryRun flag is set.",
    )


def test_a_body_that_is_too_long(url: str) -> None:
    status, code, _ = told(ask(url, DESCRIBE, b" " * (4 * 2**20 + 1)))

    assert (status, code) == (413, "ValidationException")


@pytest.mark.parametrize("operation", ["CreateModel", "NoSuchThing"])
def test_an_operation_that_nobody_answers(url: str, operation: str) -> None:
    assert told(ask(url, operation, b"{}"))[:2] == (400, "UnknownOperationException")


def test_a_request_that_is_not_signed(url: str) -> None:
    assert told(send(url, b"{}", JSON))[:2] == (400, "MissingAuthenticationTokenException")


@pytest.mark.parametrize(
    "header", ["AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=a", "Basic YTpi", "AWS4-HMAC-SHA256 ="]
)
def test_a_signature_that_is_garbled(url: str, header: str) -> None:
    answer = send(url, b"{}", {**JSON, "Authorization": header, "X-Amz-Date": "20260101T000000Z"})

    assert told(answer)[:2] == (400, "IncompleteSignatureException")


def test_an_access_key_that_nobody_has(url: str) -> None:
    answer = send(url, b"{}", signed_by(url, "AKIANOBODY", KEY.secret_key, b"{}", JSON, "sagemaker"))

    assert told(answer) == (
        400,
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
    )


def test_a_wrong_secret(url: str) -> None:
    status, code, text = told(send(url, b"{}", signed_by(url, KEY.access_key, "wrong", b"{}", JSON, "sagemaker")))

    assert (status, code) == (400, "InvalidSignatureException")
    assert text.startswith("The request signature we calculated does not match the signature you provided.")


def test_a_body_that_is_not_the_one_that_was_signed(url: str) -> None:
    answer = send(url, b'{"a": 1}', signed(f"{url}/", b"{}", JSON))

    assert told(answer)[:2] == (400, "InvalidSignatureException")


def test_a_signature_for_another_service(url: str) -> None:
    answer = send(url, b"{}", signed_by(url, KEY.access_key, KEY.secret_key, b"{}", JSON, "logs"))

    assert told(answer)[:2] == (400, "InvalidSignatureException")


@pytest.mark.parametrize(
    ("code", "secret", "key"),
    [("SignatureDoesNotMatch", "wrong", KEY.access_key), ("InvalidClientTokenId", "a", "AKIANOBODY")],
)
def test_a_failed_signature_in_the_words_of_the_query_protocol(url: str, code: str, secret: str, key: str) -> None:
    answer = send(url, IDENTITY, signed_by(url, key, secret, IDENTITY, FORM, "sts"))

    assert told_in_xml(answer)[:2] == (403, code)


def test_a_request_that_is_not_signed_in_the_words_of_the_query_protocol(url: str) -> None:
    assert told_in_xml(send(url, IDENTITY, FORM))[:2] == (403, "MissingAuthenticationToken")


def test_an_action_that_nobody_answers(url: str) -> None:
    body = b"Action=NoSuchThing&Version=2011-06-15"

    assert told_in_xml(send(url, body, signed(f"{url}/", body, FORM, service="sts")))[:2] == (400, "InvalidAction")
