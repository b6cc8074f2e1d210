"""Signatures made by botocore are accepted; anything else is not."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luthier.wire.claim import Claim, Fault, SignatureError, read_claim
from luthier.wire.request import HttpRequest
from luthier.wire.sigv4 import s3_payload, verify
from wire.signing import KEY, presigned, signed
from wire.signing import now as clock

URL = "http://127.0.0.1:8710/"
BODY = b'{"TrainingJobName": "a"}'

odd_text = st.text(st.characters(codec="utf-8"), max_size=12)
header_value = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20)


def given_claim(request: HttpRequest) -> Claim:
    claim = read_claim(request)
    assert claim is not None
    return claim


def accept(request: HttpRequest, body: bytes = b"", now: float | None = None) -> Claim:
    claim = given_claim(request)
    payload = s3_payload(claim, request) if claim.service == "s3" else hashlib.sha256(body).hexdigest()
    verify(claim, request, KEY, payload, clock() if now is None else now)
    return claim


def fault_of(verification: Callable[[], object]) -> Fault:
    with pytest.raises(SignatureError) as caught:
        verification()
    return caught.value.fault


def with_header(request: HttpRequest, name: str, value: str | None) -> HttpRequest:
    kept = tuple(pair for pair in request.headers if pair[0] != name)
    return replace(request, headers=kept if value is None else (*kept, (name, value)))


def call() -> HttpRequest:
    target = {"X-Amz-Target": "SageMaker.DescribeTrainingJob", "Content-Type": "application/x-amz-json-1.1"}
    return signed(URL, body=BODY, headers=target)


def test_a_signed_call_is_accepted_and_names_its_sender() -> None:
    """The claim carries key, region and service."""
    claim = accept(call(), BODY)

    assert (claim.access_key, claim.region, claim.service) == ("AKIATEST", "eu-west-1", "sagemaker")


@given(parts=st.lists(odd_text, max_size=4), query=st.lists(st.tuples(odd_text, odd_text), max_size=4))
@pytest.mark.parametrize("service", ["s3", "sagemaker"])
def test_any_path_and_query_that_botocore_signs_is_accepted(
    service: str, parts: list[str], query: list[tuple[str, str]]
) -> None:
    """Odd characters, doubled slashes, dots and repeated parameters included."""
    path = "/".join(quote(part, safe="~") for part in parts)
    pairs = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query if name)
    request = signed(f"http://h:1/{path}?{pairs}", service=service, method="GET")

    accept(request)


@given(value=header_value)
def test_any_header_value_that_botocore_signs_is_accepted(value: str) -> None:
    """Spaces are folded on both sides."""
    accept(signed(URL, headers={"X-Amz-Meta-A": value, "X-Amz-Meta-B": "  a   b "}))


@given(parts=st.lists(odd_text, min_size=1, max_size=3))
@pytest.mark.parametrize("service", ["s3", "sts"])
def test_a_presigned_url_is_accepted(service: str, parts: list[str]) -> None:
    """The claim may stand in the query."""
    path = "/".join(quote(part, safe="~") for part in parts)

    accept(presigned(f"http://h:1/{path}?a=1", service=service))


@pytest.mark.parametrize(
    "tamper",
    [
        lambda r: replace(r, method="PUT"),
        lambda r: replace(r, path="/other"),
        lambda r: replace(r, query="a=1"),
        lambda r: with_header(r, "x-amz-target", "SageMaker.StopTrainingJob"),
        lambda r: with_header(r, "content-type", "text/plain"),
        lambda r: with_header(r, "host", "elsewhere"),
        lambda r: with_header(r, "x-amz-target", None),
    ],
)
def test_a_call_that_was_changed_is_refused(tamper: Callable[[HttpRequest], HttpRequest]) -> None:
    """Method, path, query and every signed header are covered."""
    assert fault_of(lambda: accept(tamper(call()), BODY)) is Fault.MISMATCH


def test_a_changed_body_is_refused() -> None:
    """The body's hash is signed."""
    assert fault_of(lambda: accept(call(), BODY + b" ")) is Fault.MISMATCH


def test_a_wrong_secret_is_refused() -> None:
    """Only the key's own secret makes its signature."""
    request = call()
    other = replace(KEY, secret_key="guessed")

    assert fault_of(lambda: verify(given_claim(request), request, other, "", clock())) is Fault.MISMATCH


def test_an_unknown_key_is_refused() -> None:
    """A claim that names nobody's key is not looked at further."""
    request = call()

    assert fault_of(lambda: verify(given_claim(request), request, None, "", clock())) is Fault.UNKNOWN_KEY


def test_an_amazon_header_that_was_not_signed_is_refused() -> None:
    """Nobody may add meaning to a request on its way."""
    assert fault_of(lambda: accept(with_header(call(), "x-amz-acl", "public"), BODY)) is Fault.NOT_SIGNED


def test_a_session_token_is_refused() -> None:
    """No key here has one, so it belongs to another key."""
    request = signed(URL, headers={"X-Amz-Security-Token": "left over"})

    assert fault_of(lambda: accept(request)) is Fault.TOKEN


@pytest.mark.parametrize("late_s", [901, -901])
def test_a_clock_off_by_more_than_15_minutes_is_refused(late_s: int) -> None:
    """Both ways."""
    assert fault_of(lambda: accept(call(), BODY, clock() + late_s)) is Fault.SKEWED


def test_an_expired_signature_is_told_in_the_words_of_aws() -> None:
    """The message names the three times."""
    with pytest.raises(SignatureError) as caught:
        accept(call(), BODY, clock() + 1200)

    time = r"\d{8}T\d{6}Z"
    assert re.fullmatch(
        rf"Signature expired: {time} is now earlier than {time} \({time} - 15 min\.\)", caught.value.message
    )


def test_a_presigned_url_lives_as_long_as_it_says() -> None:
    """The limit of S3 is X-Amz-Expires alone."""
    request = presigned("http://h:1/b/k", expires_s=3600)
    accept(request, now=clock() + 3500)

    assert fault_of(lambda: accept(request, now=clock() + 3700)) is Fault.EXPIRED


def test_a_presigned_url_cannot_be_prolonged() -> None:
    """X-Amz-Expires is signed."""
    request = presigned("http://h:1/b/k", expires_s=60)
    prolonged = replace(request, query=request.query.replace("X-Amz-Expires=60", "X-Amz-Expires=6000"))

    assert fault_of(lambda: accept(prolonged)) is Fault.MISMATCH


def test_an_unsigned_request_makes_no_claim() -> None:
    """None, not an error: it may be a person's browser."""
    assert read_claim(HttpRequest(method="GET", path="/", query="", headers=(("host", "h"),))) is None


@pytest.mark.parametrize(
    ("authorization", "fault"),
    [
        ("Basic abc", Fault.UNSUPPORTED),
        ("AWS AKIA:sig", Fault.UNSUPPORTED),
        ("AWS4-HMAC-SHA256", Fault.INCOMPLETE),
        ("AWS4-HMAC-SHA256 Credential=a/20261123/r/s/aws4_request, Signature=1", Fault.INCOMPLETE),
        ("AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=1", Fault.INCOMPLETE),
        ("AWS4-HMAC-SHA256 Credential=a/20261123/r/s/aws3, SignedHeaders=host, Signature=1", Fault.INCOMPLETE),
        ("AWS4-HMAC-SHA256 Credential=a/20261122/r/s/aws4_request, SignedHeaders=host, Signature=1", Fault.INCOMPLETE),
        ("AWS4-HMAC-SHA256 Credential=a/20261123/r/s/aws4_request, SignedHeaders=date, Signature=1", Fault.INCOMPLETE),
        ("AWS4-HMAC-SHA256 Credential=a/20261123/R:/s/aws4_request, SignedHeaders=host, Signature=1", Fault.INCOMPLETE),
        (
            "AWS4-HMAC-SHA256 Credential=a b/20261123/r/s/aws4_request, SignedHeaders=host, Signature=1",
            Fault.UNKNOWN_KEY,
        ),
    ],
)
def test_a_garbled_authorization_is_refused(authorization: str, fault: Fault) -> None:
    """Whatever is wrong with it."""
    headers = (("host", "h"), ("x-amz-date", "20261123T120000Z"), ("authorization", authorization))
    request = HttpRequest(method="GET", path="/", query="", headers=headers)

    assert fault_of(lambda: read_claim(request)) is fault


@given(authorization=st.text(max_size=200), date=st.text(max_size=20), query=st.text(max_size=100))
def test_no_text_breaks_the_reading_of_a_claim(authorization: str, date: str, query: str) -> None:
    """A claim, None or a SignatureError; never anything else."""
    headers = (("authorization", f"AWS4-HMAC-SHA256 {authorization}"), ("date", date))
    request = HttpRequest(method="GET", path="/", query=query, headers=headers)

    assert isinstance(fault_of(lambda: read_claim(request)), Fault)
