"""
What a warm start brings along: parents' training jobs, seen as trials of the child's search.

| WarmStartType             | an evaluation of a parent is                                                     |
|---------------------------|----------------------------------------------------------------------------------|
| IdenticalDataAndAlgorithm | as good as one of the tuning job's own                                           |
| TransferLearning          | one of another task, that of its parent, which may or may not resemble the child |

A hyperparameter that the parent had fixed and the child tunes counts with its fixed value. Only evaluations inside the
child's search space are inherited. Of each parent of a transfer there are at most `MOST / parents`: its best, and
others from all its range, so that many evaluations of other tasks never crowd out the tuning job's own.

AWS: "Run a Warm Start Hyperparameter Tuning Job", Amazon SageMaker Developer Guide.
"""

import math
from collections.abc import Mapping, Sequence

from luthier.records.search_space import Assignment, SearchSpace, read_value
from luthier.records.status import ObjectiveStatus
from luthier.records.trial import Trial
from luthier.records.tuning_job import ObjectiveType, TuningDefinition, WarmStartType
from luthier.tuning.progress import objective_status
from luthier.tuning.view import Parent

MOST = 200
"""Evaluations of other tasks, of all parents together."""

_BEST = 1 / 3  # the part of a parent's evaluations that are its best ones, where not all can be taken


def inherited_trials(definition: TuningDefinition, kind: WarmStartType, parents: Sequence[Parent]) -> list[Trial]:
    """Show parents' evaluations as trials to be minimised: parent by parent, each in the order of its ordinals."""
    if kind is WarmStartType.IDENTICAL_DATA_AND_ALGORITHM:
        return [trial for parent in parents for trial in _trials(definition, parent, None)]
    share = MOST // max(1, len(parents))
    return [trial for parent in parents for trial in thinned(_trials(definition, parent, parent.job.arn), share)]


def thinned(trials: Sequence[Trial], most: int) -> list[Trial]:
    """Keep at most *most* of some evaluations, in their order: the best ones, and others evenly over their ranks."""
    if len(trials) <= most:
        return list(trials)
    ranked = sorted(range(len(trials)), key=lambda place: trials[place].value or 0.0)
    best = math.ceil(_BEST * most)
    others = ranked[best:]
    spread = [others[place * len(others) // (most - best)] for place in range(most - best)]
    return [trials[place] for place in sorted({*ranked[:best], *spread})]


def _trials(definition: TuningDefinition, parent: Parent, task: str | None) -> list[Trial]:
    sign = -1.0 if definition.objective.type is ObjectiveType.MAXIMIZE else 1.0
    succeeded = [
        child
        for child in parent.children
        if objective_status(child, parent.finals.get(child.arn)) is ObjectiveStatus.SUCCEEDED
    ]
    return [
        Trial(
            assignment=assignment,
            is_open=False,
            value=sign * parent.finals[child.arn],
            is_inherited=True,
            task=task,
        )
        for child in succeeded
        if (assignment := _inside(definition.space, child.hyperparameters)) is not None
    ]


def _inside(space: SearchSpace, hyperparameters: Mapping[str, str]) -> Assignment | None:
    """Read hyperparameters as a point of the space; None if they are outside."""
    read = {each.name: read_value(each, hyperparameters.get(each.name)) for each in space.ranges}
    point = {name: value for name, value in read.items() if value is not None}
    return point if len(point) == len(read) else None
