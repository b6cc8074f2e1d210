r"""
A pattern for a metric, made of lines that a training program has written.

Lines are looked through for numbers with a name before them. The name that has most in common with the metric's, word
by word, makes the pattern; of equally good ones the one that comes most often.

    metric    validation:loss
    line      epoch 3 - loss: 0.2131 - val_loss: 0.3001 - 12 s
    names                 loss (1 of 2 words)  val_loss (2 of 2: `val` begins `validation`)
    pattern   \bval_loss:\s*([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from luthier.metrics.reading import Reading, read

NUMBER = r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?"
LONGEST_LINE = 2_000  # characters of a line that are looked at
MOST_LETTERS = 500  # of a Regex, in SageMaker

_BETWEEN = r"[\"']?\s{0,4}[:=]\s{0,4}[\"']?|\s{1,4}"
_SOME_NUMBER = r"[-+]?[0-9]{0,30}\.?[0-9]{1,30}(?:[eE][-+]?[0-9]{1,3})?"
_NAMED = re.compile(rf"(?<!\w)(?P<name>[A-Za-z_][\w./%@-]{{0,60}}+)(?P<between>{_BETWEEN}){_SOME_NUMBER}(?![\w.])")
_WORDS = re.compile(r"[A-Za-z]+|[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A pattern that finds something, and the first thing that it finds."""

    pattern: str
    first: Reading


def propose(metric: str, lines: Sequence[str]) -> Proposal | None:
    """Make a pattern for *metric*; None if no line has a number under a name like it."""
    seen = Counter(
        (found["name"], found["between"]) for line in lines for found in _NAMED.finditer(line[:LONGEST_LINE])
    )
    ranked = sorted(seen, key=lambda each: (_likeness(metric, each[0]), seen[each]), reverse=True)
    for name, between in ranked:
        if _likeness(metric, name) == 0.0:
            return None
        pattern = _pattern(name, between)
        first = next((each for each in read(pattern, lines) if each.value is not None), None)
        if first is not None and len(pattern) <= MOST_LETTERS:
            return Proposal(pattern=pattern, first=first)
    return None


def _pattern(name: str, between: str) -> str:
    blank = r"\s*" if between.strip() else r"\s+"
    quoted = "".join(blank if part.isspace() else re.escape(part) for part in re.findall(r"\s+|\S", between))
    start = r"\b" if name[0].isalnum() or name[0] == "_" else ""
    return rf"{start}{re.escape(name)}{quoted}({NUMBER})"


def _likeness(metric: str, name: str) -> float:
    """Say how much of the words of both names is common to them: 0 is nothing, 1 is all; the last one counts double."""
    ours, theirs = _words(metric), _words(name)
    if not ours or not theirs:
        return 0.0
    common = sum(any(_are_alike(one, other) for other in theirs) for one in ours)
    return (common + _are_alike(ours[-1], theirs[-1])) / (max(len(ours), len(theirs)) + 1)


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORDS.findall(name)]


def _are_alike(one: str, other: str) -> bool:
    """Whether two words are one, or one is the other's beginning: `val` and `validation`, `acc` and `accuracy`."""
    shorter, longer = sorted((one, other), key=len)
    return longer.startswith(shorter) and (shorter == longer or len(shorter) >= 3)
