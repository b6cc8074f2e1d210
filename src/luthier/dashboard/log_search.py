"""
Lines of a training job's log that have a text in them, as a person reads them (pure).

Capitals do not matter, the text stands for itself, and only so many of the last lines that have it are shown: a log may
be long, and a text may be in every line of it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from luthier.dashboard.log_lines import LogPiece, as_seen, without_colours

MOST_LETTERS = 200
"""Of a text that is looked for."""

_AROUND = 300  # characters of a long line that are shown on either side of the first place found


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a line, and whether it is what was looked for."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A line that has the text."""

    host: str
    number: int  # 1-based, from the beginning of what was searched
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a search has found."""

    find: str
    matches: tuple[Match, ...]  # the last ones, in the order of the log
    count: int  # lines that have it, shown or not
    is_whole: bool  # the whole log was searched, and lines are numbered from its beginning


def search(pieces: Sequence[LogPiece], find: str, most: int) -> Finding:
    """Look for *find*, not empty, in the logs of all hosts; *most* of the lines that have it are shown."""
    wanted = re.compile(re.escape(find[:MOST_LETTERS]), re.IGNORECASE)
    found = [match for piece in pieces for match in _in_piece(piece, wanted)]
    return Finding(
        find=find[:MOST_LETTERS],
        matches=tuple(
            Match(host=host, number=number, parts=_parts(line, wanted)) for host, number, line in found[-most:]
        ),
        count=len(found),
        is_whole=all(piece.is_whole for piece in pieces),
    )


def _in_piece(piece: LogPiece, wanted: re.Pattern[str]) -> Iterator[tuple[str, int, str]]:
    """Look at whole lines only where the text is: lines are many, and most do not have it."""
    text = without_colours(piece.text)
    number, counted, at = 1, 0, 0
    while (hit := wanted.search(text, at)) is not None:
        start = text.rfind("\n", 0, hit.start()) + 1
        end = text.find("\n", hit.end())
        end = len(text) if end < 0 else end
        number += text.count("\n", counted, start)
        counted = start
        line = as_seen(text[start:end])
        if wanted.search(line):  # it may have been written over, as progress bars are
            yield piece.host, number, line
        at = end + 1


def _parts(line: str, wanted: re.Pattern[str]) -> tuple[Part, ...]:
    first = wanted.search(line)
    if first is not None and len(line) > 2 * _AROUND + len(first[0]):
        start, end = max(0, first.start() - _AROUND), first.end() + _AROUND
        line = ("… " if start else "") + line[start:end] + (" …" if end < len(line) else "")
    parts, at = [], 0
    for hit in wanted.finditer(line):
        parts += [Part(text=line[at : hit.start()], is_match=False), Part(text=hit[0], is_match=True)]
        at = hit.end()
    return tuple(part for part in (*parts, Part(text=line[at:], is_match=False)) if part.text)
