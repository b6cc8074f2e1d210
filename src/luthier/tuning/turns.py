"""
Which of its definitions a tuning job's next training jobs are of: fair turns.

The definition with the fewest training jobs is next; of several, the one that the caller named first. A training job
that the service itself failed was no turn. A definition with nothing left to search leaves its turns to the others.

AWS does not say how it divides a tuning job's training jobs among several algorithms.
"""

from collections import Counter

from luthier.records.status import TrainingStatus
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningDefinition
from luthier.tuning.view import TuningView


def deal(view: TuningView, count: int) -> list[TuningDefinition]:
    """Name the definition of each of the next *count* training jobs; none if every definition is exhausted."""
    specification = view.job.specification
    had = Counter(specification.definition_of(job).name for job in view.children if not _was_lost(job))
    open_to_it = [each for each in specification.definitions if each.name not in view.exhausted]
    turns: list[TuningDefinition] = []
    while open_to_it and len(turns) < count:
        following = min(open_to_it, key=lambda each: had[each.name])  # of equals, `min` gives the first
        had[following.name] += 1
        turns.append(following)
    return turns


def _was_lost(job: TrainingJob) -> bool:
    return job.status is TrainingStatus.FAILED and job.is_retryable
