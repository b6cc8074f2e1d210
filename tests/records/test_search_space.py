"""The defaults that a search space knows."""

import pytest

from luthier.records.search_space import (
    CategoricalRange,
    ContinuousRange,
    IntegerRange,
    SearchSpace,
    defaults_inside,
)
from luthier.records.text import from_text, to_text

RANGES = (
    ContinuousRange(name="rate", low=0.1, high=1.0),
    IntegerRange(name="depth", low=1, high=10),
    CategoricalRange(name="kind", choices=("tree", "6")),
)


@pytest.mark.parametrize(
    ("texts", "defaults"),
    [
        ({"rate": "0.3", "depth": "6", "kind": "tree"}, {"rate": 0.3, "depth": 6, "kind": "tree"}),
        ({"rate": "1", "depth": "6.0", "kind": "6"}, {"rate": 1.0, "depth": 6, "kind": "6"}),
        ({"rate": "0", "depth": "11", "kind": "line"}, {}),
        ({"rate": "nan", "depth": "inf", "kind": "TREE"}, {}),
        ({"rate": "auto", "depth": "6.5", "kind": ""}, {}),
        ({"eta": "0.3"}, {}),
    ],
)
def test_defaults_count_where_they_are_values_of_a_range(texts: dict[str, str], defaults: dict[str, object]) -> None:
    """What is outside, or of another type, is no place to begin."""
    assert defaults_inside(RANGES, texts) == defaults


@pytest.mark.parametrize(
    "defaults",
    [
        {"rate": 2.0},
        {"rate": "0.3"},
        {"rate": float("nan")},
        {"depth": 6.0},
        {"depth": True},
        {"kind": 6},
        {"eta": 0.3},
    ],
)
def test_a_default_that_is_no_value_of_its_range_is_refused(defaults: dict[str, float | int | str]) -> None:
    """The error names the hyperparameter."""
    with pytest.raises(ValueError, match=f"{next(iter(defaults))}: the default"):
        SearchSpace(ranges=RANGES, defaults=defaults)


def test_defaults_are_kept_with_their_types() -> None:
    """A real number that is whole stays real."""
    space = SearchSpace(ranges=RANGES, defaults={"rate": 1.0, "depth": 6, "kind": "6"})

    read = from_text(to_text(space), SearchSpace)

    assert {name: (value, type(value)) for name, value in read.defaults.items()} == {
        "rate": (1.0, float),
        "depth": (6, int),
        "kind": ("6", str),
    }


def test_a_space_written_without_defaults_is_read() -> None:
    """As those are that an earlier version stored."""
    assert from_text('{"ranges":[]}', SearchSpace).defaults == {}
