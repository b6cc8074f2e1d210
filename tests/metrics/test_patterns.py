"""Patterns, and where they find what."""

import pytest

from luthier.metrics.patterns import Match, compile_pattern, forms_of, number


@pytest.mark.parametrize("engine", ["", "(?=.)"], ids=["linear", "timed"])
def test_a_match_says_where_it_and_its_group_are(engine: str) -> None:
    assert compile_pattern(engine + "loss=([0-9.]+)")("é loss=0.25!") == Match((2, 11), (7, 11))


def test_a_group_that_takes_no_part_is_nowhere() -> None:
    assert compile_pattern("loss(=[0-9]+)?")("loss") == Match((0, 4), None)


def test_a_line_without_control_characters_has_one_form() -> None:
    assert forms_of("loss=1") == ("loss=1",)
    assert forms_of("a\tb") == ("a#011b", "a\tb")


@pytest.mark.parametrize(("text", "value"), [("0.5", 0.5), (" 1e-3", 1e-3), ("1_0", None), ("inf", None), ("x", None)])
def test_a_finite_number_is_a_value(text: str, value: float | None) -> None:
    assert number(text) == value
