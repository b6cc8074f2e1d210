"""
Which of its definitions a tuning job's next training jobs are of: turns by promise.

The promise of a definition is the chance that its next training job is the best of all:

    promise = exp(-(b - b*) / s) / (n + 1)

| symbol | what                                                                                                    |
|--------|---------------------------------------------------------------------------------------------------------|
| n      | its turns so far, those under way and those that failed too: any of n + 1 is equally likely to be its best |
| b, b*  | its best objective, and the best of all; better is lower                                                 |
| s      | how far apart its good objectives lie: the mean distance of its better half from the next one            |

So definitions that are as good as the best take turns, one that lies behind by as much as its own good objectives are
apart gets a third of that, and a hopeless one next to nothing. Yet nobody is given up: every definition has LEAST turns
before it is judged, and never less than FLOOR of an even share. A training job that the service itself failed was no
turn, and a definition with nothing left to search leaves its turns to the others.

AWS does not say how it divides a tuning job's training jobs among several algorithms.

Source: of exchangeable values the next is a record with the chance 1 / (n + 1), and values beyond a high threshold lie
beyond it exponentially: Coles, "An Introduction to Statistical Modeling of Extreme Values", 2001, chapters 1 and 4. For
bandits whose best reward counts: Streeter and Smith, "A Simple Distribution-Free Approach to the Max k-Armed Bandit
Problem", 2006.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from luthier.records.tuning_job import ObjectiveType, TuningDefinition
from luthier.tuning.progress import settled_objective
from luthier.tuning.trials import was_lost
from luthier.tuning.view import TuningView

LEAST = 4
"""Turns that every definition has before promises count."""

FLOOR = 0.1
"""The part of an even share of the turns so far that every definition gets."""

_BEST_PART = 2  # one in so many of its objectives is a good one
_LEAST_GOOD = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Of which definition a training job is, and why."""

    definition: TuningDefinition
    among: int  # definitions with something left to search, this one included
    had: int  # turns of it before
    is_due: bool  # it has had fewer than every definition gets; otherwise it promises most


def deal(view: TuningView, count: int) -> list[Turn]:
    """Give the turns of the next *count* training jobs; none if every definition is exhausted."""
    records = [_record_of(each, view) for each in view.job.specification.definitions]
    open_to_it = [each for each in records if each.definition.name not in view.exhausted]
    best = min((each.best for each in records), default=math.inf)
    turns: list[Turn] = []
    while open_to_it and len(turns) < count:
        following, is_due = _following(open_to_it, best)
        turns.append(Turn(definition=following.definition, among=len(open_to_it), had=following.turns, is_due=is_due))
        following.turns += 1
    return turns


@dataclass(slots=True, kw_only=True)
class _Record:
    """What one definition has had and shown."""

    definition: TuningDefinition
    turns: int
    best: float  # infinite: it has no objective
    scale: float

    def promise(self, best_of_all: float) -> float:
        if self.best == best_of_all:
            return 1.0 / (self.turns + 1)
        behind = self.best - best_of_all
        return math.exp(-behind / self.scale) / (self.turns + 1) if behind < math.inf and self.scale > 0.0 else 0.0


def _following(records: Sequence[_Record], best: float) -> tuple[_Record, bool]:
    """
    Choose, and say whether it was due.

    Among equals it is the one with the fewest turns, and of these the one that the caller named first.
    """
    fewest = min(records, key=lambda each: each.turns)
    even_share = sum(each.turns for each in records) / len(records)
    if fewest.turns < max(LEAST, FLOOR * even_share):
        return fewest, True
    return max(records, key=lambda each: (each.promise(best), -each.turns)), False


def _record_of(definition: TuningDefinition, view: TuningView) -> _Record:
    specification = view.job.specification
    had = [job for job in view.children if specification.definition_of(job).name == definition.name]
    sign = -1.0 if definition.objective.type is ObjectiveType.MAXIMIZE else 1.0
    values = sorted(sign * value for job in had if (value := settled_objective(job, view.finals)) is not None)
    return _Record(
        definition=definition,
        turns=sum(not was_lost(job) for job in had),
        best=values[0] if values else math.inf,
        scale=_scale(values),
    )


def _scale(values: Sequence[float]) -> float:
    """Give the mean distance of the good ones among *values*, in order, from the best that is none."""
    good = min(max(_LEAST_GOOD, len(values) // _BEST_PART), len(values) - 1)
    if good < 1:
        return 0.0
    return sum(values[good] / good - value / good for value in values[:good])
