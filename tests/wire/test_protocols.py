"""One operation in every protocol that its service has, and what is not answered, in each service's own form."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.serialize import create_serializer

from luthier.records.call import ApiError, Call, validation_error
from luthier.records.json_value import JsonObject
from luthier.wire.asgi import make_app
from serving import serving
from wire.conftest import client
from wire.signing import KEY, now
from wire.test_asgi import error_of, post

START, END = datetime(2026, 1, 2, 3, 4, tzinfo=UTC), datetime(2026, 1, 2, 4, tzinfo=UTC)
PROTOCOLS = ("json", "query", "smithy-rpc-v2-cbor")
ROLE = {
    "Path": "/",
    "RoleName": "r",
    "RoleId": "AROAAAAAAAAAAAAAAAAA",
    "Arn": "arn:aws:iam::123456789012:role/r",
    "CreateDate": 1542749284.0,
    "MaxSessionDuration": 3600,
    "Tags": [{"Key": "a", "Value": "<b>"}],
}


def statistics(call: Call) -> JsonObject:
    """Tell what arrived."""
    if call.parameters["MetricName"] == "many":
        raise ApiError("InvalidParameterCombination", "You have requested up to 2000 datapoints")
    if call.parameters["MetricName"] == "odd":
        raise validation_error("It is odd")
    if call.parameters["MetricName"] == "bug":
        raise RuntimeError
    dimensions = call.parameters.get("Dimensions", [])
    assert isinstance(dimensions, list)
    label = ",".join(f"{each['Name']}={each['Value']}" for each in dimensions)
    start, statistics = call.parameters["StartTime"], call.parameters["Statistics"]
    assert isinstance(statistics, list)
    point = {"Timestamp": start, "Average": 0.5, "Unit": "None", "SampleCount": len(statistics)}
    return {"Label": label, "Datapoints": [point]}


def role(call: Call) -> JsonObject:
    if call.parameters["RoleName"] == "none":
        raise ApiError("NoSuchEntity", "The role with name none cannot be found.", http_status=404)
    return {"Role": ROLE}


def simulate(call: Call) -> JsonObject:
    names = call.parameters["ActionNames"]
    assert isinstance(names, list)
    details = {"EvalDecisionDetails": {"identity": "allowed"}, "MissingContextValues": []}
    results = [{"EvalActionName": name, "EvalDecision": "allowed", **details} for name in names]
    return {"EvaluationResults": results, "IsTruncated": False}


def streams(call: Call) -> JsonObject:
    raise validation_error(f"logs of {call.scope.account}")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A front door for the neighbours of SageMaker."""
    app = make_app(
        handlers={
            ("cloudwatch", "GetMetricStatistics"): statistics,
            ("iam", "GetRole"): role,
            ("iam", "SimulatePrincipalPolicy"): simulate,
            ("logs", "DescribeLogStreams"): streams,
            ("sts", "GetCallerIdentity"): lambda call: {"Account": call.scope.account},
        },
        keys=lambda key, _: KEY if key == KEY.access_key else None,
        s3=None,
        pages=None,
        clock=now,
    )
    with serving(app) as url:
        yield url


def cloudwatch(url: str, protocol: str) -> Any:
    """Make a client that speaks one protocol, as older and other clients do."""
    made = client("cloudwatch", url)
    made._serializer = create_serializer(protocol, include_validation=True)
    made.meta.service_model.__dict__["resolved_protocol"] = protocol
    return made


def ask(cloudwatch: Any, name: str = "loss", **changes: Any) -> Any:
    return cloudwatch.get_metric_statistics(
        **{
            "Namespace": "n",
            "MetricName": name,
            "Dimensions": [{"Name": "TrainingJobName", "Value": "a"}, {"Name": "Host", "Value": "é"}],
            "StartTime": START,
            "EndTime": END,
            "Period": 60,
            "Statistics": ["Average", "Sum"],
        }
        | changes
    )


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_same_is_answered_in_every_protocol(url: str, protocol: str) -> None:
    """Lists, structures, times and numbers go both ways."""
    answer = ask(cloudwatch(url, protocol))

    assert answer["Label"] == "TrainingJobName=a,Host=é"
    assert answer["Datapoints"] == [{"Timestamp": START, "Average": 0.5, "SampleCount": 2.0, "Unit": "None"}]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_error_has_the_code_of_the_query_protocol_in_every_protocol(url: str, protocol: str) -> None:
    """Programs look for the code that it always had."""
    code, message, status = error_of(ask, cloudwatch=cloudwatch(url, protocol), name="many")

    assert (code, message, status) == ("InvalidParameterCombination", "You have requested up to 2000 datapoints", 400)


@pytest.mark.parametrize("protocol", ["json", "smithy-rpc-v2-cbor"])
def test_an_error_that_is_modelled_can_be_caught_by_its_class(url: str, protocol: str) -> None:
    speaking = cloudwatch(url, protocol)

    with pytest.raises(speaking.exceptions.InvalidParameterCombinationException) as caught:
        ask(speaking, "many")

    assert caught.value.response["Error"]["Type"] == "Sender"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_the_model_forbids_is_a_validation_error(url: str, protocol: str) -> None:
    code, message, _ = error_of(ask, cloudwatch=cloudwatch(url, protocol), Statistics=["Median"])

    assert code == "ValidationError"
    assert message.startswith("1 validation error detected: Value '[Median]' at 'statistics' failed")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_fault_of_ours_is_told_in_every_protocol(url: str, protocol: str) -> None:
    assert error_of(ask, cloudwatch=cloudwatch(url, protocol), name="bug")[::2] == ("InternalFailure", 500)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_operation_that_nobody_answers_is_told_in_every_protocol(url: str, protocol: str) -> None:
    code, message, status = error_of(cloudwatch(url, protocol).describe_alarms)

    assert code == ("InvalidAction" if protocol == "query" else "UnknownOperationException")
    assert (message, status) == ("This server does not answer DescribeAlarms of the service cloudwatch.", 400)


def test_a_reply_in_cbor_says_so(url: str) -> None:
    answer = ask(cloudwatch(url, "smithy-rpc-v2-cbor"))["ResponseMetadata"]["HTTPHeaders"]

    assert (answer["smithy-protocol"], answer["content-type"]) == ("rpc-v2-cbor", "application/cbor")


def test_a_reply_in_json_has_the_services_version(url: str) -> None:
    answer = ask(cloudwatch(url, "json"))["ResponseMetadata"]["HTTPHeaders"]

    assert answer["content-type"] == "application/x-amz-json-1.0"


@pytest.mark.parametrize(
    "path", ["/", "/service/Elsewhere/operation/X", "/service/GraniteServiceVersion20100801/operation/", "/service"]
)
def test_a_path_that_names_nothing_is_an_unknown_operation(url: str, path: str) -> None:
    speaking = cloudwatch(url, "smithy-rpc-v2-cbor")
    speaking.meta.events.register(
        "before-sign.cloudwatch", lambda request, **_: setattr(request, "url", f"{url}{path}")
    )

    assert error_of(ask, cloudwatch=speaking)[::2] == ("UnknownOperationException", 400)


def test_a_body_that_is_not_cbor_is_refused(url: str) -> None:
    status, headers, body = post(url, b"{}", service="monitoring", Smithy_Protocol="rpc-v2-cbor")

    assert (status, headers["x-amzn-errortype"]) == (400, "UnknownOperationException")
    assert body.startswith(b"\xa2")


def test_a_service_is_answered_only_in_its_own_protocols(url: str) -> None:
    """STS has the query protocol alone."""
    status, _, body = post(
        url, b"Action=DescribeLogStreams", service="logs", Content_Type="application/x-www-form-urlencoded"
    )

    assert (status, b"<Code>InvalidAction</Code>" in body) == (400, True)


def test_a_role_is_read_over_the_query_protocol(url: str) -> None:
    """With its time, number and tags."""
    answer = client("iam", url).get_role(RoleName="r")["Role"]

    assert answer == ROLE | {"CreateDate": datetime.fromtimestamp(1542749284, UTC)}


def test_an_error_of_iam_has_its_status(url: str) -> None:
    iam = client("iam", url)

    with pytest.raises(iam.exceptions.NoSuchEntityException) as caught:
        iam.get_role(RoleName="none")

    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_lists_maps_and_booleans_go_over_the_query_protocol(url: str) -> None:
    answer = client("iam", url).simulate_principal_policy(
        PolicySourceArn="arn:aws:iam::123456789012:role/r",
        ActionNames=["s3:GetObject", "iam:PassRole"],
        ContextEntries=[{"ContextKeyName": "aws:x", "ContextKeyValues": ["a", "b"], "ContextKeyType": "stringList"}],
    )

    assert [each["EvalActionName"] for each in answer["EvaluationResults"]] == ["s3:GetObject", "iam:PassRole"]
    assert answer["EvaluationResults"][0]["EvalDecisionDetails"] == {"identity": "allowed"}
    assert answer["IsTruncated"] is False


def test_a_number_that_is_none_is_malformed_input(url: str) -> None:
    body = b"Action=GetRole&Version=2010-05-08&RoleName.x=1"
    status, _, answer = post(url, body, service="iam", Content_Type="application/x-www-form-urlencoded")

    assert (status, b"<Code>MalformedInput</Code>" in answer) == (400, True)


def test_the_log_service_has_its_own_word_for_a_validation_error(url: str) -> None:
    assert error_of(client("logs", url).describe_log_streams, logGroupName="g")[0] == "InvalidParameterException"


@pytest.mark.parametrize(
    ("service", "call", "parameters"),
    [
        ("cloudformation", "list_stacks", {}),
        ("cloudfront", "list_distributions", {}),
        ("dynamodb", "list_tables", {}),
        ("ec2", "describe_vpcs", {}),
        ("ecr", "describe_repositories", {}),
        ("kms", "list_keys", {}),
        ("lambda", "list_functions", {}),
        ("route53", "list_hosted_zones", {}),
        ("sagemaker-runtime", "invoke_endpoint", {"EndpointName": "e", "Body": b"x"}),
        ("sns", "list_topics", {}),
        ("sqs", "list_queues", {}),
    ],
)
def test_another_service_is_told_in_its_own_form_that_it_is_not_answered(
    url: str, service: str, call: str, parameters: dict[str, Any]
) -> None:
    """Whatever its protocol, with status 400: a client would try again after a 500."""
    code, message, status = error_of(getattr(client(service, url), call), **parameters)

    assert (code in ("InvalidAction", "UnknownOperationException"), status) == (True, 400)
    assert message.startswith("This server does not answer")


def test_a_compressed_request_is_no_fault_of_ours(url: str) -> None:
    """boto3 compresses large PutMetricData, which nobody here answers."""
    made = boto3.client(
        "cloudwatch",
        "us-east-1",
        endpoint_url=url,
        aws_access_key_id=KEY.access_key,
        aws_secret_access_key=KEY.secret_key,
        config=Config(request_min_compression_size_bytes=1),
    )

    with pytest.raises(ClientError) as caught:
        made.put_metric_data(Namespace="n", MetricData=[{"MetricName": "m", "Value": 1.0}])

    assert caught.value.response["Error"]["Code"] == "UnknownOperationException"
