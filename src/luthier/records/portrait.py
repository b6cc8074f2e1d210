"""What a search has learned of one objective, as numbers that a person can read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What the objective is believed to be at one point, in its own units and with its own sign."""

    value: float
    low: float  # low <= value <= high: one standard deviation to either side
    high: float
    is_beyond: bool = False  # part of it lies beyond all values seen; the worst of those stands for what is still worse


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """
    How much of the objective's variation over the search space one hyperparameter accounts for, as shares of 1.

    *alone* is its first-order Sobol index, *total* adds its part in every interaction; alone <= total.
    """

    name: str
    alone: float
    total: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """The share of the variation that two hyperparameters make together, beyond what each does by itself."""

    names: tuple[str, str]
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One point of a slice."""

    value: float | int | str  # of the hyperparameter
    at: float  # 0 to 1: where on its scale the value lies
    estimate: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """What is believed if one hyperparameter changes and all others stay as at the best point."""

    name: str
    is_categorical: bool
    places: tuple[Place, ...]  # by rising *at*, two or more; the best point's own is among them
    best: int  # which of the places that is


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One value of a hyperparameter along a side of a surface."""

    value: float | int | str
    at: float  # 0 to 1: where on its scale the value lies


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """What is believed if two hyperparameters change together and all others stay as at the best point."""

    names: tuple[str, str]  # of the one that goes across, and the one that goes up
    across: tuple[Stop, ...]  # by rising *at*, two or more; the best point's own is among them
    upward: tuple[Stop, ...]  # likewise
    values: tuple[tuple[float, ...], ...]  # of the objective: a row for each of *upward*, from left to right
    best: tuple[int, int]  # the best point's own place in *across* and in *upward*


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """What the model believes; influences and slices are in the same order, the most important first."""

    observed: int  # trials with an objective, those of identical warm-start parents included
    failed: int
    influences: tuple[Influence, ...]
    interactions: tuple[Interaction, ...]  # between the most important ones, the largest first
    slices: tuple[Slice, ...]  # of hyperparameters with more than one value
    surfaces: tuple[Surface, ...] = ()  # of pairs of the most important hyperparameters
    best: tuple[tuple[str, float | int | str], ...]  # the point, of those tried, that is believed to be the best
    estimate: Estimate  # at that point
    noise: float  # the deviation between training jobs with the same hyperparameters, in the objective's units
    fidelity: float | None  # rank correlation of left-out objectives with their predictions; None: not to be told


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEnough:
    """There is nothing to tell yet."""

    observed: int
    reason: str  # a sentence


Portrayal = Portrait | NotEnough
