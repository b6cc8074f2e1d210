"""
CloudWatch Logs' filter patterns for plain lines: terms that a line must hold, may not hold, or of which any will do.

AWS: "Filter pattern syntax", Amazon CloudWatch Logs User Guide.
"""

import re
from collections.abc import Callable

from luthier.records.call import ApiError

_TERM = re.compile(r'\s*([-?]?)(?:"((?:[^"\\]|\\.)+)"(?=\s|$)|(\S+))')
_PLAIN = re.compile(r"\w+")  # what a term may be without quotation marks


def line_filter(pattern: str) -> Callable[[str], bool]:
    """
    Read a filter pattern: `ERROR "out of memory" -debug`, or `?ERROR ?WARN`; raises ApiError for one of another kind.

    >>> line_filter('loss -debug')("epoch 1 loss=0.5")
    True
    """
    stripped = pattern.strip()
    if stripped[:1] in ("{", "[", "%"):
        raise ApiError(
            "InvalidParameterException",
            "Invalid filter pattern: patterns of JSON, columns and regular expressions are not supported; use terms.",
        )
    terms = [_term(found) for found in _TERM.finditer(stripped)]
    needed = [term for sign, term in terms if not sign]
    barred = [term for sign, term in terms if sign == "-"]
    any_of = [term for sign, term in terms if sign == "?"]

    def passes(line: str) -> bool:
        if any(term in line for term in barred) or not all(term in line for term in needed):
            return False
        return not any_of or bool(needed) or any(term in line for term in any_of)

    return passes


def _term(found: re.Match[str]) -> tuple[str, str]:
    """Give a term's sign and its text; AWS takes letters, digits and underscores, and all else between quotes."""
    sign, quoted, plain = found.groups()
    if quoted is not None:
        return sign, re.sub(r"\\(.)", r"\1", quoted)
    if not _PLAIN.fullmatch(plain):
        raise ApiError(
            "InvalidParameterException",
            f"Invalid filter pattern: Invalid character(s) in term '{plain}'. Put it between quotation marks.",
        )
    return sign, plain
