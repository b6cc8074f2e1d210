"""Numbers, times and free text as a person reads them (pure)."""

import re
from datetime import UTC, datetime

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3_600, 86_400
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+(?:e[+-]?[0-9]+)?", re.IGNORECASE)
_AS_IT_IS = 9  # characters that a decimal number may have before it is rounded

# Controls, lone surrogates, and the characters that turn the direction of the text around them: none has a shape.
_SHAPELESS = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def duration(seconds: float) -> str:
    """
    Say how long something took, in its two largest units; a clock that went backwards counts as none.

    >>> duration(8105)
    '2 h 15 min'
    """
    whole = max(0, round(seconds))
    if whole < _MINUTE_S:
        return f"{whole} s"
    if whole < _HOUR_S:
        return f"{whole // _MINUTE_S} min {whole % _MINUTE_S:02d} s"
    if whole < _DAY_S:
        return f"{whole // _HOUR_S} h {whole % _HOUR_S // _MINUTE_S:02d} min"
    return f"{whole // _DAY_S} d {whole % _DAY_S // _HOUR_S} h"


def roughly(seconds: float) -> str:
    """
    Say about how long something will take: in minutes, hours or days, and no more exactly than an estimate is.

    >>> roughly(20), roughly(1930), roughly(8105), roughly(200_000)
    ('1 min', '32 min', '2 h 15 min', '2 d 7 h')
    """
    if seconds < _HOUR_S - _MINUTE_S / 2:
        return f"{max(1, round(seconds / _MINUTE_S))} min"
    return duration(seconds)


def moment(at: float) -> str:
    """Say when something was, in UTC and to the second."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S")


def iso(at: float) -> str:
    """Say when something was as HTML's `datetime` attribute wants it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def number(value: float) -> str:
    """
    Round a number to six digits.

    >>> number(0.123456789)
    '0.123457'
    """
    return format(value, ".6g")


def short(text: str) -> str:
    """
    Round the text of a long decimal number to six digits; any other text stays as it is.

    >>> short("0.0012345678901"), short("gbtree"), short("123456789012")
    ('0.00123457', 'gbtree', '123456789012')
    """
    if len(text) <= _AS_IT_IS or not _DECIMAL.fullmatch(text):
        return text
    return number(float(text))


def printable(text: str) -> str:
    r"""
    Show what has no shape as an escape, so that nothing in a text is hidden or turns around what stands beside it.

    Tabs and line feeds stay. What comes back can be encoded as UTF-8, whatever *text* was.

    >>> printable("a\0b")
    'a\\x00b'
    """
    return _SHAPELESS.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
