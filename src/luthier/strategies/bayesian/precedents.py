"""
Where a search that knows other tasks begins: at what was best there, and at what is usual.

| own trial        | point                                                                                           |
|------------------|-------------------------------------------------------------------------------------------------|
| first            | of the best points of all tasks, the one of which the model expects most                        |
| second           | where a search without other tasks opens: the contrast by which the others are judged (`tasks`) |
| one more a task  | the best points of the others; none, once the second was better than two of them                |

So tasks that mislead cost two training jobs, in the beginning.

Source: the best configurations of earlier tuning jobs as initial design, Feurer, Springenberg and Hutter, "Initializing
Bayesian Hyperparameter Optimization via Meta-Learning", AAAI 2015.
"""

from collections.abc import Sequence

import numpy as np

from luthier.records.trial import Trial
from luthier.strategies.bayesian.belief import Belief
from luthier.strategies.encoding import Encoding
from luthier.strategies.scale import Array


def precedents(encoding: Encoding, opening: Array, trials: Sequence[Trial], belief: Belief | None) -> list[Array]:
    """
    Give the points (d,) that come next, in this order; *opening* is where a search without other tasks opens.

    Of other tasks that are not believed, of contrary ones and of none, there is nothing to try.
    """
    bests = _bests(trials)
    own = [trial for trial in trials if trial.task is None]
    if not bests or len(own) > len(bests) or (belief is not None and not belief.follows_tasks) or _have_failed(own):
        return []
    points = encoding.encode(trial.assignment for trial in bests)
    if belief is not None:
        points = points[np.argsort(belief.mean(points), kind="stable")]
    return [points[0], opening, *points[1:]][len(own) :] if len(own) < 2 else [*points]


def _have_failed(own: Sequence[Trial]) -> bool:
    """Whether the opening, second of the *own* trials, was better than all others, two at least; open ones may win."""
    if len(own) < 3 or own[1].value is None:
        return False
    bests = [own[0], *own[2:]]
    return all(not trial.is_open and (trial.value is None or trial.value > own[1].value) for trial in bests)


def _bests(trials: Sequence[Trial]) -> list[Trial]:
    """Give the best trial of each other task, in the order of the tasks."""
    best: dict[str, Trial] = {}
    for trial in trials:
        if trial.task is not None and trial.value is not None:
            present = best.get(trial.task)
            if present is None or present.value is None or trial.value < present.value:
                best[trial.task] = trial
    return list(best.values())
