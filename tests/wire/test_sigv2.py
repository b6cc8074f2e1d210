"""The presigned URLs that boto3 makes by default are accepted; anything else is not."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import pytest
from botocore.auth import HmacV1QueryAuth
from botocore.awsrequest import AWSRequest
from hypothesis import given
from hypothesis import strategies as st

from luthier.wire.claim import Fault, SignatureError
from luthier.wire.request import HttpRequest
from luthier.wire.sigv2 import read_presigned_claim, verify_presigned
from wire.signing import CREDENTIALS, KEY, received
from wire.signing import now as clock


def presigned(url: str, method: str = "GET", **headers: str) -> HttpRequest:
    request = AWSRequest(method, url, {name.replace("_", "-"): value for name, value in headers.items()})
    HmacV1QueryAuth(CREDENTIALS, 60).add_auth(request)
    for name in list(request.headers):
        del request.headers[name]
    return received(request)


def accept(request: HttpRequest, now: float | None = None) -> None:
    claim = read_presigned_claim(request)
    assert claim is not None
    verify_presigned(claim, request, request.path, KEY, clock() if now is None else now)


def fault_of(verification: Callable[[], object]) -> Fault:
    with pytest.raises(SignatureError) as caught:
        verification()
    return caught.value.fault


@given(key=st.text(st.characters(codec="utf-8"), min_size=1, max_size=20))
def test_a_presigned_url_of_any_key_is_accepted(key: str) -> None:
    """Sub-resources and headers that were moved into the query included."""
    url = f"http://h:1/bucket/{quote(key, safe='/~')}?versionId=a%2Fb&uploads&other=1"

    accept(presigned(url, "PUT", x_amz_meta_a="b c", content_type="text/plain"))


@pytest.mark.parametrize(
    "tamper",
    [
        lambda r: replace(r, method="DELETE"),
        lambda r: replace(r, path="/bucket/other"),
        lambda r: replace(r, query=r.query + "&acl"),
        lambda r: replace(r, query=r.query + "&x-amz-acl=public-read"),
        lambda r: replace(r, headers=(*r.headers, ("x-amz-acl", "public-read"))),
        lambda r: replace(r, query=r.query.replace("Expires=1", "Expires=2")),
    ],
)
def test_a_presigned_url_that_was_changed_is_refused(tamper: Callable[[HttpRequest], HttpRequest]) -> None:
    """All that this version signs is covered."""
    assert fault_of(lambda: accept(tamper(presigned("http://h:1/bucket/key")))) is Fault.MISMATCH


def test_a_presigned_url_expires() -> None:
    """At the second that it names."""
    assert fault_of(lambda: accept(presigned("http://h:1/bucket/key"), clock() + 62)) is Fault.EXPIRED


def test_a_presigned_url_with_a_part_missing_is_refused() -> None:
    """All three members or none."""
    request = HttpRequest(method="GET", path="/b/k", query="AWSAccessKeyId=a&Expires=1", headers=())

    assert fault_of(lambda: read_presigned_claim(request)) is Fault.INCOMPLETE
