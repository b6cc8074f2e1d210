"""
Patterns: the caller's regular expressions, searched in lines of text.

    line        "[3]\tvalidation-rmse:0.25"
    stored form "[3]#011validation-rmse:0.25"      control characters as # and three octal digits
    pattern     validation-rmse:(\\S+)              searched in the stored form, then in the line
    value       float("0.25")                      group 1; what is no finite number is passed over

SageMaker's patterns are matched against log lines as its log service stores them, where a tab is `#011`: AWS's own
patterns for XGBoost ask for it. Patterns come from callers and lines from their programs, and neither is trusted.
RE2 searches in time linear in the line; patterns that it has no word for (look-around), or that are big, go to an
engine that gives up on a line after LINE_TIMEOUT_S.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import re2
import regex

LINE_TIMEOUT_S = 0.1

_PROGRAM_LIMIT = 1_000  # RE2 instructions: so many cost some tenths of a second on a line of 64 KiB, more cost more
_STORED_FORM = {code: f"#{code:03o}" for code in (*range(32), 127)}


@dataclass(frozen=True, slots=True)
class Match:
    """What a pattern has found: the places of the whole and, if it took part, of group 1, each as (start, end)."""

    whole: tuple[int, int]
    group: tuple[int, int] | None


Search = Callable[[str], Match | None]
"""Looks for a pattern in a text; raises TimeoutError."""


def compile_pattern(pattern: str) -> Search:
    """
    Choose an engine for *pattern*; raises ValueError saying what is wrong with it.

    >>> match = compile_pattern("loss=([0-9.]+)")("epoch 3 loss=0.25")
    >>> match.whole, match.group
    ((8, 17), (13, 17))
    """
    try:
        return _linear(pattern) or _timed(pattern)
    except (regex.error, RecursionError, OverflowError) as error:
        raise ValueError(f"it is not a regular expression: {error}") from error


def check_pattern(pattern: str) -> str | None:
    """
    Say why *pattern* cannot catch a metric, or None if it can.

    >>> check_pattern("loss=[0-9.]+")
    'it has no group to catch the value'
    """
    try:
        compile_pattern(pattern)
    except ValueError as error:
        return str(error)
    return None


def forms_of(line: str) -> tuple[str, ...]:
    """Give the forms of a line that patterns are searched in, one after the other."""
    stored = line.translate(_STORED_FORM)
    return (stored,) if stored == line else (stored, line)


def number(caught: str) -> float | None:
    """Read what a pattern has caught as a finite number; None if it is none."""
    if "_" in caught:  # float() takes 1_000, which no log means as a number
        return None
    try:
        value = float(caught)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _linear(pattern: str) -> Search | None:
    """RE2's search for *pattern*, or None where RE2 has no word for it or would be slow."""
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(pattern, options)
    except re2.error:
        return None
    if compiled.programsize > _PROGRAM_LIMIT:
        return None
    _check_group(compiled.groups)

    def search(line: str) -> Match | None:
        found = compiled.search(line)
        return _match(found.span(), found.span(1)) if found else None

    return search


def _timed(pattern: str) -> Search:
    compiled = regex.compile(pattern)
    _check_group(compiled.groups)

    def search(line: str) -> Match | None:
        found = compiled.search(line, timeout=LINE_TIMEOUT_S)
        return _match(found.span(), found.span(1)) if found else None

    return search


def _match(whole: tuple[int, int], group: tuple[int, int]) -> Match:
    return Match(whole, group if group[0] >= 0 else None)


def _check_group(groups: int) -> None:
    if groups == 0:
        raise ValueError("it has no group to catch the value")
