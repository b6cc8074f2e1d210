"""Random requests of the query protocols and of CBOR: likewise never a 5xx, a hang, or an error nobody can read."""

import time
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answering import send, signed
from fuzz.hostile import ODD_BYTES, broken_text, texts
from fuzz.house import House
from luthier.api.operations import operations
from luthier.wire.errors import SMITHY_CBOR
from luthier.wire.model import service

ANSWERED = sorted(operations(None))  # type: ignore[arg-type]  # nothing is asked of it
QUERY = sorted({(of, name) for of, name in ANSWERED if "query" in service(of).protocols})
CBOR = sorted({(of, name) for of, name in ANSWERED if "smithy-rpc-v2-cbor" in service(of).protocols})
FORM = "application/x-www-form-urlencoded"

_ANY = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)
QUICK = settings(max_examples=80, deadline=None, derandomize=True, database=None, suppress_health_check=_ANY)
LONG = settings(QUICK, max_examples=500, derandomize=False)

NAMES = (
    "RoleArn",
    "RoleSessionName",
    "DurationSeconds",
    "Tags.member.1.Key",
    "Tags.member.1.Value",
    "Tags.member.99999",
    "Tags.member.-1.Key",
    "Tags.entry.1",
    "RoleName",
    "PolicySourceArn",
    "ActionNames.member.1",
    "ActionNames.member.2",
    "ActionNames.member.x",
    "MetricData.member.1.Value",
    "Namespace",
    "Action",
    "Version",
    "Action.member.1",
    ".",
    "..",
    "a" * 10_000,
    ".".join("a" * 3_000),
)


def as_bytes(text: str) -> bytes:
    """Give the bytes of a text; a lone surrogate becomes three that are no UTF-8."""
    return text.encode("utf-8", "surrogatepass")


@st.composite
def forms(draw: st.DrawFn, of: str, name: str) -> bytes:
    """Draw a form that is nearly a request of an operation."""
    pairs = [("Action", name), ("Version", service(of).api_version)]
    members = st.one_of(st.sampled_from(NAMES), texts)
    pairs += draw(st.lists(st.tuples(members, st.one_of(texts, st.just("1"))), max_size=6))
    if draw(st.integers(0, 9)) == 0:
        pairs = draw(st.permutations(pairs))
    return "&".join(f"{quote_from_bytes(as_bytes(k))}={quote_from_bytes(as_bytes(v))}" for k, v in pairs).encode()


def try_form(house: House, data: st.DataObject) -> None:
    of, name = data.draw(st.sampled_from(QUERY))
    house.try_form(of, data.draw(forms(of, name)), FORM)


def try_broken_form(house: House, data: st.DataObject) -> None:
    good = urlencode({"Action": "GetCallerIdentity", "Version": "2011-06-15"}).encode()
    content_type = data.draw(st.sampled_from([FORM, FORM + "; charset=utf-16", FORM.upper()]))
    house.try_form("sts", data.draw(broken_text(good)), content_type)


def try_cbor(house: House, data: st.DataObject) -> None:
    of, name = data.draw(st.sampled_from(CBOR))
    body = data.draw(st.one_of(st.binary(max_size=64), st.sampled_from(ODD_CBOR), broken_text(b"\xa1aa\x01")))
    path = f"/service/{service(of).target_prefix}/operation/{name}"
    headers = {"Content-Type": "application/cbor", "smithy-protocol": SMITHY_CBOR}
    before, start = house.version(), time.monotonic()
    sent = signed(house.url + path, body, headers, service=of)
    house.hold(send(house.url, body, sent, path=path), before, start)


ODD_CBOR = (
    b"",
    b"\xa0",
    b"\xbf",
    b"\xff",
    b"\x9f" * 10_000,
    b"\x81" * 10_000 + b"\x01",
    b"\xa1\x61a" * 10_000,
    b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\x7b\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\xc2\x5b\x00\x00\x00\x00\xff\xff\xff\xff",
    b"\xa1\x69Namespace\x62\xff\xfe",
    b"\xa1\x69Namespace\xf9\x7e\x00",
    b"\xa2\x61a\x01\x61a\x02",
    *ODD_BYTES,
)


@QUICK
@given(data=st.data())
def test_forms_of_the_query_protocols(house: House, data: Any) -> None:
    try_form(house, data)


@QUICK
@given(data=st.data())
def test_forms_that_were_damaged(house: House, data: Any) -> None:
    try_broken_form(house, data)


@pytest.mark.skipif(not CBOR, reason="no service here speaks CBOR")
@QUICK
@given(data=st.data())
def test_documents_in_cbor(house: House, data: Any) -> None:
    try_cbor(house, data)


@pytest.mark.slow
@LONG
@given(data=st.data())
def test_many_forms_of_the_query_protocols(house: House, data: Any) -> None:
    try_form(house, data)


@pytest.mark.slow
@pytest.mark.skipif(not CBOR, reason="no service here speaks CBOR")
@LONG
@given(data=st.data())
def test_many_documents_in_cbor(house: House, data: Any) -> None:
    try_cbor(house, data)
