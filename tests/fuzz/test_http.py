"""Requests that are wrong as HTTP, or wrong for AWS before any body is read: answered, and the server goes on."""

import socket
import time
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings

from answering import Answer, ask, send, signed
from fuzz.hostile import texts
from fuzz.house import PATIENCE_S, House

JSON = "application/x-amz-json-1.1"
LIST = "SageMaker.ListHyperParameterTuningJobs"
HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: SageMaker.ListTags\r\n"
_ANY = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)
QUICK = settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=_ANY)


def held(house: House, body: bytes = b"{}", *, method: str = "POST", path: str = "/", **headers: str) -> Answer:
    """Send a request that is signed for another method and path than it may have, and check the answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    before, start = house.version(), time.monotonic()
    answer = send(house.url, body, signed(f"{house.url}/", body, named), method=method, path=path)
    if method == "HEAD":
        assert answer.status < 500
    else:
        house.hold(answer, before, start)
    return answer


def raw(house: House, sent: bytes, *, is_cut: bool = False) -> bytes:
    """Send bytes as they are, the connection's end too if *is_cut*, and give all that comes back."""
    parts = urlsplit(house.url)
    received = b""
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=PATIENCE_S) as connection:
        connection.sendall(sent)
        if is_cut:
            connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(65536):
            received += piece
    return received


def is_alive(house: House) -> bool:
    """Say whether the server still answers."""
    return ask(house.url, "ListHyperParameterTuningJobs", b"{}").status == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND"])
def test_another_method_is_refused(house: House, method: str) -> None:
    assert 400 <= held(house, method=method, Content_Type=JSON, X_Amz_Target=LIST).status < 500


@pytest.mark.parametrize(
    "target",
    [
        "",
        ".",
        "SageMaker",
        "SageMaker.",
        ".ListTags",
        "SageMaker.CreateModel",
        "SageMaker.NoSuchThing",
        "sagemaker.ListTags",
        "Nothing.ListTags",
        "SageMaker.ListTags.ListTags",
        "Logs_20140328.DescribeLogStreams",
        "SageMaker." + "a" * 5_000,
        "SageMaker.__class__",
    ],
)
def test_a_target_that_is_nowhere_is_refused(house: House, target: str) -> None:
    assert held(house, Content_Type=JSON, X_Amz_Target=target).status in (400, 403, 404)


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/json",
        "application/x-amz-json-1.0",
        "application/x-amz-json-9.9",
        "application/cbor",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        "x" * 5_000,
    ],
)
def test_another_content_type_does_no_harm(house: House, content_type: str) -> None:
    assert held(house, Content_Type=content_type, X_Amz_Target=LIST).status < 500


@pytest.mark.parametrize(
    "path", ["/x", "//", "/%00", "/%ff", "/../..", "/?Action=ListTags", "/?X-Amz-Target=a", "/ui/x"]
)
def test_another_path_does_no_harm(house: House, path: str) -> None:
    assert held(house, path=path, Content_Type=JSON, X_Amz_Target=LIST).status < 500


@QUICK
@given(text=texts)
def test_any_target_is_answered(house: House, text: str) -> None:
    target = "".join(each for each in text if " " < each < "\x7f")[:500]

    held(house, Content_Type=JSON, X_Amz_Target=f"SageMaker.{target}")


@pytest.mark.parametrize("size", [4 * 2**20, 4 * 2**20 + 1, 10 * 2**20])
def test_a_huge_body_is_refused(house: House, size: int) -> None:
    body = b'{"NameContains": "' + b"a" * (size - 20) + b'"}'

    answer = held(house, body, Content_Type=JSON, X_Amz_Target=LIST)

    assert answer.status == (413 if size > 4 * 2**20 else 400)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 10_000,
        b"[" * 10_000 + b"]" * 10_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b'{"MaxResults": ' + b"9" * 100_000 + b"}",
        b'{"MaxResults": 1e' + b"9" * 1_000 + b"}",
        b'{"CreationTimeAfter": ' + b"-" + b"9" * 4_000 + b"}",
        b'{"MaxResults": 1, "MaxResults": 2}',
        b'{"MaxResults": 5',
        b'{"NextToken": "\\ud800"}',
        b'{"NextToken": "' + "\u202e".encode() * 10_000 + b'"}',
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b"\xff",
        b"null",
        b"0",
        b'"x"',
        b"NaN",
    ],
)
def test_a_document_that_is_none_is_refused(house: House, body: bytes) -> None:
    assert held(house, body, Content_Type=JSON, X_Amz_Target=LIST).status == 400


@pytest.mark.parametrize(
    "sent",
    [
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"POST / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64,
        HEAD + b"Content-Length: -5\r\n\r\n",
        HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        HEAD + b"Content-Length: 99999999999999999999\r\n\r\n{}",
        HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}too long\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: gzip\r\n\r\n{}",
        HEAD + b"Authorization: AWS4-HMAC-SHA256 Credential=\xff\xfe\r\n\r\n",
        HEAD + b"X-A: " + b"a" * 200_000 + b"\r\n\r\n",
        HEAD + b"X-A: a\r\n" * 20_000 + b"\r\n",
        b"POST /%zz?%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_what_is_hardly_http_is_answered_or_hung_up_on(house: House, sent: bytes) -> None:
    answer = raw(house, sent, is_cut=True)

    assert answer == b"" or answer.split(b"\r\n", 1)[0].split(b" ")[1][:1] == b"4", answer[:500]
    assert is_alive(house)


@pytest.mark.parametrize("count", [0, 1, 30])
def test_a_body_that_ends_too_early_changes_nothing(house: House, count: int) -> None:
    before = house.version()

    raw(house, HEAD + b"Content-Length: 50\r\n\r\n" + b"a" * count, is_cut=True)

    assert (house.version(), is_alive(house)) == (before, True)
