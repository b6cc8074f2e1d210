"""Tests of the rules that the early-stopping benchmark compares."""

import pytest
from benchmarks.early_stopping.rules import RULES

from strategies.learning_curves import ended, going

EARLIER = [ended((0.5, 0.5, 0.1)), ended((0.5, 0.5, 0.2)), ended((0.5, 0.5, 0.3))]


@pytest.mark.parametrize(("rule", "stops"), [("none", False), ("halving", True), ("hyperband", True)])
def test_what_is_worse_than_the_best_third_at_a_rung_is_stopped(rule: str, stops: bool) -> None:
    assert RULES[rule](30)([*EARLIER, going((0.6, 0.6, 0.25), 3)]) is stops


@pytest.mark.parametrize("rule", ["halving", "hyperband"])
def test_nothing_is_stopped_before_the_first_rung(rule: str) -> None:
    assert RULES[rule](30)([*EARLIER, going((0.9, 0.9), 2)]) is False


@pytest.mark.parametrize(("rule", "stops"), [("halving", True), ("hyperband", False)])
def test_halving_alone_looks_at_the_value_at_the_rung(rule: str, stops: bool) -> None:
    """Noise may have made it worse than it is."""
    assert RULES[rule](30)([*EARLIER, going((0.6, 0.05, 0.25), 3)]) is stops
