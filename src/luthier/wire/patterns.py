r"""
The service models' patterns, which are Java's, matched as Java's `Pattern.matches` does.

Against Python: the whole text must match, a dot stops at each of Java's line terminators, `\w`, `\d`, `\s` and
`\p{Alnum}` know ASCII only, and a pair of surrogates is one character.
"""

import re
from functools import cache

import regex

from luthier.records.call import validation_error

TIMEOUT_S = 1.0
DOT = r"[^\n\r\u0085\u2028\u2029]"
SURROGATES = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
UNICODE_CLASS = re.compile(r"\\[pP]\{[A-Z][a-z]?\}")


def is_match(pattern: str, text: str) -> bool:
    """Say whether the whole of *text* matches; raises ValidationException where that takes longer than a second."""
    try:
        return _compiled(pattern).fullmatch(text, timeout=TIMEOUT_S) is not None
    except TimeoutError:
        raise validation_error(f"A value took too long to be matched with the pattern {pattern}") from None


@cache
def _compiled(pattern: str) -> "regex.Pattern[str]":
    flags = regex.V0 if UNICODE_CLASS.search(pattern) else regex.ASCII
    return regex.compile(_with_java_dots(SURROGATES.sub(_one_character, pattern)), flags)


def _one_character(pair: re.Match[str]) -> str:
    high, low = (int(half, 16) for half in pair.groups())
    return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"


def _with_java_dots(pattern: str) -> str:
    written = list[str]()
    depth = 0  # of character classes, where a dot is a dot
    for piece in re.findall(r"\\.|.", pattern, re.DOTALL):
        if piece == "[":
            depth += depth == 0
        elif piece == "]":
            depth = 0
        written.append(DOT if piece == "." and depth == 0 else piece)
    return "".join(written)
