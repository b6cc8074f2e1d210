"""Why a search strategy chose a point."""

from dataclasses import dataclass

from luthier.records.portrait import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """It is where a search begins: the defaults that are known, and the middle of every other range."""

    defaults: tuple[str, ...]  # hyperparameters whose default it has


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    """It was the best point of another tuning job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Even:
    """It fills the space evenly between the points before it, as there is nothing to learn from them yet."""

    place: int  # which point it is, counted from 1 over all that the search knows
    start: int  # as many points are chosen so anyway


@dataclass(frozen=True, slots=True, kw_only=True)
class Promising:
    """Of all points looked at, the model expects the largest improvement on the best from it."""

    observed: int  # trials that the model has learned from, failed ones and those of other tasks included
    pending: int  # trials under way, which it takes to end as it expects
    expected: Estimate | None  # of the objective at the point; None where too few objectives are known to say
    best: float | None  # what the objective is believed to be at the best point so far, which may be under way


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """It is the next combination of a grid that has not been tried."""

    place: int  # counted from 1 in the grid's order
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """It was drawn at random."""


Reason = Opening | Precedent | Even | Promising | Combination | Drawn
