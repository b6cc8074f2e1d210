"""
Numbers as hyperparameters are written: text to a value.

Python's own int() and float() also take "1_0", "١", "nan" and surrounding blanks, which no algorithm would.
"""

import math
import re

WHOLE = re.compile(r"[+-]?[0-9]+")
DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")

LONGEST = 4000  # digits; Python's int() reads 4,300 at most, and the wire brings 2,500


def read_whole(written: str) -> int | None:
    """
    Read a whole number of any size, or give None for what is none.

    >>> read_whole("10"), read_whole("10.0")
    (10, None)
    """
    return int(written) if len(written) <= LONGEST and WHOLE.fullmatch(written) else None


def read_decimal(written: str) -> float | None:
    """
    Read a finite number, or give None for what is none.

    >>> read_decimal("1e-3"), read_decimal("1e999")
    (0.001, None)
    """
    value = float(written) if DECIMAL.fullmatch(written) else math.nan
    return value if math.isfinite(value) else None
