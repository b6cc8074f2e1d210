"""Patterns tried on lines."""

import pytest

from luthier.metrics.workbench import MOST_LINES, lines_of, try_out

LINES = ["val_loss=0.5 ok", "loss=none", "bye"]


def cut(pattern: str, line: str) -> list[tuple[str, str]]:
    [tried] = try_out(pattern, "", [line]).lines
    return [(piece.text, piece.kind) for piece in tried.pieces]


def test_a_line_is_cut_where_something_was_found() -> None:
    assert cut("loss=([0-9.]+)", LINES[0]) == [("val_", ""), ("loss=", "found"), ("0.5", "caught"), (" ok", "")]


@pytest.mark.parametrize(
    ("pattern", "pieces"),
    [
        ("x(y)?", [("ab", "")]),
        ("a(y)?", [("a", "found"), ("b", "")]),
        ("(a)b", [("a", "caught"), ("b", "found")]),
        ("a(?=(b))", [("a", "found"), ("b", "")]),
        ("(?<=(a))b", [("a", ""), ("b", "found")]),
        ("()", [("ab", "")]),
    ],
)
def test_whatever_a_pattern_does_the_line_stays_whole(pattern: str, pieces: list[tuple[str, str]]) -> None:
    assert cut(pattern, "ab") == pieces


def test_what_it_finds_is_counted() -> None:
    bench = try_out("loss=([0-9.]+|none)", "loss", LINES)

    assert (bench.values, bench.found) == ([0.5], 2)
    assert bench.lines[0].is_within_a_word
    assert bench.proposal is None


def test_where_it_finds_nothing_another_is_proposed() -> None:
    bench = try_out("lost=(.*)", "val:loss", LINES)

    assert bench.proposal is not None
    assert bench.proposal.first.value == 0.5


def test_one_that_cannot_be_used_says_why_and_shows_the_lines() -> None:
    bench = try_out("loss=(", "", LINES)

    assert bench.trouble is not None
    assert bench.trouble.startswith("it is not a regular expression")
    assert len(bench.lines) == 3


def test_one_that_takes_too_long_is_given_up() -> None:
    assert (
        try_out(r"(?=(a+))(a|aa)+\1c", "", ["a" * 5000 + "!"]).trouble
        == "it takes too long on one of the lines; simplify it"
    )


def test_the_last_lines_count() -> None:
    bench = try_out("(1)", "", ["1"] + ["0"] * MOST_LINES)

    assert (bench.values, len(bench.lines)) == ([], MOST_LINES)


def test_lines_end_as_they_do_for_a_training_host() -> None:
    assert lines_of(["a\r50%\rb\n", "c"]) == ["a", "50%", "b", "c"]
