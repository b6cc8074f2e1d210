"""Numbers as hyperparameters are written."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as some

from luthier.api.numerals import LONGEST, read_decimal, read_whole


@pytest.mark.parametrize(("written", "value"), [("0", 0), ("-7", -7), ("+7", 7), ("007", 7), ("9" * 30, 10**30 - 1)])
def test_a_whole_number_is_read(written: str, value: int) -> None:
    assert read_whole(written) == value


@pytest.mark.parametrize("written", ["", " 1", "1 ", "1.0", "1e3", "1_0", "١", "--1", "one", "1\n", "0x1"])
def test_nothing_else_is_a_whole_number(written: str) -> None:
    assert read_whole(written) is None


@pytest.mark.parametrize(("length", "is_read"), [(LONGEST, True), (LONGEST + 1, False)])
def test_a_whole_number_has_so_many_digits_at_most(length: int, *, is_read: bool) -> None:
    assert (read_whole("9" * length) is not None) is is_read


@pytest.mark.parametrize(
    ("written", "value"), [("1", 1.0), (".5", 0.5), ("5.", 5.0), ("-1e-3", -0.001), ("+2E2", 200.0)]
)
def test_a_decimal_number_is_read(written: str, value: float) -> None:
    assert read_decimal(written) == value


@pytest.mark.parametrize("written", ["", ".", "nan", "inf", "1e999", "-1e999", "1e", "1_0.0", " 1", "1\n", "١"])
def test_nothing_else_is_a_decimal_number(written: str) -> None:
    assert read_decimal(written) is None


@given(some.text())
def test_any_text_is_a_finite_number_or_none(written: str) -> None:
    decimal = read_decimal(written)

    assert decimal is None or math.isfinite(decimal)
    assert read_whole(written) is None or decimal is not None
