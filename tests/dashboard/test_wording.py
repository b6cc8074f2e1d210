"""Numbers, times and free text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luthier.dashboard.wording import duration, moment, printable, short


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (3599, "59 min 59 s"),
        (3660, "1 h 01 min"),
        (90_000, "1 d 1 h"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_a_moment_is_told_in_utc() -> None:
    assert moment(1_800_000_000.9) == "2027-01-15 08:00:00"


@given(st.text())
def test_printable_text_can_always_be_encoded(text: str) -> None:
    assert printable(text).encode("utf-8").decode() == printable(text)


@pytest.mark.parametrize("text", ["字 é 😀 \t\n", "a < b & c"])
def test_what_has_a_shape_stays(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize("text", ["1e5", "0.25", "1_000.000_000", "12345678901234567890", "nan", "0x1.8p30"])
def test_what_is_no_long_decimal_number_stays(text: str) -> None:
    assert short(text) == text
