"""
How many requests an account may make: a bucket of tokens for each, from which every request takes one.

    full = per_second * BURST_S tokens;  tokens(now) = min(full, tokens(then) + per_second * (now - then))

A bucket that is full again is the same as none, so those least lately used are forgotten when there are too many.
"""

from collections import OrderedDict
from threading import Lock

from luthier.records.call import ApiError
from luthier.wire.errors import Dialect

BURST_S = 3.0  # seconds' worth of requests that may come at once
MOST_ACCOUNTS = 10_000


class Throttle:
    """The buckets of all accounts; may be asked from any thread."""

    def __init__(self, per_second: float, burst_s: float = BURST_S) -> None:
        """Let every account have so many requests a second; 0: any number."""
        self._per_second, self._full = per_second, per_second * burst_s
        self._buckets = OrderedDict[str, tuple[float, float]]()  # by account: tokens, and when there were so many
        self._lock = Lock()

    def admits(self, account: str, now: float) -> bool:
        """Say whether a request of *account* may be answered, and if so count it; *now* may go back without harm."""
        if not self._per_second:
            return True
        with self._lock:
            tokens, then = self._buckets.pop(account, (self._full, now))
            tokens = min(self._full, tokens + self._per_second * max(0.0, now - then))
            is_admitted = tokens >= 1.0
            self._buckets[account] = (tokens - is_admitted, now)
            if len(self._buckets) > MOST_ACCOUNTS:
                self._buckets.popitem(last=False)
        return is_admitted


def rate_exceeded(dialect: Dialect) -> ApiError:
    """
    The error for a request too many; every AWS client tries again by itself, later and later.

    AWS: "Common errors", Amazon SageMaker API Reference; likewise of the services that speak a query protocol.
    """
    code = "Throttling" if dialect in (Dialect.QUERY, Dialect.EC2) else "ThrottlingException"
    return ApiError(code, "Rate exceeded")
