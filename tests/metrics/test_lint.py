"""Warnings about patterns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luthier.metrics.lint import lint


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (r"loss=(.*?)", "catches nothing: a lazy group with nothing after it"),
        (r"loss=([0-9.]+?)", "catches only '0'"),
        (r"loss=(.*)", "catches all, which is no number"),
        (r"loss=([0-9\.]+)", "catches '2.5': small and large numbers are printed with an exponent"),
        (r"loss=([0-9.]+);", "exponent"),
        (r"loss=(\d+)", "whole numbers alone"),
        (r"[(]loss[])]=(?P<loss>(?:\d+)\.\d*)", "exponent"),
    ],
)
def test_a_pattern_that_misses_numbers_is_told(pattern: str, said: str) -> None:
    [warning] = lint(pattern)

    assert said in warning


@pytest.mark.parametrize(
    "pattern",
    [
        r"loss=(\S+)",
        r".*\[[0-9]+\].*#011validation-auc:(\S+)",
        r"Loss = (.*?);",
        r"loss=([-+0-9.eE]+)",
        r"loss=([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)",
        r"(?:train|val) loss (?<loss>\S+)",
    ],
)
def test_a_pattern_that_takes_any_number_is_fine(pattern: str) -> None:
    assert lint(pattern) == []


@pytest.mark.parametrize("pattern", ["", "loss", "(", r"\(loss\)", "a)(", "([0-9", "(?P=x)(y)"])
def test_a_pattern_without_a_group_has_no_warnings(pattern: str) -> None:
    """What cannot be used at all is refused elsewhere."""
    assert lint(pattern) == []


@given(st.text(alphabet="()[]^\\?:P<>=!.*+{}1ax|", max_size=30))
def test_no_pattern_is_too_odd(pattern: str) -> None:
    assert isinstance(lint(pattern), list)
