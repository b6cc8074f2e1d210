"""What the ledger says of one member of a request."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from luthier.records.json_value import JsonValue


@dataclass(frozen=True, slots=True)
class Honoured:
    """The effect of a member, and the name of a test function that fails without it."""

    how: str
    test: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a member is refused and what to do; *fine* are the values that are honoured all the same."""

    why: str
    fine: tuple[JsonValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Echoed:
    """Why a member is shown again and no more: it means nothing outside AWS, and clients send it by themselves."""

    why: str


NOTHING = Honoured("nothing is asked for", "test_a_value_that_asks_for_nothing_is_accepted")

T = TypeVar("T")


def below(path: str, table: Mapping[str, T]) -> Mapping[str, T]:
    """Give a table of the members of a structure as one of the members below *path*."""
    return {f"{path}.{name}": each for name, each in table.items()}
