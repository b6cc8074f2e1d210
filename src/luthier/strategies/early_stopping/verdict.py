"""What an early-stopping rule says of a running trial that will not win."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A running trial to stop, by its place among the trials that were looked at, and why."""

    place: int
    reason: str  # for people: one line, without a full stop
