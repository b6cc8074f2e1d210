"""Metrics, read from the log."""

import itertools
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luthier.metrics.patterns import check_pattern
from luthier.metrics.scraper import Scraper
from luthier.records.algorithm import MetricDefinition


def scraper(*patterns: str) -> Scraper:
    return Scraper([MetricDefinition(name=f"m{place}", regex=each) for place, each in enumerate(patterns)])


def values(reader: Scraper, log: bytes) -> list[float]:
    return [seen.value for seen in [*reader.feed(log, 1.0), *reader.finish(1.0)]]


def test_group_one_is_the_value() -> None:
    assert values(scraper(r"loss=([0-9.]+)"), b"epoch 1 loss=0.25\n") == [0.25]


def test_a_pattern_may_match_anywhere_in_the_line() -> None:
    assert values(scraper(r"Loss = (.*?);"), b"Acc = 0.9; Loss = 0.5; done\n") == [0.5]


def test_a_line_can_hold_several_metrics() -> None:
    assert values(scraper(r"a=(\d+)", r"b=(\d+)"), b"a=1 b=2\n") == [1.0, 2.0]


def test_the_last_line_needs_no_end() -> None:
    assert values(scraper(r"loss=([0-9.]+)"), b"loss=0.5") == [0.5]


def test_a_carriage_return_ends_a_line() -> None:
    assert values(scraper(r"loss=([0-9.]+)"), b"loss=3\rloss=2\rloss=1\n") == [3.0, 2.0, 1.0]


def test_a_tab_is_the_octal_escape_of_the_stored_log() -> None:
    assert values(scraper(r".*\[[0-9]+\].*#011validation-auc:(\S+)"), b"[3]\ttrain-auc:1\tvalidation-auc:0.9\n") == [
        0.9
    ]


def test_a_pattern_written_for_the_raw_line_works_too() -> None:
    assert values(scraper(r"\tvalidation-auc:(\S+)"), b"[3]\tvalidation-auc:0.9\n") == [0.9]


def test_a_pattern_that_cuts_exponents_cuts_them() -> None:
    assert values(scraper(r"loss=([0-9\.]+)"), b"loss=2.38e-05\n") == [2.38]


@pytest.mark.parametrize("text", [b"nan", b"inf", b"-inf", b"1e999", b"", b"abc", b"1_0"])
def test_what_is_no_finite_number_is_no_value(text: bytes) -> None:
    assert values(scraper(r"loss=(.*)"), b"loss=" + text + b"\n") == []


def test_bytes_that_are_no_text_do_no_harm() -> None:
    assert values(scraper(r"loss=([0-9.]+)"), b"\xff\xfe loss=1\n") == [1.0]


@given(st.lists(st.integers(0, 40)))
def test_it_does_not_matter_where_the_log_is_cut(cuts: list[int]) -> None:
    log = b"loss=1\nnothing\tloss=2\r\nloss=3"
    edges = sorted({0, *(cut for cut in cuts if cut < len(log)), len(log)})
    reader = scraper(r"loss=([0-9.]+)")

    seen = [each for start, end in itertools.pairwise(edges) for each in reader.feed(log[start:end], 1.0)]

    assert [each.value for each in [*seen, *reader.finish(1.0)]] == [1.0, 2.0, 3.0]


def test_a_line_without_end_takes_no_memory() -> None:
    reader = scraper(r"loss=([0-9.]+)")
    tracemalloc.start()
    for _ in range(500):
        reader.feed(b"x" * 65536, 1.0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 2_000_000


def test_a_catastrophic_pattern_is_searched_in_linear_time() -> None:
    assert values(scraper(r"(a+)+$"), b"a" * 30_000 + b"!\n") == []


def test_a_pattern_that_only_backtracking_can_search_is_switched_off_when_it_takes_too_long() -> None:
    reader = scraper(r"(?=(a+))(a|aa)+\1c")

    for _ in range(3):
        reader.feed(b"a" * 5000 + b"!\n", 1.0)

    assert reader.troubles == ["metric 'm0': the pattern takes too long; simplify it"]


def test_look_around_is_allowed() -> None:
    assert check_pattern(r"(?<=loss=)([0-9.]+)") is None


def test_a_pattern_needs_a_group() -> None:
    reason = check_pattern("loss=[0-9.]+")

    assert reason is not None
    assert "no group" in reason


def test_a_broken_pattern_is_explained() -> None:
    reason = check_pattern("loss=([0-9")

    assert reason is not None
    assert "not a regular expression" in reason
