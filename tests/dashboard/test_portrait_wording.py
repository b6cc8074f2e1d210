"""A portrait's numbers in words."""

import pytest

from luthier.dashboard import portrait_wording as wording
from luthier.records.portrait import Estimate


@pytest.mark.parametrize(
    ("value", "low", "high", "text"),
    [
        (0.938088, 0.924757, 0.951419, "0.938"),
        (0.000012345, 0.000012, 0.000013, "1.234e-05"),
        (1234.5678, 1200.0, 1300.0, "1235"),
        (0.5, 0.5, 0.5, "0.5"),
        (0.0, -1.0, 1.0, "0"),
        (0.001, -10.0, 10.0, "0.001"),
    ],
)
def test_an_estimate_has_the_digits_that_count(value: float, low: float, high: float, text: str) -> None:
    assert wording.middle(Estimate(value=value, low=low, high=high)) == text


def test_a_belief_beyond_what_was_seen_says_so() -> None:
    assert "beyond all that has been seen" in wording.between(Estimate(value=1.0, low=0.5, high=1.5, is_beyond=True))
    assert "beyond" not in wording.between(Estimate(value=1.0, low=0.5, high=1.5))


@pytest.mark.parametrize(("share", "text"), [(0.0, "0 %"), (0.004, "below 1 %"), (0.714, "71 %"), (1.0, "100 %")])
def test_a_share_is_told_in_percent(share: float, text: str) -> None:
    assert wording.percent(share) == text
