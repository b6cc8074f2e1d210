"""JSON bodies, read by the model."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luthier.records.call import ApiError
from luthier.wire.decode import decode_json
from luthier.wire.model import operation

CREATE = operation("sagemaker", "CreateHyperParameterTuningJob").input
LIST = operation("sagemaker", "ListHyperParameterTuningJobs").input
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def refusal(body: bytes | dict[str, Any], shape: Any = CREATE) -> ApiError:
    with pytest.raises(ApiError) as caught:
        decode_json(body if isinstance(body, bytes) else json.dumps(body).encode(), shape)
    return caught.value


def test_members_of_the_model_are_read_with_their_types() -> None:
    """Nested structures, lists, maps and strings."""
    body = {
        "HyperParameterTuningJobName": "a",
        "Tags": [{"Key": "k", "Value": "v"}],
        "TrainingJobDefinition": {"StaticHyperParameters": {"eta": "0.1"}, "EnableNetworkIsolation": False},
    }

    assert decode_json(json.dumps(body).encode(), CREATE) == body


def test_null_is_absent() -> None:
    """At any depth."""
    body = b'{"Tags": null, "TrainingJobDefinition": {"RoleArn": null}}'

    assert decode_json(body, CREATE) == {"TrainingJobDefinition": {}}


def test_an_empty_body_is_an_empty_object() -> None:
    """For operations without parameters."""
    assert decode_json(b"", None) == {}


@pytest.mark.parametrize("written", [b"1542749284", b"1542749284.0", b'"2018-11-20T21:28:04Z"', b'"1542749284"'])
def test_a_timestamp_may_be_a_number_or_text(written: bytes) -> None:
    """Seconds since the epoch come out."""
    assert decode_json(b'{"CreationTimeAfter": %s}' % written, LIST) == {"CreationTimeAfter": 1542749284.0}


def test_a_whole_number_may_be_written_with_a_fraction_of_zero() -> None:
    """JSON has one kind of number."""
    assert decode_json(b'{"MaxResults": 5.0}', LIST) == {"MaxResults": 5}


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"nonsense",
        b'{"a": 1',
        b"\xff",
        b'{"MaxResults": NaN}',
        b'{"MaxResults": "5"}',
        b'{"MaxResults": true}',
        b'{"MaxResults": 5.5}',
        b'{"MaxResults": 3000000000}',
        b'{"MaxResults": 1e999}',
        b'{"MaxResults": %s}' % (b"1" * 400),
        b'{"MaxResults": %s}' % (b"1" * 5000),
        b'{"CreationTimeAfter": 1e300}',
        b'{"CreationTimeAfter": "noon"}',
        b'{"NameContains": 5}',
        b'{"NameContains": ["a"]}',
        b'{"NameContains": "\\ud800"}',
        b'{"NameContains": "a\\u0000"}',
        b'{"NameContains": "a", "NameContains": "b"}',
        b"[" * 100_000,
        b'{"a":' * 1000 + b"1" + b"}" * 1000,
    ],
)
def test_what_is_no_json_of_the_right_types_is_a_serialization_error(body: bytes) -> None:
    """Status 400 and SageMaker's code."""
    error = refusal(body, LIST)

    assert (error.code, error.http_status) == ("SerializationException", 400)


def test_a_backslash_before_u0000_is_text() -> None:
    """Only the character itself is refused."""
    assert decode_json(rb'{"NameContains": "\\u0000"}', LIST) == {"NameContains": r"\u0000"}


def test_a_member_outside_the_model_is_refused_by_its_path() -> None:
    """Nothing is ignored in silence."""
    error = refusal({"TrainingJobDefinition": {"InputDataConfig": [{"Shiny": 1}]}})

    assert error.code == "ValidationException"
    assert "'trainingJobDefinition.inputDataConfig.1.member.Shiny'" in error.message


def test_a_wrong_type_is_told_by_its_path() -> None:
    """So that a client's author finds it."""
    error = refusal({"TrainingJobDefinition": {"StaticHyperParameters": {"eta": 0.1}}})

    assert error.message == (
        "NUMBER_VALUE can not be converted to a String at 'trainingJobDefinition.staticHyperParameters.eta.member'"
    )


def test_a_hostile_name_does_not_fill_the_message() -> None:
    """Long names are cut."""
    assert len(refusal({"x" * 100_000: 1}).message) < 2000


@given(document=json_values)
def test_any_json_is_read_or_refused(document: Any) -> None:
    """No other exception."""
    for name in ("NameContains", "MaxResults", "CreationTimeAfter", "SortBy", "Other"):
        with suppress(ApiError):
            decode_json(json.dumps({name: document}).encode(), LIST)
