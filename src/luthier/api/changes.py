"""
How much of what a tuning job fixes is not as its parent had it.

| hyperparameter, in the parent | in the child   | changes                                          |
|-------------------------------|----------------|--------------------------------------------------|
| categorical range             | static         | as many as the range had values                  |
| numeric range                 | static         | 1                                                |
| static, a number              | another number | 1                                                |
| static, another text          | another text   | 2: it is a category, and one becomes the other   |
| static                        | a range        | 0                                                |

AWS: "Run a Warm Start Hyperparameter Tuning Job", Amazon SageMaker Developer Guide, which counts two values made
static, and red made blue, as two changes each.
"""

from luthier.records.names import OBJECTIVE_HYPERPARAMETER
from luthier.records.search_space import CategoricalRange
from luthier.records.tuning_job import TuningDefinition


def changes_of_static(child: TuningDefinition, parent: TuningDefinition) -> int:
    """Count the changes of the hyperparameters that the child fixes; all of them are in the parent too."""
    tuned = {each.name: each for each in parent.space.ranges}
    count = 0
    for name, value in child.static_hyperparameters.items():
        if name == OBJECTIVE_HYPERPARAMETER:
            continue
        before = tuned.get(name)
        if before is not None:
            count += len(before.choices) if isinstance(before, CategoricalRange) else 1
        else:
            count += _changes_of(parent.static_hyperparameters[name], value)
    return count


def _changes_of(before: str, now: str) -> int:
    if before == now:
        return 0
    return 1 if _is_number(before) and _is_number(now) else 2


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
