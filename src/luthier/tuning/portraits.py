"""What a tuning job has learned: a portrait of each of its definitions, from the rows as they are now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from luthier.records.portrait import Portrayal
from luthier.records.search_space import SearchSpace
from luthier.records.trial import Trial
from luthier.records.tuning_job import ObjectiveType, TuningDefinition, TuningJob
from luthier.store.engine import Store
from luthier.tuning.curves import CurveShelf
from luthier.tuning.early_stopping import lessons
from luthier.tuning.inheritance import inherited_trials
from luthier.tuning.lessons import parents_to_learn_from
from luthier.tuning.progress import objective_values
from luthier.tuning.trials import as_trials

Painter = Callable[[SearchSpace, Sequence[Trial], float], Portrayal]
"""Makes a portrait of trials, which are minimised; times the last argument their values are the objective's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrayed:
    """One definition with what has been learned of it."""

    definition: TuningDefinition
    portrayal: Portrayal


def portraits_of(store: Store, job: TuningJob, paint: Painter) -> tuple[Portrayed, ...]:
    """Portray every definition of a stored tuning job, in their order, whatever its strategy; nothing is written."""
    children = store.training_jobs.of_tuning_job(job.arn)
    finals = store.training_jobs.final_metrics([child.arn for child in children])
    shelf = CurveShelf()
    curves = shelf.of(store, job.specification, children) if job.specification.follows_curves else {}
    values = lessons(job.specification, children, objective_values(job.specification, children, finals), curves)
    parents = parents_to_learn_from(store, shelf, job)

    def trials(definition: TuningDefinition) -> list[Trial]:
        start = job.specification.warm_start
        inherited = inherited_trials(definition, start.type, parents) if start is not None else []
        own = [child for child in children if job.specification.definition_of(child) is definition]
        return [*inherited, *as_trials(definition, own, values)]

    return tuple(
        Portrayed(definition=each, portrayal=paint(each.space, trials(each), _sign(each)))
        for each in job.specification.definitions
    )


def _sign(definition: TuningDefinition) -> float:
    return -1.0 if definition.objective.type is ObjectiveType.MAXIMIZE else 1.0
