"""Why a point was chosen, and what was believed of it then, in the objective's own units."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from luthier.records.reason import Even, Opening, Precedent, Promising, Reason
from luthier.records.trial import Trial
from luthier.strategies.bayesian.belief import Belief
from luthier.strategies.bayesian.portrait.unwarping import Unwarping
from luthier.strategies.bayesian.targets import half_rank
from luthier.strategies.scale import Array


class Origin(Enum):
    """What a point comes from."""

    OPENING = auto()
    PRECEDENT = auto()
    EVEN = auto()
    PROMISING = auto()


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """A snapped point (d,), and what was known when it was chosen."""

    point: Array
    origin: Origin
    known: int  # trials, and points that were chosen before it
    pending: int  # of these, those that are not over
    belief: Belief | None  # as it is before the next point is chosen


def reason_of(chosen: Chosen, defaults: tuple[str, ...], start: int, unwarping: Unwarping | None) -> Reason:
    """Say why; *start* points are chosen for evenness anyway. It has to be asked before the next point is chosen."""
    match chosen.origin:
        case Origin.OPENING:
            return Opening(defaults=defaults)
        case Origin.PRECEDENT:
            return Precedent()
        case Origin.EVEN:
            return Even(place=chosen.known + 1, start=start)
        case Origin.PROMISING:
            return _promising(chosen, unwarping)


def unwarping_of(trials: Sequence[Trial]) -> Unwarping | None:
    """Give the way from targets back to objectives; None where *trials* hold fewer than two different ones."""
    own = [trial for trial in trials if trial.task is None and not trial.is_open]
    z = half_rank([trial.value for trial in own])
    values = [trial.value for trial in own if trial.value is not None]
    if z is None or len(set(values)) < 2:
        return None
    return Unwarping(values, z[[trial.value is not None for trial in own]], 1.0)


def _promising(chosen: Chosen, unwarping: Unwarping | None) -> Promising:
    observed = chosen.known - chosen.pending
    if chosen.belief is None or unwarping is None:
        return Promising(observed=observed, pending=chosen.pending, expected=None, best=None)
    means, deviations = chosen.belief.predict(chosen.point[None])
    return Promising(
        observed=observed,
        pending=chosen.pending,
        expected=unwarping.estimates(means, deviations)[0],
        best=float(unwarping.values(np.array([chosen.belief.incumbent]))[0]),
    )
