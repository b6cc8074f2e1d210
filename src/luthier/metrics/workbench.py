"""Where patterns meet real log lines: what a page and the terminal show of one that is tried."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from luthier.metrics.lint import lint
from luthier.metrics.proposal import Proposal, propose
from luthier.metrics.reading import Reading, read

MOST_LINES = 2_000
"""Lines that are looked at; the last ones."""

_LINE_END = re.compile(r"[\r\n]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a line: outside of what was found, in it, or in the group."""

    text: str
    kind: str  # "", "found", "caught"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A line with what was found in it."""

    pieces: Sequence[Piece]
    is_found: bool
    value: float | None
    is_within_a_word: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """A pattern, and how it does."""

    pattern: str
    metric: str
    trouble: str | None  # why it cannot be used
    warnings: Sequence[str]
    lines: Sequence[Tried]
    proposal: Proposal | None  # where it finds nothing

    @property
    def values(self) -> list[float]:
        """What a training job with these lines would report, in order."""
        return [each.value for each in self.lines if each.value is not None]

    @property
    def found(self) -> int:
        """In how many lines it finds something, a number or not."""
        return sum(each.is_found for each in self.lines)


def try_out(pattern: str, metric: str, lines: Sequence[str]) -> Workbench:
    """Try *pattern*, which may be empty, on the last of *lines*; *metric* is its name, if it has one."""
    looked_at = lines[-MOST_LINES:]
    trouble = None
    readings: list[Reading] = []
    try:
        readings = list(read(pattern, looked_at)) if pattern else []
    except ValueError as error:
        trouble = str(error)
    except TimeoutError:
        trouble = "it takes too long on one of the lines; simplify it"
    shown = readings or [Reading(text=line, match=None, value=None) for line in looked_at]
    finds = any(each.value is not None for each in readings)
    return Workbench(
        pattern=pattern,
        metric=metric,
        trouble=trouble,
        warnings=[] if trouble or not pattern else lint(pattern),
        lines=[_tried(each) for each in shown],
        proposal=propose(metric, looked_at) if metric and not finds else None,
    )


def pieces(reading: Reading) -> list[Piece]:
    """Cut a line at the ends of what was found, and of what the group holds."""
    match = reading.match
    if match is None:
        return [Piece(text=reading.text, kind="")]
    (start, end), group = match.whole, match.group or (match.whole[1], match.whole[1])
    first = min(max(start, group[0]), end)  # a group in a look-ahead lies outside
    cuts = [0, start, first, min(max(first, group[1]), end), end, len(reading.text)]
    kinds = ["", "found", "caught", "found", ""]
    cut = zip(pairwise(cuts), kinds, strict=True)
    return [Piece(text=reading.text[begin:until], kind=kind) for (begin, until), kind in cut if begin < until]


def lines_of(pieces_of_logs: Sequence[str]) -> list[str]:
    """Take logs apart as training hosts do, terminal colours and all."""
    return [line for text in pieces_of_logs for line in _LINE_END.split(text) if line]


def _tried(reading: Reading) -> Tried:
    return Tried(
        pieces=pieces(reading),
        is_found=reading.match is not None,
        value=reading.value,
        is_within_a_word=reading.value is not None and reading.is_within_a_word,
    )
