"""Time left, instance hours and cost, as lines of text and as JSON (pure)."""

from collections.abc import Mapping

from luthier.dashboard.wording import duration, iso
from luthier.records.json_value import JsonObject
from luthier.records.prices import Prices
from luthier.tuning.forecast import Forecast, Limit

_HOUR_S = 3600.0
SMALLEST = 0.01  # of an amount that is told


def lines(found: Forecast, prices: Prices | None, now: float) -> list[str]:
    """Say when it will be over by each rule, and what it uses."""
    return [_left(found, now), *(_limit(each, now) for each in found.limits), *use(found, prices)]


def use(found: Forecast, prices: Prices | None) -> list[str]:
    """Say what it has used so far, and is expected to."""
    said = f"instance hours so far: {hours(found.used_s)}"
    if found.expected_s is not None:
        said += f"; expected in all: {hours(found.expected_s)}"
    if prices is None:
        return [said]
    paid = f"on AWS, by your prices, so far: {amount(prices, found.used_s)}"
    if found.expected_s is not None:
        paid += f"; expected in all: {amount(prices, found.expected_s)}"
    return [said, paid]


def hours(seconds: Mapping[str, float]) -> str:
    """Write seconds of instances as hours, by instance type."""
    if not seconds:
        return "none"
    return ", ".join(f"{each / _HOUR_S:.3g} of {kind}" for kind, each in sorted(seconds.items()))


def amount(prices: Prices, seconds: Mapping[str, float]) -> str:
    """Write what seconds of instances cost, or which price is missing."""
    cost = prices.cost(seconds)
    if cost is None:
        missing = sorted(kind for kind in seconds if kind not in prices.per_hour)
        return f"not known, as there is no price of {', '.join(missing)}"
    told = "below 0.01" if 0 < cost < SMALLEST else f"{cost:.2f}"
    return f"{told} {prices.currency}".rstrip()


def document(found: Forecast, prices: Prices | None) -> JsonObject:
    """Give the same as JSON."""
    return {
        "EndsAt": None if found.ends_at is None else iso(found.ends_at),
        "Limits": [
            {"Rule": each.rule, "At": None if each.at is None else iso(each.at), "IsEarliest": each.is_earliest}
            for each in found.limits
        ],
        "InstanceSeconds": dict(found.used_s),
        "ExpectedInstanceSeconds": None if found.expected_s is None else dict(found.expected_s),
        "Cost": None if prices is None else prices.cost(found.used_s),
        "ExpectedCost": None if prices is None or found.expected_s is None else prices.cost(found.expected_s),
        "Currency": None if prices is None else prices.currency,
    }


def _left(found: Forecast, now: float) -> str:
    if found.ends_at is None:
        return "time left: not known before a training job is over"
    return f"time left: about {duration(found.ends_at - now)}"


def _limit(limit: Limit, now: float) -> str:
    if limit.at is None:
        return f"  {limit.rule}: not foreseen"
    return f"  {limit.rule}: in {'at least ' if limit.is_earliest else ''}{duration(limit.at - now)}"
