"""Temporary credentials at the front door: in headers and presigned URLs, with their token and without."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote, urlsplit

import pytest
from botocore.auth import HmacV1QueryAuth, S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from luthier.records.call import ApiError
from luthier.wire.claim import Fault, SignatureError, read_claim, session_token
from luthier.wire.errors import Dialect, authentication_error, error_reply
from luthier.wire.request import HttpRequest, from_bytes
from luthier.wire.sigv2 import read_presigned_claim, verify_presigned
from luthier.wire.sigv4 import Credential, verify
from wire.signing import KEY, REGION, now, received

TOKEN = "IQoJb3JpZ2luX2VjE+/="
URL = "http://127.0.0.1:8710/"
OBJECT = "http://127.0.0.1:8710/bucket/key"
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
LATER = 4_000_000_000.0
TEMPORARY = replace(KEY, access_key="ASIATEST", session_token=TOKEN, expires_at=LATER)


def signed(token: str | None = TOKEN, service: str = "sagemaker") -> HttpRequest:
    request = AWSRequest("POST", URL if service != "s3" else OBJECT, {}, b"")
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    signer(Credentials(TEMPORARY.access_key, TEMPORARY.secret_key, token), service, REGION).add_auth(request)
    return received(request)


def presigned(token: str | None = TOKEN, service: str = "s3") -> HttpRequest:
    request = AWSRequest("GET", OBJECT if service == "s3" else URL)
    signer = S3SigV4QueryAuth if service == "s3" else SigV4QueryAuth
    signer(Credentials(TEMPORARY.access_key, TEMPORARY.secret_key, token), service, REGION, 60).add_auth(request)
    return received(request)


def presigned_in_the_older_way(token: str | None = TOKEN) -> HttpRequest:
    request = AWSRequest("GET", OBJECT, auth_path="/bucket/key")
    HmacV1QueryAuth(Credentials(TEMPORARY.access_key, TEMPORARY.secret_key, token), 60).add_auth(request)
    parts = urlsplit(request.url)
    return from_bytes("GET", parts.path.encode(), parts.query.encode(), [(b"host", parts.netloc.encode())])


def judge(request: HttpRequest, credential: Credential | None = TEMPORARY) -> Credential:
    claim = read_claim(request)
    assert claim is not None
    payload = "UNSIGNED-PAYLOAD" if claim.service == "s3" and claim.expires_s else EMPTY
    return verify(claim, request, credential, payload, now())


def fault(request: HttpRequest, credential: Credential | None = TEMPORARY) -> Fault:
    with pytest.raises(SignatureError) as caught:
        judge(request, credential)
    return caught.value.fault


def with_header(request: HttpRequest, name: str, value: str) -> HttpRequest:
    return HttpRequest(
        method=request.method, path=request.path, query=request.query, headers=(*request.headers, (name, value))
    )


@pytest.mark.parametrize("sign", [signed, presigned])
@pytest.mark.parametrize("service", ["s3", "sts"])
def test_a_request_with_the_token_of_its_key_is_accepted(sign: Callable[..., HttpRequest], service: str) -> None:
    assert judge(sign(service=service)) == TEMPORARY


@pytest.mark.parametrize("sign", [signed, presigned, presigned_in_the_older_way])
def test_the_token_is_read_wherever_it_stands(sign: Callable[[], HttpRequest]) -> None:
    assert session_token(sign()) == TOKEN


def test_a_request_without_a_token_has_none() -> None:
    assert session_token(signed(None)) is None


def test_two_tokens_make_one_that_nobody_was_given() -> None:
    twice = HttpRequest(method="GET", path="/", query="X-Amz-Security-Token=a&x-amz-security-token=b", headers=())

    assert session_token(twice) == "a,b"


@pytest.mark.parametrize("token", [None, TOKEN[:-1], TOKEN + "A", "another"])
@pytest.mark.parametrize("sign", [signed, presigned])
def test_temporary_credentials_are_nothing_without_their_token(
    sign: Callable[[str | None], HttpRequest], token: str | None
) -> None:
    assert fault(sign(token)) is Fault.TOKEN


def test_a_token_that_is_no_text_is_a_wrong_one() -> None:
    assert fault(with_header(signed(None), "x-amz-security-token", "\udcff\ud800")) is Fault.TOKEN


def test_a_users_key_comes_without_a_token() -> None:
    assert fault(signed(), replace(TEMPORARY, session_token=None, expires_at=None)) is Fault.TOKEN


def test_an_unknown_key_with_a_token_is_a_wrong_token() -> None:
    assert fault(signed(), None) is Fault.TOKEN


def test_an_unknown_key_without_a_token_is_an_unknown_key() -> None:
    assert fault(signed(None), None) is Fault.UNKNOWN_KEY


def test_the_tokens_header_must_be_signed() -> None:
    request = with_header(signed(None), "x-amz-security-token", TOKEN)

    assert fault(request) is Fault.NOT_SIGNED


def test_a_token_put_into_a_presigned_url_later_breaks_its_signature() -> None:
    unsigned = presigned(None)
    request = HttpRequest(
        method="GET",
        path=unsigned.path,
        query=f"{unsigned.query}&X-Amz-Security-Token={quote(TOKEN, safe='')}",
        headers=unsigned.headers,
    )

    assert fault(request) is Fault.MISMATCH


@pytest.mark.parametrize("sign", [signed, presigned])
def test_credentials_that_expired_are_refused(sign: Callable[[], HttpRequest]) -> None:
    assert fault(sign(), replace(TEMPORARY, expires_at=now() - 1)) is Fault.TOKEN_EXPIRED


def test_credentials_expire_at_the_very_second() -> None:
    request = signed()
    claim = read_claim(request)
    assert claim is not None

    with pytest.raises(SignatureError, match="is expired"):
        verify(claim, request, replace(TEMPORARY, expires_at=claim.signed_at), EMPTY, claim.signed_at)


def test_the_older_presigned_urls_work_with_a_token() -> None:
    request = presigned_in_the_older_way()
    claim = read_presigned_claim(request)
    assert claim is not None

    verify_presigned(claim, request, "/bucket/key", TEMPORARY, now())


@pytest.mark.parametrize("token", [None, "other"])
def test_the_older_presigned_urls_are_nothing_without_their_token(token: str | None) -> None:
    request = presigned_in_the_older_way(token)
    claim = read_presigned_claim(request)
    assert claim is not None

    with pytest.raises(SignatureError) as caught:
        verify_presigned(claim, request, "/bucket/key", TEMPORARY, now())

    assert caught.value.fault is Fault.TOKEN


def test_the_older_presigned_urls_end_with_their_credentials() -> None:
    request = presigned_in_the_older_way()
    claim = read_presigned_claim(request)
    assert claim is not None

    with pytest.raises(SignatureError) as caught:
        verify_presigned(claim, request, "/bucket/key", replace(TEMPORARY, expires_at=now() - 1), now())

    assert caught.value.fault is Fault.TOKEN_EXPIRED


@pytest.mark.parametrize(
    ("dialect", "code", "status", "message"),
    [
        (Dialect.JSON, "UnrecognizedClientException", 400, "The security token included in the request is invalid."),
        (Dialect.QUERY, "InvalidClientTokenId", 403, "The security token included in the request is invalid."),
        (Dialect.S3, "InvalidToken", 400, "The provided token is malformed or otherwise invalid."),
    ],
)
def test_a_wrong_token_is_told_as_aws_does(dialect: Dialect, code: str, status: int, message: str) -> None:
    with pytest.raises(SignatureError) as caught:
        judge(signed("other"))

    error = authentication_error(caught.value, dialect)

    assert (error.code, error.http_status, error.message) == (code, status, message)


@pytest.mark.parametrize(
    ("dialect", "code", "status", "message"),
    [
        (Dialect.JSON, "ExpiredTokenException", 400, "The security token included in the request is expired"),
        (Dialect.QUERY, "ExpiredToken", 403, "The security token included in the request is expired"),
        (Dialect.S3, "ExpiredToken", 400, "The provided token has expired."),
    ],
)
def test_an_expired_token_is_told_as_aws_does(dialect: Dialect, code: str, status: int, message: str) -> None:
    with pytest.raises(SignatureError) as caught:
        judge(signed(), replace(TEMPORARY, expires_at=now() - 1))

    error = authentication_error(caught.value, dialect)

    assert (error.code, error.http_status, error.message) == (code, status, message)


@pytest.mark.parametrize(
    ("code", "told", "status"),
    [
        ("AccessDeniedException", "AccessDenied", 403),
        ("ValidationException", "ValidationError", 400),
        ("ThrottlingException", "Throttling", 400),
        ("InvalidInput", "InvalidInput", 400),
    ],
)
def test_query_services_have_their_own_words_for_common_errors(code: str, told: str, status: int) -> None:
    reply = error_reply(ApiError(code, "why"), Dialect.QUERY, "id")

    assert (reply.status, reply.headers["x-amzn-ErrorType"]) == (status, told)
    assert f"<Code>{told}</Code>".encode() in reply.body
