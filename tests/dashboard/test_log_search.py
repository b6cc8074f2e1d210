"""Searching a log."""

import pytest

from luthier.dashboard.log_lines import LogPiece
from luthier.dashboard.log_search import Finding, search


def found(text: str, find: str, most: int = 200) -> Finding:
    return search([LogPiece(host="algo-1", text=text, is_whole=True)], find, most)


def shown(finding: Finding) -> list[tuple[int, str]]:
    return [(match.number, "".join(part.text for part in match.parts)) for match in finding.matches]


def test_lines_that_have_the_text_are_found_with_their_numbers() -> None:
    assert shown(found("one\ntwo\nthree two\n", "two")) == [(2, "two"), (3, "three two")]


def test_capitals_do_not_matter() -> None:
    assert shown(found("an Error\n", "eRROR")) == [(1, "an Error")]


@pytest.mark.parametrize("text", ["a.c", "(", "[a-z]", "\\d", "*", "$"])
def test_the_text_stands_for_itself(text: str) -> None:
    assert shown(found(f"abc\n1\nx{text}y", text)) == [(3, f"x{text}y")]


def test_every_place_in_a_line_is_marked() -> None:
    (match,) = found("ab-AB", "ab").matches

    assert [(part.text, part.is_match) for part in match.parts] == [("ab", True), ("-", False), ("AB", True)]


def test_the_last_lines_are_shown_and_all_are_counted() -> None:
    finding = found("x\n" * 1000, "x", most=3)

    assert finding.count == 1000
    assert [match.number for match in finding.matches] == [998, 999, 1000]


def test_a_text_with_colours_between_its_letters_is_found() -> None:
    assert shown(found("\x1b[31mERR\x1b[0mOR", "error")) == [(1, "ERROR")]


def test_what_was_written_over_is_not_found() -> None:
    assert shown(found("10 %\r20 %\r100 %\n", "20 %")) == []


def test_of_a_very_long_line_what_stands_around_the_text_is_shown() -> None:
    ((_, line),) = shown(found("a" * 100_000 + "needle" + "b" * 100_000, "needle"))

    assert "aneedleb" in line
    assert len(line) < 1000


def test_each_host_counts_its_own_lines() -> None:
    pieces = [LogPiece(host=f"algo-{number}", text="a\nb\n", is_whole=number == 1) for number in (1, 2)]

    finding = search(pieces, "b", 9)

    assert [(match.host, match.number) for match in finding.matches] == [("algo-1", 2), ("algo-2", 2)]
    assert not finding.is_whole


def test_a_log_of_many_megabytes_is_searched_at_once() -> None:
    assert found("a line without it\n" * 800_000 + "here it is: needle", "needle").matches[0].number == 800_001
