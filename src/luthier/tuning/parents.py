"""Finding the tuning jobs that a tuning job learns from."""

from luthier.records.tuning_job import TuningJob
from luthier.store.engine import Store
from luthier.tuning.progress import objective_values
from luthier.tuning.view import Parent


def parents_of(store: Store, job: TuningJob) -> tuple[Parent, ...]:
    """
    Give the parents of a warm-started tuning job that are still there, in the caller's order; () without warm start.

    Parents' own parents are not read. A tuning job that has been made anew under a deleted parent's name is none: a
    parent was over before its child was created.
    """
    start = job.specification.warm_start
    if start is None:
        return ()
    found = [parent for arn in start.parents if (parent := store.tuning_jobs.get(arn)) is not None]
    jobs = [each for each in found if each.ended_at is not None and each.ended_at <= job.created_at]
    families = store.training_jobs.of_tuning_jobs([each.arn for each in jobs])
    finals = store.training_jobs.final_metrics([child.arn for each in families.values() for child in each])
    return tuple(
        Parent(
            job=each,
            children=tuple(families[each.arn]),
            finals=objective_values(each.specification, families[each.arn], finals),
        )
        for each in jobs
    )
