"""Form parameters, read by the model."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luthier.records.call import ApiError
from luthier.wire.decode_form import decode_form
from luthier.wire.model import operation

METRICS = operation("cloudwatch", "GetMetricStatistics").input
ROLE = operation("iam", "GetRole").input


def test_lists_structures_and_types_are_read() -> None:
    """As boto3 sent GetMetricStatistics before it spoke JSON."""
    parameters = [
        ("Action", "GetMetricStatistics"),
        ("Version", "2010-08-01"),
        ("Namespace", "n"),
        ("Period", "60"),
        ("StartTime", "2018-11-20T21:28:04Z"),
        ("Statistics.member.2", "Sum"),
        ("Statistics.member.1", "Average"),
        ("Dimensions.member.1.Name", "Host"),
        ("Dimensions.member.1.Value", "algo-1"),
    ]

    assert decode_form(parameters, METRICS) == {
        "Namespace": "n",
        "Period": 60,
        "StartTime": 1542749284.0,
        "Statistics": ["Average", "Sum"],
        "Dimensions": [{"Name": "Host", "Value": "algo-1"}],
    }


def test_an_empty_list_is_a_bare_name() -> None:
    """The way botocore writes it."""
    assert decode_form([("Statistics", "")], METRICS) == {"Statistics": []}


def test_a_parameter_outside_the_model_is_refused() -> None:
    """Nothing is ignored in silence."""
    with pytest.raises(ApiError, match=r"ValidationException: Member 'Shiny'"):
        decode_form([("Shiny", "1")], ROLE)


@pytest.mark.parametrize(
    "parameters",
    [
        [("RoleName", "a"), ("RoleName", "b")],
        [("RoleName.x", "a")],
        [("RoleName", "a\0")],
        [("RoleName", "\udcff")],
    ],
)
def test_parameters_that_make_no_sense_are_refused(parameters: list[tuple[str, str]]) -> None:
    """Twice, nested where flat, or no text."""
    with pytest.raises(ApiError, match="SerializationException"):
        decode_form(parameters, ROLE)


names = st.lists(st.sampled_from(["Statistics", "Dimensions", "member", "1", "x", "Name", "Period", ""]), max_size=4)


@given(parameters=st.lists(st.tuples(names.map(".".join), st.text()), max_size=6))
def test_any_form_is_read_or_refused(parameters: list[tuple[str, str]]) -> None:
    """No other exception."""
    with suppress(ApiError):
        decode_form(parameters, METRICS)
