"""Numbers and times, as other programs write them."""

import math
import re
from datetime import UTC, datetime

from luthier.histories.history import HistoryError

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")


def number(text: str, place: str, name: str) -> float | None:
    """Read a number; None for nothing, and for what is no finite number. Raises HistoryError for other text."""
    if not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        raise HistoryError(f"{place}: {name} is {text[:80]!r}, which is no number") from None
    return value if math.isfinite(value) else None


def finite(value: object) -> float | None:
    """Give a number of a JSON document; None for what is none, or no finite one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        read = float(value)
    except OverflowError:
        return None
    return read if math.isfinite(read) else None


def moment(value: object, place: str, name: str) -> float | None:
    """Read a time: seconds since the epoch, or ISO 8601, in UTC unless it says otherwise; None for nothing."""
    if value is None or value == "":
        return None
    try:
        if isinstance(value, int | float) or re.fullmatch(r"[0-9.]+", str(value)):
            return datetime.fromtimestamp(float(str(value)), UTC).timestamp()
        read = datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        raise HistoryError(
            f"{place}: {name} is {str(value)[:80]!r}, which is no time; write it as 2026-05-01T12:00:00+00:00"
        ) from None
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()


def is_whole(text: str) -> bool:
    """Say whether text is a whole number, written as one."""
    return _WHOLE.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """Say whether text is a finite number."""
    try:
        return math.isfinite(float(text)) and "_" not in text
    except ValueError:
        return False
