"""
The user's file of prices: what an hour of each instance type costs.

    currency = "USD"         # may be left out
    ml.m5.large = 0.115      # the same as "ml.m5.large" = 0.115
    ml.g5.xlarge = 1.41
"""

import math
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from luthier.records.prices import Prices
from luthier.settings import Settings, SettingsError

CURRENCY = "currency"


def read_prices(settings: Settings) -> Prices | None:
    """Read the prices that the settings name; None without a name. Raises SettingsError for a file that is no good."""
    if not settings.prices:
        return None
    path = Path(settings.prices).expanduser()
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"prices: {path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise SettingsError(f"prices: {path}: not TOML: {error}") from error
    currency = document.pop(CURRENCY, "")
    if not isinstance(currency, str):
        raise SettingsError(f'prices: {path}: {CURRENCY} is {currency!r}; write a text such as "USD"')
    return Prices(per_hour={kind: _price(path, kind, price) for kind, price in _flat("", document)}, currency=currency)


def _flat(before: str, table: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Give the entries of a table and its tables: TOML takes the dots of an instance type for tables in tables."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(f"{before}{name}.", value)
        else:
            yield before + name, value


def _price(path: Path, kind: str, price: object) -> float:
    if isinstance(price, bool) or not isinstance(price, int | float) or not 0 <= price < math.inf:
        raise SettingsError(f"prices: {path}: {kind} is {price!r}; write the price of an hour, such as 0.115")
    return float(price)
