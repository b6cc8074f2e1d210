"""S3 requests go through to a real S3 server and back, unchanged."""

import hashlib
import http.client
import io
import os
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError

from luthier.wire.passthrough import Upstream
from wire.conftest import client, front_door
from wire.signing import CREDENTIALS

BIG = 20 * 1024 * 1024


@pytest.fixture(scope="module")
def s3(s3_url: str) -> Any:
    return client("s3", s3_url)


def test_an_object_comes_back_as_it_was_put(s3: Any) -> None:
    """With its metadata and content type."""
    s3.put_object(Bucket="bucket", Key="plain", Body=b"hello", ContentType="text/x-odd", Metadata={"who": "me"})
    got = s3.get_object(Bucket="bucket", Key="plain")

    assert (got["Body"].read(), got["ContentType"], got["Metadata"]) == (b"hello", "text/x-odd", {"who": "me"})


@pytest.mark.parametrize(
    "key",
    [
        "a b+c&d=e~.txt",
        "deep/er/file",
        "ü/日本",
        "a?b#c",
        "x;y=1,@:$!*()'",
        "%2F%41",
        "back\\slash",
        "{}[]|^`<>",
    ],
)
def test_odd_keys_are_kept_byte_for_byte(s3: Any, key: str) -> None:
    """The path is never decoded and encoded on its way."""
    s3.put_object(Bucket="bucket", Key=key, Body=key.encode())

    assert s3.get_object(Bucket="bucket", Key=key)["Body"].read() == key.encode()
    assert key in [each["Key"] for each in s3.list_objects_v2(Bucket="bucket", Prefix=key)["Contents"]]


def test_an_empty_object_can_be_put(s3: Any) -> None:
    """Its length is 0 and its hash that of nothing."""
    s3.put_object(Bucket="bucket", Key="empty", Body=b"")

    assert s3.head_object(Bucket="bucket", Key="empty")["ContentLength"] == 0


def test_a_range_is_answered_with_its_part(s3: Any) -> None:
    """Status 206 and the range's own length."""
    s3.put_object(Bucket="bucket", Key="ranged", Body=b"0123456789")
    got = s3.get_object(Bucket="bucket", Key="ranged", Range="bytes=2-4")

    assert (got["Body"].read(), got["ContentRange"]) == (b"234", "bytes 2-4/10")
    assert got["ResponseMetadata"]["HTTPStatusCode"] == 206


def test_what_is_not_modified_is_not_sent(s3: Any) -> None:
    """Status 304 comes through without a body."""
    tag = s3.put_object(Bucket="bucket", Key="tagged", Body=b"x")["ETag"]

    with pytest.raises(ClientError, match="304"):
        s3.get_object(Bucket="bucket", Key="tagged", IfNoneMatch=tag)


def test_a_missing_object_is_told_by_the_upstream(s3: Any) -> None:
    """Its error is passed on as it is."""
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket="bucket", Key="missing")


def test_a_deleted_object_is_gone(s3: Any) -> None:
    """One by one or many at once."""
    for key in ("one", "two"):
        s3.put_object(Bucket="bucket", Key=f"gone/{key}", Body=b"x")
    s3.delete_object(Bucket="bucket", Key="gone/one")
    s3.delete_objects(Bucket="bucket", Delete={"Objects": [{"Key": "gone/two"}]})

    assert s3.list_objects_v2(Bucket="bucket", Prefix="gone/").get("KeyCount", 0) == 0


def test_pages_of_a_listing_follow_each_other(s3: Any) -> None:
    """The continuation token comes back encoded as it went."""
    for index in range(5):
        s3.put_object(Bucket="bucket", Key=f"paged/{index} +", Body=b"x")
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket="bucket", Prefix="paged/", PaginationConfig={"PageSize": 2}
    )

    assert [each["Key"] for page in pages for each in page["Contents"]] == [f"paged/{index} +" for index in range(5)]


@pytest.mark.slow
def test_a_large_file_goes_up_in_parts_and_comes_down_again(s3: Any, tmp_path: Path) -> None:
    """upload_file and download_file with boto3's own choices: multipart, threads and checksums."""
    content = os.urandom(BIG)
    (tmp_path / "up").write_bytes(content)
    s3.upload_file(str(tmp_path / "up"), "bucket", "large")
    s3.download_file("bucket", "large", str(tmp_path / "down"))

    assert (tmp_path / "down").read_bytes() == content


@pytest.mark.parametrize("bucket", ["sagemaker", "sts", "static"])
def test_a_bucket_may_be_named_like_anything_of_ours(s3: Any, bucket: str) -> None:
    """Only the signature says which service is meant."""
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")

    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 1


@pytest.mark.parametrize("version", [None, "s3v4"])
def test_presigned_urls_work_without_any_key(s3_url: str, version: str | None) -> None:
    """Both kinds that boto3 makes: its default and version 4; upwards with headers, and down."""
    s3 = client("s3", s3_url, **({"signature_version": version} if version else {}))
    put = {"Bucket": "bucket", "Key": "pre signed+", "ContentType": "text/odd", "Metadata": {"a": "b"}}
    up = urllib.request.Request(s3.generate_presigned_url("put_object", Params=put), b"hello", method="PUT")
    up.add_header("Content-Type", "text/odd")
    if version:
        up.add_header("x-amz-meta-a", "b")
    urllib.request.urlopen(up).close()
    down = s3.generate_presigned_url("get_object", Params={"Bucket": "bucket", "Key": "pre signed+"})

    with urllib.request.urlopen(down) as got:
        assert (got.read(), got.headers["content-type"], got.headers["x-amz-meta-a"]) == (b"hello", "text/odd", "b")


def test_a_bucket_may_stand_in_the_host_name(s3_url: str, s3: Any) -> None:
    """BUCKET.localhost, as clients with virtual-host addressing send it."""
    s3.put_object(Bucket="bucket", Key="virtual", Body=b"hello")
    host = f"bucket.localhost:{urlsplit(s3_url).port}"
    status, body = send(s3_url, signed("GET", f"http://{host}/virtual"))

    assert (status, body) == (200, b"hello")


def test_a_wrong_secret_is_refused(s3_url: str) -> None:
    """With S3's own code and status."""
    with pytest.raises(ClientError) as caught:
        client("s3", s3_url, secret_key="guessed").list_buckets()

    assert caught.value.response["Error"]["Code"] == "SignatureDoesNotMatch"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_an_unsigned_request_is_refused(s3_url: str) -> None:
    """There are no public objects."""
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{s3_url}/bucket/plain")

    assert caught.value.code == 403
    assert b"<Code>AccessDenied</Code>" in caught.value.read()


@pytest.mark.parametrize("body", [b"hello", b"", b"x" * 3_000_000])
def test_a_body_that_is_not_the_signed_one_never_becomes_an_object(s3_url: str, s3: Any, body: bytes) -> None:
    """However short or long it is; what was there stays."""
    s3.put_object(Bucket="bucket", Key="kept", Body=b"before")
    request = signed("PUT", f"{s3_url}/bucket/kept", body + b"?")
    request.headers.replace_header("Content-Length", str(len(body)))
    status, answer = send(s3_url, request, body)

    assert (status, b"XAmzContentSHA256Mismatch" in answer) == (400, True)
    assert s3.get_object(Bucket="bucket", Key="kept")["Body"].read() == b"before"


def test_an_upload_that_breaks_off_never_becomes_an_object(s3_url: str, s3: Any) -> None:
    """The client went away in the middle."""
    request = signed("PUT", f"{s3_url}/bucket/broken", b"x" * 1000)
    parts = urlsplit(s3_url)
    with socket.create_connection((parts.hostname or "", parts.port or 0)) as connection:
        head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
        connection.sendall(f"PUT /bucket/broken HTTP/1.1\r\nHost: {parts.netloc}\r\n{head}\r\n".encode() + b"x" * 600)

    with pytest.raises(ClientError, match="404"):
        s3.head_object(Bucket="bucket", Key="broken")


def test_an_aws_chunked_body_is_stored_without_its_chunks(s3_url: str, s3: Any) -> None:
    """As clients send it that put a checksum behind the body."""
    body = b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"
    headers = {
        "Content-Encoding": "aws-chunked",
        "X-Amz-Trailer": "x-amz-checksum-crc32",
        "X-Amz-Decoded-Content-Length": "5",
    }
    request = signed("PUT", f"{s3_url}/bucket/chunked", body, headers, payload="STREAMING-UNSIGNED-PAYLOAD-TRAILER")
    status, _ = send(s3_url, request, body)
    got = s3.get_object(Bucket="bucket", Key="chunked")

    assert (status, got["Body"].read(), got.get("ContentEncoding", "")) == (200, b"hello", "")


def test_a_header_that_is_no_text_is_refused(s3_url: str) -> None:
    """It could not be passed on as it came."""
    request = signed("GET", f"{s3_url}/bucket/plain")
    request.headers["X-Odd"] = b"\xff".decode("latin-1")
    status, answer = send(s3_url, request)

    assert (status, b"InvalidArgument" in answer) == (400, True)


def test_without_an_upstream_s3_is_not_implemented(url: str) -> None:
    """The message names the setting."""
    with pytest.raises(ClientError, match="s3_endpoint"):
        client("s3", url).list_buckets()


def test_an_upstream_that_is_gone_is_service_unavailable() -> None:
    """A status that clients retry."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    upstream = Upstream(endpoint=f"http://127.0.0.1:{port}", access_key="a", secret_key="b")

    with front_door(upstream) as url, pytest.raises(ClientError) as caught:
        client("s3", url).put_object(Bucket="bucket", Key="k", Body=b"x")
    assert caught.value.response["Error"]["Code"] == "ServiceUnavailable"


def test_an_error_is_told_as_one_though_the_upstream_sends_the_object_s_checksum_with_it() -> None:
    """As rclone does for an object that is deleted at this moment; botocore cannot read such an answer."""
    reply = b"HTTP/1.1 500 Oh\r\nx-amz-checksum-crc32: AAAAAA==\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(reply)

        thread = Thread(target=answer, daemon=True)
        thread.start()
        upstream = Upstream(endpoint=f"http://127.0.0.1:{server.getsockname()[1]}", access_key="a", secret_key="b")

        with front_door(upstream) as url, pytest.raises(ClientError, match="500"):
            client("s3", url).get_object(Bucket="bucket", Key="k")
        thread.join(5)


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[tuple[Upstream, list[bytes]]]:
    """An upstream on a Unix socket that answers one request and shows what it got."""
    got: list[bytes] = []

    def answer() -> None:
        connection, _ = server.accept()
        with connection:
            got.append(connection.recv(65536))
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Amz-Id-2: Odd\r\nServer: other\r\n\r\nok")

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s3.sock"))
        server.listen()
        thread = Thread(target=answer, daemon=True)
        thread.start()
        yield Upstream(endpoint="http://s3", access_key="UP", secret_key="s", socket=tmp_path / "s3.sock"), got
        thread.join(5)


def test_the_upstream_sees_its_own_key_and_the_path_as_it_came(listener: tuple[Upstream, list[bytes]]) -> None:
    """And nothing that concerns this connection only."""
    upstream, got = listener
    with front_door(upstream) as url:
        request = signed("GET", f"{url}/b/a%2Bb//%C3%A9/../c?list-type=2&prefix=a%2F", headers={"TE": "trailers"})
        status, body = send(url, request)
    head = got[0].decode()

    assert (status, body) == (200, b"ok")
    assert head.startswith("GET /b/a%2Bb//%C3%A9/../c?list-type=2&prefix=a%2F HTTP/1.1\r\n")
    assert "Credential=UP/" in head
    assert "AKIATEST" not in head
    assert "trailers" not in head


def test_what_is_said_of_encryption_is_passed_on(listener: tuple[Upstream, list[bytes]]) -> None:
    """To a whole S3 server, which encrypts itself."""
    upstream, got = listener
    said = {"x-amz-server-side-encryption": "aws:kms", "x-amz-server-side-encryption-aws-kms-key-id": "alias/a"}
    with front_door(upstream) as url:
        send(url, signed("PUT", f"{url}/b/k", b"hello", headers=said), b"hello")
    head = got[0].decode().lower()

    assert all(f"{name}: {value}\r\n" in head for name, value in said.items())
    assert "x-amz-server-side-encryption;x-amz-server-side-encryption-aws-kms-key-id" in head  # signed, too


def signed(
    method: str,
    url: str,
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    payload: str | None = None,
) -> AWSRequest:
    class Signer(S3SigV4Auth):
        def payload(self, request: AWSRequest) -> str:
            return payload or hashlib.sha256(body).hexdigest()

    request = AWSRequest(method, url, {"Content-Length": str(len(body)), **(headers or {})})
    signer = Signer(CREDENTIALS, "s3", "us-east-1")
    signer.headers_to_sign = without_length(signer.headers_to_sign)  # type: ignore[method-assign]
    signer.add_auth(request)
    return request


def without_length(headers_to_sign: Any) -> Any:
    """Leave Content-Length unsigned, so that a test can lie about it."""

    def chosen(request: AWSRequest) -> Any:
        headers = headers_to_sign(request)
        del headers["content-length"]
        return headers

    return chosen


def send(url: str, request: AWSRequest, body: bytes = b"") -> tuple[int, bytes]:
    parts, target = urlsplit(url), urlsplit(request.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    path = target.path + (f"?{target.query}" if target.query else "")
    headers = {"Host": target.netloc, **dict(request.headers.items())}
    connection.request(request.method, path, io.BytesIO(body) if body else None, headers)
    with connection.getresponse() as answer:
        result = answer.status, answer.read()
    connection.close()
    return result
