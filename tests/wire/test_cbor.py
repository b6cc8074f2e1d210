"""CBOR: written and read by ourselves and by botocore alike, and refused where it makes no sense."""

from base64 import b64encode
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.model import OperationModel, ServiceModel
from botocore.parsers import RpcV2CBORParser
from botocore.serialize import RpcV2CBORSerializer
from hypothesis import given
from hypothesis import strategies as st

from luthier.records.call import ApiError
from luthier.wire.cbor import DEEPEST, load
from luthier.wire.decode import decode_cbor
from luthier.wire.encode_cbor import encode_cbor, texts
from luthier.wire.model import operation

METRICS = operation("cloudwatch", "GetMetricStatistics")
EVERY_KIND = {
    "metadata": {"apiVersion": "1", "targetPrefix": "T", "protocol": "smithy-rpc-v2-cbor", "protocols": ["json"]},
    "operations": {"Op": {"name": "Op", "http": {}, "input": {"shape": "All"}, "output": {"shape": "All"}}},
    "shapes": {
        "All": {
            "type": "structure",
            "members": {
                "Text": {"shape": "Text"},
                "Long": {"shape": "Long"},
                "Double": {"shape": "Double"},
                "Boolean": {"shape": "Boolean"},
                "Blob": {"shape": "Blob"},
                "Time": {"shape": "Time"},
                "List": {"shape": "List"},
                "Map": {"shape": "Map"},
            },
        },
        "Text": {"type": "string"},
        "Long": {"type": "long"},
        "Double": {"type": "double"},
        "Boolean": {"type": "boolean"},
        "Blob": {"type": "blob"},
        "Time": {"type": "timestamp"},
        "List": {"type": "list", "member": {"shape": "All"}},
        "Map": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Long"}},
    },
}
MODEL: OperationModel = ServiceModel(EVERY_KIND).operation_model("Op")

texts_without_nul = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
leaves = st.fixed_dictionaries(
    {},
    optional={
        "Text": texts_without_nul,
        "Long": st.integers(-(2**63), 2**63 - 1),
        "Double": st.floats(allow_nan=False, allow_infinity=False),
        "Boolean": st.booleans(),
        "Blob": st.binary(),
        "Time": st.integers(0, 2**32).map(float),
        "Map": st.dictionaries(texts_without_nul, st.integers(-(2**63), 2**63 - 1)),
    },
)
values = st.recursive(leaves, lambda inner: st.fixed_dictionaries({"List": st.lists(inner)}), max_leaves=6)


def as_in_json(value: Any) -> Any:
    match value:
        case dict():
            return {key: as_in_json(each) for key, each in value.items()}
        case list():
            return [as_in_json(each) for each in value]
        case bytes():
            return b64encode(value).decode()
        case _:
            return value


def as_boto3_shows(value: Any, key: str = "") -> Any:
    match value:
        case dict():
            return {name: as_boto3_shows(each, name) for name, each in value.items()}
        case list():
            return [as_boto3_shows(each) for each in value]
        case float() if key == "Time":
            return datetime.fromtimestamp(value, UTC)
        case _:
            return value


@given(value=values)
def test_what_botocore_writes_is_read(value: dict[str, Any]) -> None:
    sent = RpcV2CBORSerializer().serialize_to_request(as_boto3_shows(value), MODEL)

    assert decode_cbor(sent["body"], MODEL.input_shape) == as_in_json(value)


@given(value=values)
def test_what_is_written_is_read_by_botocore(value: dict[str, Any]) -> None:
    body = encode_cbor(as_in_json(value), MODEL.output_shape)

    parsed = RpcV2CBORParser().parse({"body": body, "headers": {}, "status_code": 200}, MODEL.output_shape)

    assert {name: each for name, each in parsed.items() if name != "ResponseMetadata"} == as_boto3_shows(value)


def test_a_request_is_held_against_the_model() -> None:
    with pytest.raises(ApiError, match=r"SerializationException: STRING_VALUE can not be .* at 'period'"):
        decode_cbor(texts({"Period": "60"}), METRICS.input)


def test_a_time_may_be_whole_or_broken() -> None:
    whole, broken = b"\xc1\x1a\x5b\xf4\x7c\x44", b"\xc1\xfb\x41\xd6\xfd\x1f\x11\x20\x00\x00"

    assert (load(whole), load(broken)) == (1542749252, 1542749252.5)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"\x7f\x61a\x62bc\xff", "abc"),
        (b"\x5f\x41\x00\x41\x01\xff", b64encode(b"\0\1").decode()),
        (b"\x9f\x01\x82\x02\x03\xff", [1, [2, 3]]),
        (b"\xbf\x61a\x01\x61b\xf6\xff", {"a": 1, "b": None}),
        (b"\xf9\x3c\x00", 1.0),
        (b"\xfa\x3f\x80\x00\x00", 1.0),
        (b"\x3b\x7f\xff\xff\xff\xff\xff\xff\xff", -(2**63)),
        (b"\xf7", None),
    ],
)
def test_every_form_of_a_value_is_read(body: bytes, value: Any) -> None:
    """Strings, lists and maps of a length that is not told beforehand among them."""
    assert load(body) == value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x01\x01",
        b"\x61",
        b"\x7b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x61\xff",
        b"\x7f\x41a\xff",
        b"\x7f\x7f\x61a\xff\xff",
        b"\x1f",
        b"\x1c",
        b"\xff",
        b"\xf8\x20",
        b"\xe0",
        b"\xa1\x01\x01",
        b"\xa2\x61a\x01\x61a\x02",
        b"\xc2\x41\x01",
        b"\xc1\x61a",
        b"\xc1\xf5",
        b"\x81" * (DEEPEST + 2) + b"\x01",
        b"\x9f" * 100_000,
    ],
)
def test_what_is_no_value_is_refused(body: bytes) -> None:
    """Cut short, too long, too deep, of an unknown kind, or with a length that it has not."""
    with pytest.raises(ValueError, match=r"."):
        load(body)


@pytest.mark.parametrize("body", [b"\x01", b"\x80", b"\xa1\x69Namespace\x61\x00", b"\xa1\x66Period\xf9\x7c\x00"])
def test_what_is_no_request_is_refused(body: bytes) -> None:
    """No map, a NUL, an infinite number."""
    with pytest.raises(ApiError, match="SerializationException"):
        decode_cbor(body, METRICS.input)


@given(body=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(ApiError):
        decode_cbor(body, METRICS.input)


def test_no_output_is_an_empty_body() -> None:
    assert encode_cbor(None, None) == b""


def test_a_result_without_an_output_is_our_fault() -> None:
    with pytest.raises(ValueError, match="no output"):
        encode_cbor({"A": 1}, None)
