"""Patterns made of lines."""

import pytest

from luthier.metrics.lint import lint
from luthier.metrics.proposal import MOST_LETTERS, propose

LINES = [
    "Epoch 3/10",
    "epoch 3 - loss: 0.2131 - val_loss: 3.001e-05 - 12 s",
    '{"epoch": 1, "accuracy": -0.93}',
    "[3]\tvalidation-auc:0.91",
    "f1 score 0.7",
]


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ("loss", 0.2131),
        ("validation:loss", 3.001e-05),
        ("val_acc", -0.93),
        ("validation:auc", 0.91),
        ("score", 0.7),
    ],
)
def test_the_number_with_the_likest_name_is_found(metric: str, value: float) -> None:
    proposal = propose(metric, LINES)

    assert proposal is not None
    assert proposal.first.value == value
    assert lint(proposal.pattern) == []


def test_a_shorter_name_is_not_found_in_a_longer_one() -> None:
    proposal = propose("loss", ["val_loss=1", "loss=2"])

    assert proposal is not None
    assert proposal.first.value == 2.0


@pytest.mark.parametrize("lines", [[], ["done"], ["speed=3"]])
def test_where_no_name_is_like_it_nothing_is_proposed(lines: list[str]) -> None:
    assert propose("loss", lines) is None


def test_a_hostile_line_costs_little_and_proposes_what_sagemaker_takes() -> None:
    digits = "loss=" + "0" * 100_000 + "x"
    proposal = propose("loss", [digits, "loss " * 20_000, "loss.*+(" * 1_000, f"{'loss%' * 12}=1"])

    assert proposal is None or len(proposal.pattern) <= MOST_LETTERS
