"""What an hour of an instance costs, as the user says."""

from collections.abc import Mapping
from dataclasses import dataclass

_HOUR_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Prices of instance types; nobody but the user knows them."""

    per_hour: Mapping[str, float]  # by instance type
    currency: str = ""  # written behind amounts

    def cost(self, seconds: Mapping[str, float]) -> float | None:
        """Add up what seconds of instances cost, by instance type; None if one has no price."""
        if any(kind not in self.per_hour for kind in seconds):
            return None
        return sum(self.per_hour[kind] * each / _HOUR_S for kind, each in seconds.items())
