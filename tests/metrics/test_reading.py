"""What a pattern finds in lines."""

import pytest

from luthier.metrics.reading import read

LINES = ["epoch 1", "loss=0.5 val_loss=0.6", "loss=none"]


def test_every_line_is_read() -> None:
    readings = list(read("loss=([0-9.]+|none)", LINES))

    assert [each.value for each in readings] == [None, 0.5, None]
    assert [each.caught for each in readings] == [None, "0.5", "none"]


def test_the_stored_form_comes_first_and_the_line_after_it() -> None:
    [stored], [plain] = read("#011(.*)", ["x\t1"]), read("\t(.*)", ["x\t1"])

    assert (stored.text, stored.value) == ("x#0111", 1.0)
    assert (plain.text, plain.value) == ("x\t1", 1.0)


@pytest.mark.parametrize(
    ("line", "is_within"), [("val_loss=1", True), ("val:loss=1", True), ("loss=1", False), ("a loss=1", False)]
)
def test_a_match_inside_of_a_longer_name_is_known(line: str, is_within: bool) -> None:
    [reading] = read("loss=([0-9]+)", [line])

    assert reading.is_within_a_word is is_within


def test_a_pattern_that_cannot_be_used_is_refused() -> None:
    with pytest.raises(ValueError, match="no group"):
        read("loss", LINES)
